"""Plans, and what became of their items: read from the records, never ticked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.plans.models import Plan, PlanItem
from zhibu.web.records.models import Record

LINKED, FIRST = "手工连上的", "当月第一条同类记录"


@dataclass(frozen=True, slots=True)
class Done:
    """An item and the record that did it."""

    item: PlanItem
    record: Record | None
    how: str
    over: bool  # its month has ended

    @property
    def status(self) -> str:
        return "done" if self.record else "late" if self.over else "todo"

    @property
    def says(self) -> str:
        return "办了" if self.record else "没有记录" if self.over else "还没到"


@dataclass(frozen=True, slots=True)
class Rate:
    """计划完成: of all items, of those whose month has ended or that are done already."""

    planned: int
    due: int
    done: int

    @property
    def share(self) -> float | None:
        return self.done / self.due if self.due else None

    @property
    def says(self) -> str:
        return f"{self.planned} 项，到现在该办 {self.due} 项，办了 {self.done} 项"


def own(scope: Scope) -> Organisation | None:
    """The organisation of the post, where the action may be done there."""
    return Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()


def plans(scope: Scope) -> QuerySet[Plan]:
    return Plan.objects.within(scope).select_related("organisation").order_by("-year", "organisation__path")


def expected(scope: Scope) -> QuerySet[Organisation]:
    """Branches within reach that are not dissolved: each is to have a plan."""
    return Organisation.objects.within(scope).filter(kind__in=BRANCH_KINDS, dissolved_on=None).order_by("path")


def listed(scope: Scope, year: int, state: str = "") -> QuerySet[Organisation]:
    """Those of the list: branches, and others that have a plan of the year. `state`: none, or a state of a plan."""
    having = plans(scope).filter(year=year)
    rows = expected(scope) | Organisation.objects.within(scope).filter(pk__in=having.values("organisation"))
    if state == "none":
        rows = rows.exclude(pk__in=having.values("organisation"))
    elif state:
        rows = rows.filter(pk__in=having.filter(state=state).values("organisation"))
    return rows.distinct().order_by("path")


def of_year(scope: Scope, places: Iterable[Organisation], year: int) -> dict[int, Plan]:
    rows = plans(scope).filter(year=year, organisation__in=[one.pk for one in places])
    return {one.organisation_id: one for one in rows}


def progress(scope: Scope, chosen: Sequence[Plan]) -> dict[int, list[Done]]:
    """Of each plan its items with their records; two queries, however many plans."""
    items = PlanItem.objects.within(scope).filter(plan__in=chosen).select_related("theme")
    by_plan: dict[int, list[PlanItem]] = defaultdict(list)
    for item in items:
        by_plan[item.plan_id].append(item)
    held = records_of(scope, chosen)
    return {one.pk: match(by_plan[one.pk], held[(one.organisation_id, one.year)], one.year, scope.on) for one in chosen}


def records_of(scope: Scope, chosen: Sequence[Plan]) -> dict[tuple[int, int], list[Record]]:
    wanted = Q(pk__in=[])
    for year in {one.year for one in chosen}:
        places = [one.organisation_id for one in chosen if one.year == year]
        wanted |= Q(organisation__in=places, held_on__year=year)
    rows = Record.objects.within(scope).filter(wanted, withdrawn_at=None).order_by("held_on", "pk")
    held: dict[tuple[int, int], list[Record]] = defaultdict(list)
    for row in rows.defer("content"):
        held[(row.organisation_id, row.held_on.year)].append(row)
    return held


def match(items: Sequence[PlanItem], held: Sequence[Record], year: int, today: date) -> list[Done]:
    """Linked records first; each other record does the first item of its month that shares a type with it and one item
    only of the same types."""
    by_pk = {one.pk: one for one in held}
    linked = {item.pk: by_pk[item.record_id] for item in items if item.record_id in by_pk}
    taken = {(linked[item.pk].pk, kind) for item in items if item.pk in linked for kind in item.types}
    found = []
    for item in sorted(items, key=lambda one: (one.month, one.day or 32, one.pk)):
        record = linked.get(item.pk) or _first(item, held, taken)
        if record:
            taken |= {(record.pk, kind) for kind in item.types}
        how = "" if record is None else LINKED if item.pk in linked else FIRST
        found.append(Done(item, record, how, (year, item.month) < (today.year, today.month)))
    return found


def _first(item: PlanItem, held: Sequence[Record], taken: set[tuple[int, str]]) -> Record | None:
    for record in held:
        shared = set(item.types) & set(record.types)
        if record.held_on.month == item.month and any((record.pk, kind) not in taken for kind in shared):
            return record
    return None


def rate(found: Sequence[Done]) -> Rate:
    done = sum(one.record is not None for one in found)
    return Rate(len(found), sum(one.over or one.record is not None for one in found), done)


def linkable(scope: Scope, item: PlanItem) -> QuerySet[Record]:
    """Records of the year that may be linked to an item by hand: those with one of its types are looked for first."""
    rows = Record.objects.within(scope).filter(
        organisation=item.plan.organisation_id, held_on__year=item.plan.year, withdrawn_at=None
    )
    return rows.order_by("held_on", "pk").defer("content")
