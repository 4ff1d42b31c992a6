"""Which way each organisation goes: total, rank, grade. One array of truths a question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.whatif.comparison import NONE, Comparison, Published

KNOWN, UNKNOWN = 0, 10**6  # places of grades: an organisation without a grade stands below all grades


@dataclass(frozen=True, slots=True)
class Moves:
    """Of the organisations compared. `rise`, `fall`, `stay`: the total, where there is one on both sides; `appear`,
    `vanish`: a score on one side only. `up`, `down`: the grade; `other`: from one list of grades to another. `higher`,
    `lower`: the rank, inside the same peer group. `loses`: a lower total or grade, or no score any more."""

    rise: Numbers
    fall: Numbers
    stay: Numbers
    appear: Numbers
    vanish: Numbers
    up: Numbers
    down: Numbers
    other: Numbers
    higher: Numbers
    lower: Numbers

    @property
    def loses(self) -> Numbers:
        found: Numbers = self.fall | self.down | self.vanish
        return found

    @property
    def gains(self) -> Numbers:
        found: Numbers = self.rise | self.up | self.appear
        return found


def moves(found: Comparison) -> Moves:
    before, after = found.before, found.after
    both, difference = before.present & after.present, found.difference
    place, place_ = _grades(before, after)
    comparable = both & (place >= KNOWN) & (place_ >= KNOWN)
    changed = both & ~_same_grade(before, after)
    ranked = both & _same_group(found)
    return Moves(
        rise=difference > 0,
        fall=difference < 0,
        stay=both & (difference == 0),
        appear=after.present & ~before.present,
        vanish=before.present & ~after.present,
        up=changed & comparable & (place_ < place),
        down=changed & comparable & (place_ > place),
        other=changed & ~(comparable & (place_ != place)),
        higher=ranked & (after.rank < before.rank),
        lower=ranked & (after.rank > before.rank),
    )


def _grades(before: Published, after: Published) -> tuple[Numbers, Numbers]:
    """Places of grades in the list of `after`, the best first; -1 for a grade that is not in it."""
    order = {grade: place for place, grade in enumerate(after.grades)}
    known = np.array([*(order.get(grade, NONE) for grade in before.grades), UNKNOWN])
    return known[before.grade], np.where(after.grade == NONE, UNKNOWN, after.grade)


def _same_grade(before: Published, after: Published) -> Numbers:
    order = {grade: place for place, grade in enumerate(after.grades)}
    own = np.array([*(order.get(grade, -2) for grade in before.grades), NONE])
    same: Numbers = own[before.grade] == after.grade
    return same


def _same_group(found: Comparison) -> Numbers:
    if len({side.scheme.peer_group for side in found.sides}) > 1:
        return np.zeros(len(found.at), bool)
    before, after = found.before, found.after
    order = {group: place for place, group in enumerate(after.groups)}
    own = np.array([*(order.get(group, -2) for group in before.groups), NONE])
    same: Numbers = own[before.group] == after.group
    return same
