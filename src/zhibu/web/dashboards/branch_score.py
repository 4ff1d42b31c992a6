"""A score as a table of losses: what each item should bring, what it brought, why, and what can be won back.

Shown numbers have one decimal and still add up: losses and gains are apportioned to tenths by the largest remainder,
so headline, total and 能补 are the sums of the rows (test_branch.py adds them up from the page).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from urllib.parse import urlencode

from zhibu.web.duties.rows import period_of
from zhibu.web.pipeline.scoring import DimensionShare, Exact, RuleShare, ScoreExplanation
from zhibu.web.regulations.models import Rule

Rules = Mapping[tuple[str, str], Rule]
TENTH = Decimal("0.1")
NAMED = 4  # periods named one by one


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of the table. `should`, `lost` and `gain` are in tenths that add up."""

    item: RuleShare
    part: DimensionShare
    title: str
    why: str
    should: Decimal
    lost: Decimal
    gain: Decimal
    best: Exact | None  # the missed period that brings most, when anything does
    best_gain: Fraction
    today: date

    @property
    def got(self) -> Decimal:
        return self.should - self.lost

    @property
    def short(self) -> Decimal:
        return -self.lost

    @property
    def best_words(self) -> str:
        """10 月主题党日"""
        period = period_of(self.best, self.today) if self.best else ""
        return f"{' ' if period[:1].isdigit() else ''}{period}{self.title}"

    @property
    def standing(self) -> bool:
        """A state to be in: one period of one day, the day of the evaluation."""
        return self.best is not None and self.best.need is None

    @property
    def query(self) -> str:
        """The part of the record form's address that opens the best remedy; empty for a standing requirement."""
        if self.best is None or self.standing:
            return ""
        return urlencode({"rule": f"{self.best.rulebook}/{self.best.rule}", "period": self.best.period})


@dataclass(frozen=True, slots=True)
class Table:
    """Rows worst first. `total` is the headline; `base` the sum of the rows before bonus and deduction."""

    lines: tuple[Line, ...]
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    total: Decimal

    @property
    def lost(self) -> Decimal:
        return sum((line.lost for line in self.lines), Decimal(0))

    @property
    def should(self) -> Decimal:
        return sum((line.should for line in self.lines), Decimal(0))

    @property
    def gain(self) -> Decimal:
        return sum((line.gain for line in self.lines), Decimal(0))

    @property
    def short(self) -> Decimal:
        return -self.lost

    @property
    def minus(self) -> Decimal:
        return -self.deduction

    @property
    def losing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.item.got < line.item.should)

    @property
    def full(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.item.got >= line.item.should)

    @property
    def full_should(self) -> Decimal:
        return sum((line.should for line in self.full), Decimal(0))

    @property
    def full_titles(self) -> str:
        return "、".join(line.title for line in self.full)

    @property
    def gains(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.gain)

    @property
    def quickest(self) -> Line | None:
        return max((line for line in self.lines if line.gain), key=lambda line: line.best_gain, default=None)


def table(found: ScoreExplanation, rules: Rules, today: date) -> Table:
    pairs = [(part, item) for part in found.dimensions for item in part.rules if item.verdicts]
    pairs.sort(key=lambda pair: (pair[1].got - pair[1].should, pair[1].rulebook, pair[1].rule))
    bonus, deduction, total = map(_tenths, (found.bonus.total, found.deduction.total, found.total))
    # What a total floored at zero cannot lose any more is not lost: deduction stops at what there was.
    base = total - bonus + deduction if found.total else _tenths(sum((item.got for _, item in pairs), Fraction(0)))
    should = apportioned([item.should for _, item in pairs], Decimal(100))
    lost = apportioned([item.should - item.got for _, item in pairs], Decimal(100) - base, should)
    best = [_best(item, rules) for _, item in pairs]
    exact = [sum((one for _, one in _gains(item, rules)), Fraction(0)) for _, item in pairs]
    gain = apportioned(exact, _tenths(sum(exact, Fraction(0))), lost)
    lines = [
        Line(item, part, _title(item, rules), why(item, rules, today), *numbers, today)
        for (part, item), *numbers in zip(pairs, should, lost, gain, *zip(*best, strict=True), strict=True)
    ]
    return Table(tuple(lines), base, bonus, deduction if found.total else base + bonus, total)


def apportioned(exact: Sequence[Fraction], total: Decimal, most: Sequence[Decimal] | None = None) -> list[Decimal]:
    """`exact` in tenths that sum to `total`: floors, and the tenths left over to the largest remainders.

    A zero stays zero and nothing exceeds its `most`.
    """
    units = [int(value * 10) for value in exact]
    room = [int(one * 10) for one in most] if most is not None else [10**9] * len(units)
    order = sorted((at for at, value in enumerate(exact) if value), key=lambda at: units[at] - exact[at] * 10)
    left = int(total * 10) - sum(units)
    for at in order:
        if left > 0 and units[at] < room[at]:
            units[at], left = units[at] + 1, left - 1
    for at in reversed(order):
        if left < 0 and units[at] > 0:
            units[at], left = units[at] - 1, left + 1
    return [Decimal(unit) * TENTH for unit in units]


def _tenths(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(TENTH, ROUND_HALF_UP)


# --- what can be won back ------------------------------------------------------------------------------------


def _gains(item: RuleShare, rules: Rules) -> list[tuple[Exact, Fraction]]:
    """Missed periods made good: an activity recorded late or made up earns `late`, a standing state put right `met`."""
    rule = rules.get((item.rulebook, item.rule))
    if rule is None or not item.most:
        return []
    status = "met" if rule.every == "always" else "late"
    more = Fraction(rule.points[status]) - Fraction(rule.points["missed"])
    if more <= 0:
        return []
    return [(one, item.should / item.most * more) for one in _verdicts(item) if one.status == "missed"]


def _verdicts(item: RuleShare) -> list[Exact]:
    return [share.verdict for share in item.verdicts]


def _best(item: RuleShare, rules: Rules) -> tuple[Exact | None, Fraction]:
    """The latest of the periods that bring most."""
    found = _gains(item, rules)
    return max(found, key=lambda pair: (pair[1], pair[0].ends_on)) if found else (None, Fraction(0))


# --- words ----------------------------------------------------------------------------------------------------


def _title(item: RuleShare, rules: Rules) -> str:
    rule = rules.get((item.rulebook, item.rule))
    return rule.title if rule else item.rule


def why(item: RuleShare, rules: Rules, today: date) -> str:
    """8 月、9 月没有记录；10 月迟录"""
    rule = rules.get((item.rulebook, item.rule))
    missed = [one for one in _verdicts(item) if one.status == "missed"]
    late = [one for one in _verdicts(item) if one.status == "late"]
    if missed and rule is not None and rule.every == "always":
        return f"现在还没做到：{rule.sentence}"
    parts = [f"{_periods(missed, today)}{_short_of(missed)}"] if missed else []
    return "；".join([*parts, f"{_periods(late, today)}迟录"] if late else parts)


def _periods(found: list[Exact], today: date) -> str:
    ordered = sorted(found, key=lambda one: one.ends_on)
    named = "、".join(period_of(one, today) for one in ordered[:NAMED])
    return named if len(ordered) <= NAMED else f"{named}等 {len(ordered)} 期"


def _short_of(missed: list[Exact]) -> str:
    return "次数不够" if any(one.total for one in missed) else "没有记录"
