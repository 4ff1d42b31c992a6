"""全年一览: what was planned and held month by month, themes, gaps; in words, without a score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.queries import plans
from zhibu.web.records.models import Record
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.regulations.words import event_word

BY_CALENDAR = ("month", "quarter", "half_year", "year")
FULL = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}


@dataclass
class Cell:
    planned: int = 0
    held: int = 0
    topics: list[str] = field(default_factory=list)
    over: bool = False

    @property
    def status(self) -> str:
        if self.held:
            return "done"
        return ("late" if self.over else "todo") if self.planned else ""

    @property
    def says(self) -> str:
        if self.held:
            return f"{self.held} 次"
        return ("计划了没办" if self.over else "计划") if self.planned else ""


@dataclass(frozen=True, slots=True)
class Strip:
    """One kind of activity through twelve months."""

    kind: str
    cells: list[Cell]

    @property
    def word(self) -> str:
        return event_word(self.kind)

    @property
    def gaps(self) -> list[int]:
        return [month for month, cell in enumerate(self.cells, 1) if cell.planned and cell.over and not cell.held]

    @property
    def says(self) -> str:
        held, planned = sum(one.held for one in self.cells), sum(one.planned for one in self.cells)
        months = sum(bool(one.held) for one in self.cells)
        words = f"办了 {held} 次，分在 {months} 个月；{f'计划 {planned} 次' if planned else '计划里没有'}"
        return words + (f"；{'、'.join(f'{one} 月' for one in self.gaps)}计划了没办" if self.gaps else "")


@dataclass(frozen=True, slots=True)
class Quota:
    """A rule of the calendar: periods kept of those judged, and how many a whole year has."""

    title: str
    kept: int
    missed: int
    full: int
    asked: int

    @property
    def status(self) -> str:
        return "late" if self.missed else "done" if self.kept >= self.asked else "todo"

    @property
    def says(self) -> str:
        return f"{self.kept}/{self.asked}" + (f"，{self.missed} 期没做到" if self.missed else "")


@dataclass(frozen=True, slots=True)
class Year:
    """`months`: of each month that is over, and of the running one once it has an activity, whether it has any."""

    strips: list[Strip]
    repeated: list[tuple[str, int]]
    topics: int
    quotas: list[Quota]
    months: list[bool]

    @property
    def continuity(self) -> str:
        """办了 14 种活动，11 个月里 9 个月有活动；最长的空档 2 个月：7 月到 8 月"""
        if not self.months:
            return ""
        kinds = sum(any(cell.held for cell in strip.cells) for strip in self.strips)
        said = f"办了 {kinds} 种活动，{len(self.months)} 个月里 {sum(self.months)} 个月有活动"
        first, long = gap(self.months)
        last = f"到 {first + long - 1} 月" if long > 1 else ""
        return f"{said}；最长的空档 {long} 个月：{first} 月{last}" if long else said


def gap(months: Sequence[bool]) -> tuple[int, int]:
    """(first month, how many) of the longest run without an activity; (0, 0) where every month has one."""
    found, last = (0, 0), 0
    for month, held in enumerate(months, 1):
        if held:
            last = month
        elif month - last > found[1]:
            found = (last + 1, month - last)
    return found


def of(scope: Scope, place: Organisation, year: int) -> Year:
    """Four queries."""
    chosen = list(plans.plans(scope).filter(organisation=place, year=year))
    done = [one for found in plans.progress(scope, chosen).values() for one in found]
    rows = Record.objects.within(scope).filter(organisation=place, held_on__year=year, withdrawn_at=None)
    records = list(rows.defer("content").order_by("held_on", "pk"))
    topics = Counter(one.topic for one in records if one.topic)
    repeated = [(topic, number) for topic, number in topics.most_common() if number > 1]
    strips, asked = _strips(done, records, scope, year), quotas(scope, place, year)
    return Year(strips, repeated, len(topics), asked, _months(strips))


def _months(strips: Sequence[Strip]) -> list[bool]:
    by_month = list(zip(*(strip.cells for strip in strips), strict=True))
    held = [any(cell.held for cell in cells) for cells in by_month]
    return [one for one, cells in zip(held, by_month, strict=True) if one or cells[0].over]


def _strips(done: Sequence[plans.Done], records: Sequence[Record], scope: Scope, year: int) -> list[Strip]:
    kinds = dict.fromkeys([kind for one in done for kind in one.item.types] + [k for one in records for k in one.types])
    found = []
    for kind in kinds:
        over = [(year, month) < (scope.on.year, scope.on.month) for month in range(1, 13)]
        cells = [Cell(over=one) for one in over]
        for one in done:
            cells[one.item.month - 1].planned += kind in one.item.types
        for record in (one for one in records if kind in one.types):
            cell = cells[record.held_on.month - 1]
            cell.held += 1
            cell.topics += [record.topic] if record.topic else []
        found.append(Strip(kind, cells))
    return found


def quotas(scope: Scope, place: Organisation, year: int) -> list[Quota]:
    """Read from the verdicts that are there: 12 months, 4 quarters, a year."""
    rules = rules_by_name()
    by_rule: dict[tuple[str, str], list[str]] = {}
    rows = Verdict.objects.within(scope).filter(organisation=place, year=year).order_by("rulebook", "rule")
    for row in rows.only("rulebook", "rule", "status"):
        by_rule.setdefault((row.rulebook, row.rule), []).append(row.status)
    found = []
    for name, states in by_rule.items():
        rule = rules.get(name)
        asked = [one for one in states if one != "exempt"]
        if rule and rule.every in BY_CALENDAR and asked:
            kept = sum(one in ("met", "late") for one in asked)
            found.append(Quota(rule.title, kept, asked.count("missed"), FULL[rule.every], len(asked)))
    return found
