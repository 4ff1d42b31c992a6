"""What an explanation of a score consists of. Its printed lines sum exactly to the published total.

Every amount is exact; `shown` is what is printed of it, to four decimals. A sum shows the sum of its shown parts, and
what the total then lacks is a line of its own, 舍入.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from zhibu.engine.sentences import STATUS_WORDS
from zhibu.engine.trace.standing import Standing
from zhibu.engine.verdict import Verdict

PLACES = 4
_WIDE = Context(prec=60)


def printed(value: Fraction) -> Decimal:
    """Half-up to four decimals; away from zero below it."""
    units = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return units.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP, _WIDE)


@dataclass(frozen=True, slots=True)
class VerdictShare:
    """A concluded verdict in a dimension: `should` is what it is worth of the total, `got` what it brings."""

    verdict: Verdict
    should: Fraction
    got: Fraction

    @property
    def word(self) -> str:
        return STATUS_WORDS[self.verdict.status]

    @property
    def shown(self) -> Decimal:
        return printed(self.got)


@dataclass(frozen=True, slots=True)
class RuleShare:
    """A rule in a dimension. `earned` of `most` points; `pending`: verdicts without points, which change nothing."""

    rulebook: str
    rule: str
    title: str
    earned: Fraction
    most: Fraction
    should: Fraction
    got: Fraction
    verdicts: tuple[VerdictShare, ...]
    pending: tuple[Verdict, ...]

    @property
    def shown(self) -> Decimal:
        return sum((one.shown for one in self.verdicts), Decimal(0))


@dataclass(frozen=True, slots=True)
class DimensionShare:
    """`score`: weight × earned ÷ most, exact; `published`: rounded; both None when the dimension is absent."""

    id: str
    title: str
    weight: Fraction
    earned: Fraction
    most: Fraction
    should: Fraction
    score: Fraction | None
    published: Fraction | None
    rules: tuple[RuleShare, ...]

    @property
    def shown(self) -> Decimal:
        return sum((one.shown for one in self.rules), Decimal(0))


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A bonus or deduction. `counted`: what it moves the total by; `why`: the reason when that is not all of it.

    A rejected row may lack its day or its points.
    """

    item: str | None
    on: date | None
    points: Fraction | None
    reason: str | None
    counted: Fraction
    why: str

    @property
    def shown(self) -> Decimal:
        return printed(self.counted)


@dataclass(frozen=True, slots=True)
class Side:
    """All bonuses, or all deductions. `total` is not negative; `published` rounded."""

    cap: Fraction | None
    lines: tuple[Adjusted, ...]
    total: Fraction
    published: Fraction

    @property
    def shown(self) -> Decimal:
        return sum((one.shown for one in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class ScoreExplanation:
    """Everything behind one score. `weights`: of the dimensions present; `floor`: what lifts a negative sum to 0.

    `rejected`: adjustments in rows that could not be read. `standing` None: nobody asked for the rank.
    """

    scheme: str
    title: str
    subject_id: str
    window: tuple[date, date]
    as_of: date
    dimensions: tuple[DimensionShare, ...]
    weights: Fraction
    bonus: Side
    deduction: Side
    rejected: tuple[Adjusted, ...]
    floor: Fraction
    total: Fraction
    standing: Standing | None

    @property
    def present(self) -> tuple[DimensionShare, ...]:
        return tuple(one for one in self.dimensions if one.score is not None)

    @property
    def exact(self) -> Fraction:
        """The total before it is lifted to 0 and rounded."""
        got = sum((rule.got for one in self.dimensions for rule in one.rules), Fraction(0))
        return got + self.bonus.total - self.deduction.total

    @property
    def base(self) -> Decimal:
        """The shown sum of the dimensions, before bonus and deduction."""
        return sum((one.shown for one in self.dimensions), Decimal(0))

    @property
    def floor_shown(self) -> Decimal:
        return printed(self.floor)

    @property
    def rounding(self) -> Decimal:
        """What the printed lines lack, or have too much, to be the published total."""
        parts = (self.base, self.bonus.shown, self.deduction.shown, self.floor_shown)
        return self.total_shown - sum(parts, Decimal(0))

    @property
    def total_shown(self) -> Decimal:
        """Two decimals, as it is published."""
        return printed(self.total).quantize(Decimal("0.01"), context=_WIDE)
