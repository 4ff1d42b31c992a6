"""The result of the year's check: points of the clauses added up, by block and whole; exact decimals, nothing rounded
but the percent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from zhibu.web.letters.models import (
    Letter,
    LetterAmendment,
    LetterBlock,
    LetterCheck,
    LetterClause,
    LetterMark,
    LetterTemplate,
)
from zhibu.web.letters.queries import SIDES
from zhibu.web.letters.wording import Line, Section

CENT = Decimal("0.01")
ROUNDING = "各条得分直接相加，不四舍五入；得分率 = 得分 ÷ 总分 × 100，四舍五入到两位小数"


def rate(got: Decimal | None, full: Decimal) -> Decimal | None:
    """Percent with two places; None without points to reach."""
    return (got * 100 / full).quantize(CENT, ROUND_HALF_UP) if got is not None and full else None


@dataclass(frozen=True, slots=True)
class Part:
    """A block of one letter: `got` is None until each of its clauses has points."""

    section: Section
    rows: tuple[tuple[Line, LetterMark | None], ...]

    @property
    def full(self) -> Decimal:
        return self.section.points

    @property
    def got(self) -> Decimal | None:
        given = [mark.points for _, mark in self.rows if mark and mark.points is not None]
        return sum(given, Decimal(0)) if len(given) == len(self.rows) else None

    @property
    def sum_words(self) -> str:
        """8 + 4.5 = 12.5"""
        given = [f"{mark.points.normalize():f}" for _, mark in self.rows if mark and mark.points is not None]
        return f"{' + '.join(given)} = {self.got.normalize():f}" if self.got is not None and given else ""


@dataclass(frozen=True, slots=True)
class Score:
    parts: tuple[Part, ...]

    @property
    def full(self) -> Decimal:
        return sum((one.full for one in self.parts), Decimal(0))

    @property
    def got(self) -> Decimal | None:
        given = [one.got for one in self.parts if one.got is not None]
        return sum(given, Decimal(0)) if given and len(given) == len(self.parts) else None

    @property
    def rate(self) -> Decimal | None:
        return rate(self.got, self.full)


def marks(check: LetterCheck | None) -> dict[int, LetterMark]:
    """clause → what was said to it, of a check within reach."""
    if check is None:
        return {}
    rows = LetterMark.objects.unscoped(SIDES).filter(checked=check).select_related("record", "paper")
    return {one.clause_id: one for one in rows}


def score(told: Sequence[Section], found: Mapping[int, LetterMark]) -> Score:
    return Score(tuple(Part(one, tuple((line, found.get(line.clause.pk)) for line in one.standing)) for one in told))


@dataclass(frozen=True, slots=True)
class Row:
    """A unit on the board: per block what it got of how much; None until the year's check is final."""

    letter: Letter
    check: LetterCheck | None
    blocks: tuple[tuple[Decimal | None, Decimal], ...]

    @property
    def full(self) -> Decimal:
        return sum((full for _, full in self.blocks), Decimal(0))

    @property
    def got(self) -> Decimal | None:
        given = [got for got, _ in self.blocks if got is not None]
        return sum(given, Decimal(0)) if given else None

    @property
    def rate(self) -> Decimal | None:
        return rate(self.got, self.full)


def board(template: LetterTemplate, blocks: Sequence[LetterBlock], letters: Sequence[Letter]) -> list[Row]:
    """Of letters within reach, in their order. Three queries for all."""
    rows = LetterCheck.objects.unscoped(SIDES).filter(letter__in=letters, term=LetterCheck.Term.YEAR)
    checks = {one.letter_id: one for one in rows}
    altered, points = _altered(letters), _points(checks.values())
    found = []
    for letter in letters:
        check = checks.get(letter.pk)
        final = check is not None and check.state == LetterCheck.State.FINAL
        told = points.get(letter.pk, {}) if final else None
        found.append(Row(letter, check, tuple(_block(one, altered.get(letter.pk, {}), told) for one in blocks)))
    return found


def _block(
    block: LetterBlock, altered: Mapping[int, LetterAmendment], points: Mapping[int, Decimal] | None
) -> tuple[Decimal | None, Decimal]:
    """(got, full) of a block in one letter."""
    standing: list[tuple[int, LetterClause | LetterAmendment]] = [
        (one.pk, altered.get(one.pk, one)) for one in block.clauses.all()
    ]
    counted = [(pk, one) for pk, one in standing if not getattr(one, "dropped", False)]
    full = sum((one.points for _, one in counted), Decimal(0))
    got = None if points is None else sum((points.get(pk, Decimal(0)) for pk, _ in counted), Decimal(0))
    return got, full


def _altered(letters: Sequence[Letter]) -> dict[int, dict[int, LetterAmendment]]:
    """letter → clause → the amendment that holds."""
    found: dict[int, dict[int, LetterAmendment]] = defaultdict(dict)
    rows = LetterAmendment.objects.unscoped(SIDES).filter(letter__in=letters, undone_on=None)
    for one in rows.order_by("pk"):
        found[one.letter_id][one.clause_id] = one
    return found


def _points(checks: Sequence[LetterCheck] | object) -> dict[int, dict[int, Decimal]]:
    """letter → clause → points."""
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = LetterMark.objects.unscoped(SIDES).filter(checked__in=list(checks), points__isnull=False)  # type: ignore
    for one in rows.select_related("checked"):
        found[one.checked.letter_id][one.clause_id] = one.points
    return found
