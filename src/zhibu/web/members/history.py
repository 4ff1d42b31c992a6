"""How a member stood on a day. The row of the member says how it is now, `MemberChange` how it was until the day before
a change: so a member has one state on every day, and is on one roster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from zhibu.web.audit.actions import Unfit
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import held
from zhibu.web.members.models import Member, MemberChange, MemberKind
from zhibu.web.organisations.models import Organisation

DAY = timedelta(days=1)
WHY = "of a member looked up within the scope"


def since(member: Member) -> date | None:
    """The first day of the state of now; None: from the start."""
    rows = MemberChange.objects.unscoped(WHY).filter(member=member, until__isnull=False)
    last = rows.order_by("-until").values_list("until", flat=True).first()
    days = [one for one in (last and last + DAY, member.arrived_on) if one]
    return max(days, default=None)


def check_day(member: Member, on: date) -> None:
    """Raises Unfit: in the future, before the member joined or left, or before the state of now began."""
    if on > clock.today():
        raise Unfit("on", f"{on} 还没有到，填写已经发生的日期")
    if on < member.joined_on:
        raise Unfit("on", f"{on} 早于加入党组织日期 {member.joined_on}，核对两个日期")
    if member.left_on:
        raise Unfit("on", f"{member.name} 已于 {member.left_on} 离开名册")
    begun = since(member)
    if begun and on < begun:
        raise Unfit("on", f"上一次变动从 {begun} 起，这次不能更早；先核对日期")


def change(member: Member, what: MemberChange.What, on: date, document: str = "", **values: Any) -> MemberChange:
    """From `on` the member has these values (organisation, kind, employment and columns that go with them); until the
    day before, those it had. Does not save an audit line: actions do."""
    begun = since(member)
    until = on - DAY if values and (begun is None or begun < on) else None
    line = MemberChange.objects.create(
        member=member, organisation=member.organisation, what=what, on=on, document=document, kind=member.kind,
        employment=member.employment, since=begun if until else None, until=until,
    )  # fmt: skip
    for name, value in values.items():
        setattr(member, name, value)
    if values:
        member.save(update_fields=sorted(values))
    return line


def changes(
    rows: Iterable[tuple[Member, Mapping[str, Any], date | None]], today: date, document: str
) -> list[MemberChange]:
    """The steps of many members at once, not stored: (member as it is, what it will be, the day of another work).

    Full membership begins on the day given as `full_on`. A step without a day is of today; one before the state of now
    began is noted, and changes no former day. What was empty before was not known: filling it in is no step.
    """
    told = []
    for member, values, on in rows:
        kind, work = values.get("kind") or member.kind, values.get("employment") or member.employment
        if member.kind == MemberKind.PROBATIONARY and kind == MemberKind.FULL:
            told.append((member, MemberChange.What.FULL, values.get("full_on") or today))
        if member.employment and work != member.employment:
            told.append((member, MemberChange.What.WORK, on or today))
    keys = sorted({member.pk for member, _, _ in told})
    ended: dict[int, date] = {}
    for some in batched(keys, 500):
        lines = MemberChange.objects.unscoped(WHY).filter(member__in=some, until__isnull=False)
        ended.update(lines.order_by().values_list("member").annotate(last=Max("until")))
    made: list[MemberChange] = []
    now: dict[int, tuple[date | None, str]] = {}  # since when, and as which kind, after the steps so far
    for member, what, on in sorted(told, key=lambda one: (one[0].pk, one[2])):
        last = ended.get(member.pk)
        begun = max((one for one in (last and last + DAY, member.arrived_on) if one), default=None)
        begun, kind = now.get(member.pk, (begun, member.kind))
        until = on - DAY if begun is None or begun < on else None
        made.append(
            MemberChange(
                member=member, organisation_id=member.organisation_id, what=what, on=on, document=document,
                kind=kind, employment=member.employment, since=begun if until else None, until=until,
            )
        )  # fmt: skip
        now[member.pk] = (on if until else begun, MemberKind.FULL if what == MemberChange.What.FULL else kind)
    return made


def noted(member: Member, what: MemberChange.What, on: date, document: str = "") -> MemberChange:
    """A dated step after which the state is the same."""
    return change(member, what, on, document)


@dataclass(frozen=True, slots=True)
class Then:
    """A member as of a day."""

    pk: int
    name: str
    organisation: str
    path: str
    kind: str
    employment: str
    joined_on: date


def roster_on(scope: Scope, day: date, area: Organisation | None = None) -> list[Then]:
    """Who was on which roster of the reach on a day, by organisation and name. Each member once."""
    now = _inside(_now(Member.objects.within(scope), day), area)
    then = _inside(_then(MemberChange.objects.within(scope), day), area)
    names = ("organisation__name", "organisation__path", "kind", "employment")
    rows = [Then(*row) for row in now.values_list("pk", "name", *names, "joined_on")]
    rows += [Then(*row) for row in then.values_list("member", "member__name", *names, "member__joined_on")]
    return sorted(rows, key=lambda one: (one.path, one.name, one.pk))


def how_many_on(scope: Scope, day: date, area: Organisation | None = None) -> int:
    """The same as a number."""
    now = _inside(_now(Member.objects.within(scope), day), area)
    then = _inside(_then(MemberChange.objects.within(scope), day), area)
    return now.count() + then.order_by().values("member").distinct().count()


def _now(rows: QuerySet[Member], day: date) -> QuerySet[Member]:
    """Whose state of now held already on the day."""
    later = MemberChange.objects.unscoped("whether a state is over").filter(member=OuterRef("pk"), until__gte=day)
    return rows.filter(held(day, starts="arrived_on", ends="left_on"), joined_on__lte=day).exclude(Exists(later))


def _then(rows: QuerySet[MemberChange], day: date) -> QuerySet[MemberChange]:
    return rows.filter(held(day, starts="since", ends="until"), until__isnull=False, member__joined_on__lte=day)


def _inside[M: (Member, MemberChange)](rows: QuerySet[M], area: Organisation | None) -> QuerySet[M]:
    return rows.filter(subtree("organisation__path", area.path)) if area else rows


def steps(member: Member) -> QuerySet[MemberChange]:
    """The dated steps of a member that was reached, the last first."""
    return (
        MemberChange.objects.unscoped(WHY).filter(member=member).select_related("organisation").order_by("-on", "-pk")
    )


def of_members(day: date) -> Q:
    """Rows about members on the roster that day (column `member`)."""
    return Q(member__left_on=None) | Q(member__left_on__gte=day)
