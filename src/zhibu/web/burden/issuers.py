"""An issuer's year in minutes: rules by the verdicts that are there, things sent down by their own counts. Public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum

from zhibu.web.burden.estimates import Minutes, minutes, rule_key, spoken, total
from zhibu.web.burden.loads import asks
from zhibu.web.burden.models import SentDown
from zhibu.web.duties.models import Tally
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.regulations.words import CLOCKS

WHY = "sums over the whole installation, public inside it"
COUNTED = ("met", "late", "missed", "open", "upcoming")  # all but exempt


@dataclass(frozen=True, slots=True)
class Item:
    """`units` organisations do it `times` times in the year, all together; `told` minutes each time."""

    title: str
    basis: str
    units: int
    times: int
    told: Minutes | None

    @property
    def total(self) -> int | None:
        return None if self.told is None else self.times * self.told.minutes

    @property
    def arithmetic(self) -> str:
        """12 个组织，共 144 次 × 5 分钟 = 12 小时"""
        counted = f"{self.units:,} 个组织，共 {self.times:,} 次"
        if self.told is None or self.total is None:
            return f"{counted}，还没有估时"
        return f"{counted} × {self.told.minutes} 分钟 = {spoken(self.total)}"


@dataclass(frozen=True, slots=True)
class Issuer:
    name: str
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        return total(item.total for item in self.items)

    @property
    def unknown(self) -> int:
        return sum(item.told is None for item in self.items)

    @property
    def spoken(self) -> str:
        return spoken(self.total)


def issuers(year: int) -> list[Issuer]:
    """Every issuer of that year in the order of their names: no ranking."""
    found: dict[str, list[Item]] = defaultdict(list)
    for name, item in [*_of_rules(year), *_of_sendings(year)]:
        found[name].append(item)
    return [Issuer(name, tuple(items)) for name, items in sorted(found.items())]


def years() -> list[int]:
    """Those for which there are verdicts, the latest first."""
    return list(Tally.objects.unscoped(WHY).order_by("-year").values_list("year", flat=True).distinct())


def _of_rules(year: int) -> Iterable[tuple[str, Item]]:
    """Read from the roll-ups of the uppermost organisations: the sum of all verdicts, kept when they are written."""
    rules, counted = rules_by_name(), duties(uppermost(year))
    told = minutes({rule_key(*name) for name in counted})
    for name, (units, times) in sorted(counted.items()):
        rule = rules.get(name)
        if times:
            title = rule.title if rule else name[1]
            yield _issuer(rule), Item(title, _basis(rule), units, times, told.get(rule_key(*name)))


def duties(tallies: QuerySet[Tally]) -> dict[tuple[str, str], tuple[int, int]]:
    """What `counts` gives, states to be in left out."""
    rules = rules_by_name()
    return {name: one for name, one in counts(tallies).items() if name not in rules or asks(rules[name])}


def uppermost(year: int) -> QuerySet[Tally]:
    return Tally.objects.unscoped(WHY).filter(year=year, organisation__depth=1)


def counts(tallies: QuerySet[Tally]) -> dict[tuple[str, str], tuple[int, int]]:
    """(rulebook, rule) → how many organisations it binds at most in one period, and how many duties there are."""
    due: dict[tuple[str, str], list[int]] = defaultdict(list)
    added: Any = sum((F(name) for name in COUNTED[1:]), F(COUNTED[0]))
    for row in tallies.order_by().values("rulebook", "rule", "period").annotate(due=Sum(added)):
        due[row["rulebook"], row["rule"]].append(row["due"])
    return {name: (max(periods), sum(periods)) for name, periods in due.items()}


def _issuer(rule: Rule | None) -> str:
    return (rule.issuer or rule.source) if rule else "已收回的规则"


def _basis(rule: Rule | None) -> str:
    return f"{rule.source}{rule.clause}，{CLOCKS.get(rule.every, rule.every)}" if rule else ""


def _of_sendings(year: int) -> Iterable[tuple[str, Item]]:
    rows = SentDown.objects.unscoped(WHY).filter(starts_on__year__lte=year).select_related("organisation")
    rows = [row for row in rows.order_by("sent_on", "pk") if row.times(year)]
    told = minutes({row.key for row in rows})
    for row in rows:
        own = told.get(row.key, Minutes(row.minutes, row.organisation.name, row.sent_on))
        basis = f"{row.sent_on} 下发，{row.get_every_display()}"
        yield row.organisation.name, Item(str(row), basis, row.units, row.units * row.times(year), own)
