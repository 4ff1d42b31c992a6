"""A meeting is announced, changed, called off; who has been told; which preparation it had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.models import MeetingNotice, PlanItem, Told
from zhibu.web.plans.queries import meetings as queries
from zhibu.web.records.models import Record

FIELDS = ("types", "topic", "on", "starts_at", "ends_at", "place", "host", "who", "others", "note")
ELSEWHERE = "只能发和改本组织的通知"


@action("plans.keep")
def announce(*, by: Scope, item: PlanItem | None, facts: Mapping[str, Any]) -> MeetingNotice:
    """A notice, from an item of the own plan or by itself. Raises Unfit for a day that is over."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if facts["on"] < by.on:
        raise Unfit("on", f"{facts['on']} 已经过了；开过的会直接记活动")
    mine = PlanItem.objects.within(by).filter(plan__organisation=own)
    of = reached(mine, item.pk, ELSEWHERE) if item else None
    told = {name: facts.get(name) for name in FIELDS}
    _sure(told)
    made = MeetingNotice.objects.create(organisation=own, item=of, first_on=told["on"], sent_on=by.on, **told)
    _write(by, made, f"发会议通知：{made.on} {made}", new=told)
    return made


@action("plans.keep")
def change(*, by: Scope, meeting: MeetingNotice, facts: Mapping[str, Any], why: str) -> MeetingNotice:
    """Another day, place or agenda, with the reason; who was told has to be told again. Raises Unfit."""
    kept = _open(by, meeting)
    if facts["on"] < by.on:
        raise Unfit("on", f"{facts['on']} 已经过了；改到今天或以后，或取消这次会")
    told = {name: facts.get(name) for name in FIELDS}
    _sure(told)
    old = {name: getattr(kept, name) for name in FIELDS if getattr(kept, name) != told[name]}
    if not old:
        raise Unfit("why", "没有改动")
    for name, value in told.items():
        setattr(kept, name, value)
    kept.changed_on, kept.changed_why = by.on, why
    kept.save()
    Told.objects.unscoped("of the notice in hand").filter(meeting=kept).delete()
    _write(by, kept, f"改会议通知：{kept}：{why}", old=old, new={name: told[name] for name in old} | {"why": why})
    return kept


@action("plans.keep")
def cancel(*, by: Scope, meeting: MeetingNotice, why: str) -> MeetingNotice:
    """Called off, with the reason. Raises Unfit when it was already."""
    kept = _open(by, meeting)
    kept.cancelled_on, kept.cancelled_why = by.on, why
    kept.save(update_fields=["cancelled_on", "cancelled_why"])
    _write(by, kept, f"取消会议：{kept.on} {kept}：{why}", new={"why": why})
    return kept


@action("plans.keep")
def restore(*, by: Scope, meeting: MeetingNotice) -> MeetingNotice:
    """The meeting takes place after all. Raises Unfit when it is over or was not called off."""
    kept = _own(by, meeting)
    if not kept.cancelled_on or kept.on < by.on:
        raise Unfit("why", "没有取消，或日子已经过了")
    kept.cancelled_on, kept.cancelled_why = None, ""
    kept.save(update_fields=["cancelled_on", "cancelled_why"])
    _write(by, kept, f"恢复会议：{kept.on} {kept}")
    return kept


@action("plans.keep")
def tell(*, by: Scope, meeting: MeetingNotice, members: Iterable[Member]) -> int:
    """These have been told, and nobody else; how many. Raises Unfit for somebody who is not expected."""
    kept = _open(by, meeting)
    chosen, expected = {one.pk for one in members}, {one.pk for one in queries.expected(by, kept)}
    if not chosen <= expected:
        raise Unfit("members", "名单里有不在应到之列的人，重新打开这页")
    rows = Told.objects.unscoped("of the notice in hand").filter(meeting=kept)
    rows.exclude(member__in=chosen).delete()
    Told.objects.bulk_create(
        [Told(meeting=kept, member_id=one, on=by.on) for one in sorted(chosen)], ignore_conflicts=True
    )
    _write(by, kept, f"会议 {kept.on} {kept}：已通知 {len(chosen)} 人", new={"people": len(chosen)})
    return len(chosen)


@action("plans.keep")
def prepare(*, by: Scope, meeting: MeetingNotice, record: Record | None) -> MeetingNotice:
    """Link the record of the 活动日前会议; one that is not before the day stays linked and is flagged."""
    kept = _own(by, meeting)
    chosen = None
    if record:
        rows = queries.preparations(by, kept.organisation_id, kept.on)
        chosen = reached(rows, record.pk, "不是本组织近期的准备会或支委会记录")
    kept.preparation = chosen
    kept.save(update_fields=["preparation"])
    _write(by, kept, f"会议 {kept.on} {kept} 连准备会", new={"record": chosen.number if chosen else ""})
    return kept


def _sure(told: dict[str, Any]) -> None:
    if told["who"] == MeetingNotice.Who.OTHERS and not told["others"]:
        raise Unfit("others", "写明谁参加")
    if told["starts_at"] and told["ends_at"] and told["ends_at"] <= told["starts_at"]:
        raise Unfit("ends_at", f"结束时间 {told['ends_at']:%H:%M} 不晚于开始时间 {told['starts_at']:%H:%M}")


def _own(by: Scope, meeting: MeetingNotice) -> MeetingNotice:
    rows = MeetingNotice.objects.within(by).filter(organisation=by.organisation_id).select_for_update(of=("self",))
    return reached(rows.select_related("organisation"), meeting.pk, ELSEWHERE)


def _open(by: Scope, meeting: MeetingNotice) -> MeetingNotice:
    kept = _own(by, meeting)
    if kept.cancelled_on:
        raise Unfit("why", f"{kept.cancelled_on} 已经取消")
    return kept


def _write(by: Scope, meeting: MeetingNotice, sentence: str, **values: dict[str, Any] | None) -> None:
    write(
        by=by, action="plans.keep", sentence=sentence, thing=meeting, organisation=meeting.organisation,
        happened_on=by.on, **values,
    )  # fmt: skip
