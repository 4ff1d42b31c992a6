"""主题目录: which bind an organisation, and the matrix of branches × themes."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import overlapping
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.models import Cycle, CycleTheme, Served
from zhibu.web.plans.queries.plans import expected
from zhibu.web.records.models import Record

BELOW = "a superior's list is read below it"


@dataclass(frozen=True, slots=True)
class Row:
    """A branch in the matrix: how many of its records served each set theme, and its own themes."""

    place: Organisation
    cells: list[tuple[CycleTheme, int]]
    own: list[tuple[str, int]]
    alert: bool

    @property
    def undone(self) -> list[str]:
        return [theme.name for theme, number in self.cells if not number]

    @property
    def status(self) -> str:
        return "done" if not self.undone else "late" if self.alert else "todo"

    @property
    def says(self) -> str:
        return f"还差 {len(self.undone)} 个" if self.undone else "规定主题都做了"


def above(scope: Scope) -> list[str]:
    """Paths of the superiors of the own organisation, whose lists bind it."""
    here = Organisation.objects.unscoped("the own organisation").filter(pk=scope.organisation_id).first()
    return tree.ancestor_paths(here.path) if here else []


def cycles(scope: Scope) -> QuerySet[Cycle]:
    """Of the reach, and of the superiors that bind the own organisation."""
    rows = Cycle.objects.unscoped(BELOW)
    rows = rows.filter(scope.where("organisation__path") | Q(organisation__path__in=above(scope)))
    return rows.select_related("organisation").order_by("-ends_on", "-pk")


def binding(place: Organisation, on: date) -> QuerySet[Cycle]:
    """Those in force at an organisation found within reach."""
    paths = [*tree.ancestor_paths(place.path), place.path]
    return Cycle.objects.unscoped(BELOW).filter(organisation__path__in=paths, starts_on__lte=on, ends_on__gte=on)


def themes(cycle: Cycle) -> QuerySet[CycleTheme]:
    """Set themes of a cycle found already."""
    return CycleTheme.objects.unscoped(BELOW).filter(cycle=cycle, required=True, dropped_on=None)


def choices(place: Organisation, on: date) -> QuerySet[CycleTheme]:
    """What a record of that day may be ticked for: set themes that bind the place, and its own."""
    rows = CycleTheme.objects.unscoped(BELOW).filter(cycle__in=binding(place, on), dropped_on=None)
    return rows.filter(Q(required=True) | Q(organisation=place)).select_related("cycle")


def of_year(place: Organisation, year: int) -> QuerySet[CycleTheme]:
    """What a plan of that year may name: themes of cycles that overlap it."""
    paths = [*tree.ancestor_paths(place.path), place.path]
    spans = overlapping(date(year, 1, 1), date(year, 12, 31))
    rows = Cycle.objects.unscoped(BELOW).filter(spans, organisation__path__in=paths)
    found = CycleTheme.objects.unscoped(BELOW).filter(cycle__in=rows, dropped_on=None)
    return found.filter(Q(required=True) | Q(organisation=place)).select_related("cycle")


def served_by(scope: Scope, record: Record) -> list[CycleTheme]:
    rows = Served.objects.within(scope).filter(record=record).select_related("theme")
    return [one.theme for one in rows.order_by("theme")]


def places(scope: Scope, cycle: Cycle) -> QuerySet[Organisation]:
    return expected(scope).filter(subtree("path", cycle.organisation.path))


def matrix(scope: Scope, cycle: Cycle, shown: list[Organisation]) -> list[Row]:
    """A row for each branch; three queries, however many."""
    columns = list(themes(cycle))
    counts: dict[tuple[int, int], int] = defaultdict(int)
    served = Served.objects.within(scope).filter(
        theme__cycle=cycle, record__organisation__in=shown, record__withdrawn_at=None,
        record__held_on__range=(cycle.starts_on, cycle.ends_on),
    )  # fmt: skip
    for place, theme in served.values_list("record__organisation", "theme"):
        counts[(place, theme)] += 1
    mine: dict[int, list[CycleTheme]] = defaultdict(list)
    for one in CycleTheme.objects.within(scope).filter(cycle=cycle, required=False, organisation__in=shown):
        mine[one.organisation_id].append(one)
    alert = alerted(cycle, scope.on)
    return [
        Row(
            place, [(one, counts[(place.pk, one.pk)]) for one in columns],
            [(one.name, counts[(place.pk, one.pk)]) for one in mine[place.pk]], alert,
        )
        for place in shown
    ]  # fmt: skip


def alerted(cycle: Cycle, today: date) -> bool:
    """Whether the time has come to tell of undone themes: the last `alert_months` months."""
    if cycle.alert_months is None:
        return False
    return today >= months_before(cycle.ends_on, cycle.alert_months)


def telling(today: date) -> list[Cycle]:
    """All in force whose time to tell has come; whom each binds, the caller sees."""
    rows = Cycle.objects.unscoped(BELOW).filter(starts_on__lte=today, ends_on__gte=today, alert_months__isnull=False)
    return [one for one in rows.select_related("organisation") if alerted(one, today)]


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
