"""Items 事项 of the board: rules with their words and counts. `key` is `rulebook/rule`, as in waivers and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from zhibu.web.dashboards.months import Window
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import rules_by_name

COUNTED = ("met", "late", "missed", "open", "upcoming")  # 应办: exempt ones (不要求、缓办) are outside


def sums(window: Window) -> dict[str, Coalesce]:
    """Aggregates over tallies of the window, one per field of Counts.

    Of a carried period only what is overdue counts, and where the same duty is owed again this month (calendar
    periods) it is not owed twice: 12/60 means twelve of sixty branches.
    """
    inside, carried = window.covering(), ~window.covering()
    counts = {name: Sum(name, filter=inside) for name in (*COUNTED, "exempt")} | {
        "missed": Sum("missed"),
        "again": Sum("missed", filter=carried & ~Q(period__contains="..")),
        "ended_met": Sum("met", filter=carried),
        "ended_late": Sum("late", filter=carried),
    }
    return {f"n_{name}": Coalesce(count, 0) for name, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Counts:
    """Duties by the engine's status. `late` there is done after the deadline; what the page calls 逾期 is `missed`."""

    met: int = 0
    late: int = 0
    missed: int = 0
    open: int = 0
    upcoming: int = 0
    exempt: int = 0
    again: int = 0  # overdue of last month's period, of a duty owed again this month
    ended_met: int = 0  # done in the carried periods, for the share only
    ended_late: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Counts:
        return cls(**{field.name: row[f"n_{field.name}"] for field in fields(cls)})

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def due(self) -> int:
        return self.met + self.late + self.missed - self.again + self.open + self.upcoming

    @property
    def done(self) -> int:
        return self.met + self.late

    @property
    def concluded(self) -> int:
        return self.met + self.late + self.missed + self.ended_met + self.ended_late

    @property
    def on_time(self) -> int:
        return self.met + self.ended_met

    @property
    def on_time_percent(self) -> str:
        """按时率: done in time ÷ those with a conclusion; empty while there is none."""
        return f"{100 * self.on_time / self.concluded:.1f}%" if self.concluded else ""

    @property
    def on_time_words(self) -> str:
        return f"{self.on_time} ÷ {self.concluded}" if self.concluded else "还没有到期的"

    @property
    def due_words(self) -> str:
        return f"应办 {self.due}"

    @property
    def made_up_words(self) -> str:
        return f"其中迟录 {self.late}" if self.late else "都是按时的" if self.met else ""


NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    title: str
    sentence: str
    place: tuple[int, str, str]  # rulebook order, then the rule's place in it
    counts: Counts = NOTHING


def total(items: Iterable[Item]) -> Counts:
    return sum((item.counts for item in items), NOTHING)


def named(rules: Mapping[tuple[str, str], Rule] | None = None) -> dict[str, Item]:
    """Every published rule as an item without counts, in the order of the rulebooks."""
    rules = rules_by_name() if rules is None else rules
    return {f"{book}/{rule}": _item(row, book, place) for place, ((book, rule), row) in enumerate(rules.items())}


def _item(row: Rule, book: str, place: int) -> Item:
    return Item(f"{book}/{row.rule}", row.title, row.sentence, (place, book, row.rule))


def unnamed(book: str, rule: str) -> Item:
    """A rule that is no longer published keeps its id as a name."""
    return Item(f"{book}/{rule}", rule, "", (10_000, book, rule))


def counted(known: Mapping[str, Item], counts: Mapping[str, Counts]) -> list[Item]:
    """The items that occur, with their counts."""
    found = []
    for key, count in counts.items():
        if not (count.due or count.missed or count.exempt):
            continue
        book, _, rule = key.partition("/")
        item = known.get(key) or unnamed(book, rule)
        found.append(replace(item, counts=count))
    return sorted(found, key=lambda item: item.place)
