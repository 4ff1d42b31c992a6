"""Organisations one by one: those that move most, all that lose, and why. Serves the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.results import STATUSES
from zhibu.engine.whatif.comparison import NONE, Comparison, Published
from zhibu.engine.whatif.moves import Moves, moves
from zhibu.engine.whatif.parts import Part


@dataclass(frozen=True, slots=True)
class Standing:
    """What one side publishes of an organisation."""

    group: str | None
    total: float
    rank: int
    size: int
    grade: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """`points` it gives or takes; of a rule, how often each status stands before and after, where that differs."""

    part: Part
    points: float
    statuses: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mover:
    """`difference` of totals; None where there is a score on one side only."""

    org_id: str
    before: Standing | None
    after: Standing | None
    difference: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Places of the organisations in an order, to be read piece by piece: `page(0, 20)`."""

    found: Comparison
    places: Numbers

    def __len__(self) -> int:
        return len(self.places)

    def page(self, first: int, last: int) -> list[Mover]:
        return list(_movers(self.found, self.places[first:last]))


def falling(found: Comparison, chosen: Numbers | None = None) -> Listed:
    """All that lose (moves.py), the deepest fall first; those with equal falls by id."""
    way = moves(found)
    return _listed(found, way.loses, way, chosen, 1)


def rising(found: Comparison, chosen: Numbers | None = None) -> Listed:
    """All that gain, the highest rise first."""
    way = moves(found)
    return _listed(found, way.gains, way, chosen, -1)


def _listed(found: Comparison, which: Numbers, way: Moves, chosen: Numbers | None, sign: int) -> Listed:
    mine = which if chosen is None else which & chosen[found.at]
    places = np.flatnonzero(mine)
    one_side = (way.appear | way.vanish)[places]
    return Listed(found, places[np.lexsort((places, sign * found.difference[places], one_side))])


def _movers(found: Comparison, places: Numbers) -> Iterator[Mover]:
    column = np.full(len(found.at), NONE)
    column[found.moving] = np.arange(len(found.moving))
    counts = [(moved, *found.counts(moved, places)) for moved in found.moved]
    names = found.every.take(found.at[places]).to_pylist()
    for number, place in enumerate(places):
        changed = {
            (moved.rulebook, moved.rule): _statuses(one[:, number], other[:, number]) for moved, one, other in counts
        }
        before, after = (_standing(side, int(place)) for side in (found.before, found.after))
        difference = int(found.difference[place]) / 100 if before and after else None
        yield Mover(names[number], before, after, difference, _reasons(found, int(column[place]), changed))


def _standing(side: Published, place: int) -> Standing | None:
    if not side.present[place]:
        return None
    group, grade = side.group[place], side.grade[place]
    return Standing(
        group=None if group == NONE else side.groups[group],
        total=int(side.total[place]) / 100,
        rank=int(side.rank[place]),
        size=int(side.size[place]),
        grade=None if grade == NONE else side.grades[grade],
    )


def _statuses(before: Numbers, after: Numbers) -> dict[str, tuple[int, int]]:
    return {
        status: (int(one), int(other))
        for status, one, other in zip(STATUSES, before, after, strict=True)
        if one != other
    }


Changed = dict[tuple[str, str], dict[str, tuple[int, int]]]


def _reasons(found: Comparison, column: int, changed: Changed) -> tuple[Reason, ...]:
    """Those that move the total, the weightiest first; then rules with other verdicts that do not."""
    reasons = []
    if column != NONE:
        for part, values in zip(found.parts.parts, found.parts.cents, strict=True):
            if values[column]:
                statuses = changed.get((part.rulebook or "", part.rule or ""), {})
                reasons.append(Reason(part, int(values[column]) / 100, statuses))
    told = {(reason.part.rulebook, reason.part.rule) for reason in reasons}
    rest = [Reason(Part("rule", None, *name), 0.0, statuses) for name, statuses in changed.items() if statuses]
    reasons += [reason for reason in rest if (reason.part.rulebook, reason.part.rule) not in told]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.points)))
