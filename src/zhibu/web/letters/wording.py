"""How a letter reads today: the clauses of its template, each as the last amendment has it, the older words beside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhibu.web.letters import queries
from zhibu.web.letters.models import Letter, LetterAmendment, LetterBlock, LetterClause


@dataclass(frozen=True, slots=True)
class Line:
    """A clause in one letter. `amended`: what was altered, the first one first, those taken back too."""

    clause: LetterClause
    amended: tuple[LetterAmendment, ...] = ()

    @property
    def now(self) -> LetterClause | LetterAmendment:
        standing = [one for one in self.amended if one.undone_on is None]
        return standing[-1] if standing else self.clause

    @property
    def text(self) -> str:
        return self.now.text

    @property
    def measure(self) -> str:
        return self.now.measure

    @property
    def points(self) -> Decimal:
        return self.now.points

    @property
    def due_on(self) -> date:
        return self.now.due_on

    @property
    def dropped(self) -> bool:
        return isinstance(self.now, LetterAmendment) and self.now.dropped

    @property
    def older(self) -> list[LetterClause | LetterAmendment]:
        """The words that no longer stand, the oldest first."""
        said = [self.clause, *(one for one in self.amended if one.undone_on is None)]
        return said[:-1]


@dataclass(frozen=True, slots=True)
class Section:
    block: LetterBlock
    lines: tuple[Line, ...]

    @property
    def standing(self) -> list[Line]:
        return [one for one in self.lines if not one.dropped]

    @property
    def points(self) -> Decimal:
        return sum((one.points for one in self.standing), Decimal(0))


def sections(letter: Letter) -> list[Section]:
    """Of a letter within reach. Three queries."""
    amended: dict[int, list[LetterAmendment]] = defaultdict(list)
    for one in LetterAmendment.objects.unscoped(queries.SIDES).filter(letter=letter).order_by("pk"):
        amended[one.clause_id].append(one)
    return [
        Section(block, tuple(Line(clause, tuple(amended[clause.pk])) for clause in block.clauses.all()))
        for block in queries.blocks(letter.template)
    ]


def lines(told: list[Section]) -> list[Line]:
    """Those that stand, in their order."""
    return [line for section in told for line in section.standing]


def full(told: list[Section]) -> Decimal:
    return sum((one.points for one in told), Decimal(0))


def line_of(letter: Letter, clause: int) -> tuple[Section, Line] | None:
    """A clause of a letter, dropped ones too."""
    found = ((section, line) for section in sections(letter) for line in section.lines if line.clause.pk == clause)
    return next(found, None)
