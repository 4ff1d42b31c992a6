"""The sample county works together: a campaign with its office, matters of the work committee, a division of work."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post, Role
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.campaigns import actions as campaigns
from zhibu.web.core.scope import Scope
from zhibu.web.liaison import actions as liaison
from zhibu.web.organisations import supervision, tree
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.parties import actions as parties
from zhibu.web.records.models import Record

WHY = "making the sample county"
DIVISION = {"leads": ["committee"], "owns": ["work_committee"], "supports": ["party_group"], "implements": ["branch"]}
RULES = ("theme-day", "general-meeting", "committee-meeting", "secretary-lecture")


def fill(*, officer: Scope, branch: Scope, clerk: Post, today: date) -> None:
    """`officer`: of the county; `branch`: whose secretary settles a return; `clerk`: drawn into the office."""
    _campaign(officer, branch, clerk, today)
    _matters(today)
    for rule in RULES:
        parties.divide(
            by=officer, rulebook="branch-life", rule=rule, parts=DIVISION, document=f"青示〔{today.year}〕6号（示例）"
        )


def _campaign(officer: Scope, branch: Scope, clerk: Post, today: date) -> None:
    here = Organisation.objects.unscoped(WHY).get(pk=branch.organisation_id)
    beside = Organisation.objects.unscoped(WHY).filter(kind=Kind.BRANCH, path__startswith=here.path[: -here.steplen])
    units = list(beside.order_by("path")[:6])
    units += [here] if here not in units else []
    made = campaigns.begin(
        by=officer, name="支部建设提升月（示例）", document=f"青示〔{today.year}〕9号（示例）",
        starts_on=today - timedelta(days=45), ends_on=today + timedelta(days=30), units=units,
        minutes=40,
    )  # fmt: skip
    seat = campaigns.staff(by=officer, campaign=made, user=clerk.user, units=units)
    office = scope_of(seat.post, today)
    days = (made.starts_on, made.ends_on)
    records = Record.objects.within(office).filter(organisation=here, held_on__range=days, withdrawn_at=None)
    found = list(records.order_by("-held_on")[:2])
    if found:
        campaigns.send_back(by=office, campaign=made, record=found[0], text="缺请假人数，请补上")
    if len(found) > 1:
        said = campaigns.annotate(by=office, campaign=made, record=found[1], text="内容写得具体，可以给邻村看看")
        campaigns.reply(by=branch, remark=said, text="好，月底一起交流")


def plant(today: date) -> None:
    """A work committee, an organ committee it looks after, the leading group that guides it; their posts."""
    county = Organisation.objects.unscoped(WHY).get(depth=1)
    work = _body(county, "青川县直机关工委（示例）", Kind.WORK_COMMITTEE)
    organ = _body(county, "青川县水务局机关党委（示例）", Kind.ORGAN_COMMITTEE)
    group = _body(county, "青川县水务局党组（示例）", Kind.PARTY_GROUP)
    since = date(today.year - 1, 1, 1)
    for kind, above in (("organ", work), ("guided", group)):
        supervision.begin(
            by=system_scope(), organisation=organ, superior=above, kind=kind, starts_on=since, document="示例"
        )
    _post(work, "organs", "孙干事", Role.COMMITTEE_OFFICER, since)
    _post(group, "water", "何书记", Role.SECRETARY, since)


def _matters(today: date) -> None:
    posts = Post.objects.unscoped(WHY).select_related("organisation", "user")
    clerk, secretary = (scope_of(posts.get(user__username=word), today) for word in ("organs", "water"))
    group = Organisation.objects.unscoped(WHY).get(pk=secretary.organisation_id)
    asked = liaison.send(
        by=clerk,
        to=group,
        subject="机关党委换届人选酝酿",
        text="请党组研究后答复意见。",
        due_on=today + timedelta(days=9),
    )
    liaison.reply(by=secretary, matter=asked, text="已研究，同意所报方案。")
    liaison.send(
        by=clerk, to=group, subject="下半年党建工作情况", text="请告知党组研究机关党建的情况，一页即可。",
        due_on=today + timedelta(days=2),
    )  # fmt: skip


def _body(county: Organisation, name: str, kind: str) -> Organisation:
    number = Organisation.objects.unscoped(WHY).count() + 1
    return tree.plant(
        parent=county, code=f"QCS{number:05d}", name=name, kind=kind, sector=Sector.ORGAN, founded_on=date(2015, 1, 1)
    )


def _post(place: Organisation, username: str, name: str, role: str, since: date) -> None:
    user, _ = register(username=username, name=name)
    appoint(by=system_scope(), user=user, organisation=place, role=role, starts_on=since)
