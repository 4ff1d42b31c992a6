"""A committee opens a campaign and staffs its office; the office remarks on records; a unit replies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from zhibu.web.access import actions as posts
from zhibu.web.access.models import Post, Role
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.burden.actions import charge
from zhibu.web.campaigns import queries
from zhibu.web.campaigns.models import Campaign, Enrolment, OfficeStaff, Remark
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

DAY = timedelta(days=1)
ELSEWHERE = "只能在自己参加的活动里答复"


@action("campaigns.keep")
def begin(
    *, by: Scope, name: str, document: str, starts_on: date, ends_on: date, units: Iterable[Organisation],
    minutes: int | None = None,
) -> Campaign:  # fmt: skip
    """A campaign of the own organisation. `minutes`: what it costs a unit, as its sender has weighed it.

    Raises Unfit for its days, NotAllowed for a unit out of reach.
    """
    units = list(units)
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if ends_on < starts_on:
        raise Unfit("ends_on", "结束日期不能早于开始日期")
    made = Campaign.objects.create(organisation=own, name=name, document=document, starts_on=starts_on, ends_on=ends_on)
    codes = _enrol(by, made, units)
    _weighed(by, made, units, minutes)
    new = {"document": document, "minutes": minutes, "starts_on": starts_on, "ends_on": ends_on, "units": codes}
    _write(by, made, f"开展专项活动：{name}，{len(codes)} 个单位", new=new, happened_on=starts_on)
    return made


@action("campaigns.keep")
def change(
    *, by: Scope, campaign: Campaign, ends_on: date, document: str, units: Iterable[Organisation],
    minutes: int | None = None,
) -> Campaign:  # fmt: skip
    """Another last day, other units. The office's posts follow: their last day moves with it, units that left are no
    longer theirs. Raises Unfit."""
    kept = _own(by, campaign)
    if ends_on < max(kept.starts_on, by.on):
        raise Unfit("ends_on", "结束日期最早是今天；要立即收回权限，就撤下办公室人员")
    old = {"ends_on": kept.ends_on, "document": kept.document}
    for seat in _seats(kept):
        if seat.post.ends_on == kept.ends_on and kept.ends_on >= by.on:  # who left earlier stays away
            posts.stop(seat.post, ends_on)
    kept.ends_on, kept.document = ends_on, document
    kept.save(update_fields=["ends_on", "document"])
    units = list(units)
    codes = _enrol(by, kept, units)
    _weighed(by, kept, units, minutes)
    new = {"ends_on": ends_on, "document": document, "units": codes}
    _write(by, kept, f"调整专项活动：{kept.name}", old=old, new=new, happened_on=by.on)
    return kept


@action("campaigns.keep")
def staff(*, by: Scope, campaign: Campaign, user: User, units: Iterable[Organisation]) -> OfficeStaff:
    """Put somebody into the office, or give who is there other units. The post lasts till the campaign's end.

    Raises Unfit: over, not an office-holder in reach, a unit that takes no part. The rest as `posts.appoint`.
    """
    kept, chosen = _own(by, campaign), list(units)
    if kept.ends_on < by.on:
        raise Unfit("username", f"活动 {kept.ends_on} 已经结束")
    if not Post.objects.within(by).filter(held(by.on), user=user).exists():
        raise Unfit("username", "办公室人员要从管理范围内在任的人里抽调")
    there = set(kept.enrolments.unscoped("of the campaign in hand").values_list("organisation", flat=True))
    if apart := [one.name for one in chosen if one.pk not in there]:
        raise Unfit("units", f"没有参加这次活动：{'、'.join(apart[:5])}")
    seat = next((one for one in _seats(kept) if one.post.user_id == user.pk and one.post.ends_on >= by.on), None)
    if seat is None:
        post = posts.appoint(
            by=by.doing("posts.appoint"), user=user, organisation=kept.organisation, role=Role.CAMPAIGN_STAFF,
            starts_on=max(by.on, kept.starts_on), ends_on=kept.ends_on, document=kept.document, points=chosen,
        )  # fmt: skip
        seat = OfficeStaff.objects.create(campaign=kept, post=post)
    elif user.pk == by.user_id:
        raise NotAllowed("自己的职务由上级任免")
    elif not chosen:
        raise Unfit("units", "写明负责哪些单位")
    else:
        for unit in chosen:
            reached(Organisation.objects.within(by), unit.pk)
        seat.post.points.clear()
        seat.post.points.add(*chosen)
    new = {"user": user.pk, "units": [one.code for one in chosen]}
    _write(by, kept, f"安排专项活动办公室人员：{user.name}，{len(chosen)} 个单位", new=new, happened_on=by.on)
    return seat


@action("campaigns.keep")
def dismiss(*, by: Scope, campaign: Campaign, seat: OfficeStaff) -> None:
    """Out of the office at once: the post ended yesterday. One that began today ends today, without units."""
    kept = _own(by, campaign)
    here = reached(OfficeStaff.objects.within(by).filter(campaign=kept).select_related("post__user"), seat.pk)
    posts.end(
        by=by.doing("posts.end"), post=here.post, ends_on=max(here.post.starts_on, by.on - DAY), document=kept.document
    )
    if here.post.starts_on >= by.on:
        here.post.points.clear()
    _write(
        by, kept, f"撤下专项活动办公室人员：{here.post.user.name}", old={"user": here.post.user_id}, happened_on=by.on
    )


@action("campaigns.annotate")
def annotate(*, by: Scope, campaign: Campaign, record: Record, text: str) -> Remark:
    """A note beside a record; nothing waits for it. Raises NotAllowed out of reach, Unfit when the campaign is over."""
    return _say(by, campaign, record, Remark.Kind.NOTE, text, "campaigns.annotate")


@action("campaigns.return")
def send_back(*, by: Scope, campaign: Campaign, record: Record, text: str) -> Remark:
    """Ask the unit to correct a record. Verdicts stay as they are. Raises as `annotate`, Unfit when one is open."""
    if Remark.objects.within(by).filter(queries.OPEN, record=record).exists():
        raise Unfit("text", "已经退回过，单位还没有处理")
    return _say(by, campaign, record, Remark.Kind.RETURN, text, "campaigns.return")


@action("campaigns.reply")
def reply(*, by: Scope, remark: Remark, text: str) -> Remark:
    """The unit's own answer, once; to a return it says why the record stays as it is. Raises Unfit, NotAllowed."""
    rows = Remark.objects.within(by).filter(record__organisation=by.organisation_id).select_related("record")
    kept = reached(rows.select_for_update(of=("self",)), remark.pk, ELSEWHERE)
    if kept.replied_on:
        raise Unfit("reply", f"{kept.replied_on} 已经答复")
    kept.reply, kept.replied_on = text, by.on
    kept.save(update_fields=["reply", "replied_on"])
    write(
        by=by, action="campaigns.reply", sentence=f"答复{kept.get_kind_display()}：{kept.record.number}", thing=kept,
        organisation=kept.record.organisation, new={"reply": text}, happened_on=by.on,
    )  # fmt: skip
    return kept


def _say(by: Scope, campaign: Campaign, record: Record, kind: str, text: str, word: str) -> Remark:
    kept = reached(queries.campaigns(by), campaign.pk, "不在这次活动的办公室")
    if not kept.runs(by.on):
        raise Unfit("text", f"活动 {kept.starts_on} 至 {kept.ends_on}，今天不能批注和退回")
    about = reached(queries.records(by, kept), record.pk, "不是这次活动里自己负责的记录")
    made = Remark.objects.create(
        campaign=kept, record=about, kind=kind, text=text, said_on=by.on, version=about.version,
        said_by=f"{kept.organisation.short_name or kept.organisation.name}活动办公室",
    )  # fmt: skip
    write(
        by=by, action=word, sentence=f"{made.get_kind_display()}活动记录 {about.number}：{text}", thing=made,
        organisation=about.organisation, new={"kind": kind, "campaign": kept.pk}, happened_on=by.on,
    )  # fmt: skip
    return made


def _weighed(by: Scope, campaign: Campaign, units: list[Organisation], minutes: int | None) -> None:
    """Keep what it costs the units, as its sender has seen it."""
    if minutes:
        charge(
            by=by, thing=campaign, kind="专项活动", title=campaign.name, units=len({unit.pk for unit in units}),
            minutes=minutes, starts_on=campaign.starts_on, ends_on=campaign.ends_on,
            to={"units": [unit.pk for unit in units]},
        )  # fmt: skip


def _own(by: Scope, campaign: Campaign) -> Campaign:
    rows = Campaign.objects.within(by).filter(organisation=by.organisation_id)
    return reached(rows.select_related("organisation"), campaign.pk, "只能调整本级开展的活动")


def _seats(campaign: Campaign) -> list[OfficeStaff]:
    return list(campaign.staff.unscoped("of the campaign in hand").select_related("post__user"))


def _enrol(by: Scope, campaign: Campaign, units: list[Organisation]) -> list[str]:
    """These units and no others. Raises NotAllowed out of reach, Unfit when there is none. Gives their codes."""
    if not units:
        raise Unfit("units", "至少写一个参加单位")
    chosen = list(Organisation.objects.within(by).filter(pk__in=[one.pk for one in units]))
    if len(chosen) < len({one.pk for one in units}):
        raise NotAllowed("参加单位不在本级管理范围内")
    rows = campaign.enrolments.unscoped("of the campaign in hand")
    rows.exclude(organisation__in=chosen).delete()
    Enrolment.objects.bulk_create(
        [Enrolment(campaign=campaign, organisation=one) for one in chosen], ignore_conflicts=True
    )
    for seat in _seats(campaign):
        gone = seat.post.points.through.objects.filter(post=seat.post).exclude(organisation__in=chosen)
        gone.delete()
    return sorted(one.code for one in chosen)


def _write(by: Scope, campaign: Campaign, sentence: str, **values: object) -> None:
    write(
        by=by, action="campaigns.keep", sentence=sentence, thing=campaign, organisation=campaign.organisation, **values
    )
