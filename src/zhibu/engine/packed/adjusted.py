"""Bonus and deduction of many organisations at once: whole numbers summed in columns, capped as the reference does."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.places import places_of_few
from zhibu.engine.packed.native import Numbers
from zhibu.engine.plan import Plan
from zhibu.engine.scheme import Scheme

EXACT = 2**53  # up to here a double is a whole number


@dataclass(frozen=True, slots=True)
class Adjusted:
    """By row of `ids`: sums of positive and of negative adjustments, both ≥ 0 and in `units` to the point, not capped;
    `bonus` and `deduction` in points, capped, as doubles nearest to the exact numbers."""

    sums: Numbers
    units: int
    caps: tuple[Fraction | None, Fraction | None]
    bonus: Numbers
    deduction: Numbers

    def exact(self, row: int) -> tuple[Fraction, Fraction]:
        """(bonus, deduction), capped, not rounded."""
        found = [Fraction(int(self.sums[side, row]), self.units) for side in (0, 1)]
        bonus, deduction = (one if cap is None else min(one, cap) for one, cap in zip(found, self.caps, strict=True))
        return bonus, deduction

    def of(self, rows: Numbers) -> Adjusted:
        """The same of some rows only."""
        return Adjusted(self.sums[:, rows], self.units, self.caps, self.bonus[rows], self.deduction[rows])


def adjusted(plan: Plan, scheme: Scheme, ids: pa.Array) -> Adjusted:
    """Adjustments dated in the window and not after `as_of`, of the organisations in `ids` (scores.adjustments)."""
    return capped(*summed(plan, ids), scheme)


def capped(sums: Numbers, units: int, scheme: Scheme) -> Adjusted:
    bonus, deduction = (_points(one, units, cap) for one, cap in zip(sums, caps(scheme), strict=True))
    return Adjusted(sums, units, caps(scheme), bonus, deduction)


def caps(scheme: Scheme) -> tuple[Fraction | None, Fraction | None]:
    bonus, deduction = (None if cap is None else Fraction(cap) for cap in (scheme.bonus_cap, scheme.deduction_cap))
    return bonus, deduction


def summed(plan: Plan, ids: pa.Array) -> tuple[Numbers, int]:
    """(sums, units) of `Adjusted`: what does not depend on a scheme."""
    rows = plan.facts["adjustments"]
    dated = pc.and_(pc.greater_equal(rows["on"], plan.window[0]), pc.less_equal(rows["on"], plan.day))
    rows = rows.filter(dated)
    place = places_of_few(plain(rows["subject_id"]), ids)
    known = np.flatnonzero(place >= 0)
    amounts, units = _whole(plain(rows["points"]).take(pa.array(known)))
    sums = np.zeros((2, len(ids)), amounts.dtype)
    for side, mine in enumerate((amounts > 0, amounts < 0)):
        np.add.at(sums[side], place[known][mine], np.abs(amounts[mine]))
    return sums, units


def _whole(points: pa.Array) -> tuple[Numbers, int]:
    """Each number in units, and the units to the point; Python's whole numbers where sums could leave a double."""
    coded = points.dictionary_encode()
    values = [Fraction(one) for one in coded.dictionary.to_pylist()]
    units = 10 ** max((_decimals(one) for one in values), default=0)
    wholes = [int(one * units) for one in values]
    small = sum(map(abs, wholes), 0) * len(points) < EXACT
    kind: Any = np.int64 if small else object
    return np.array(wholes or [0], kind)[coded.indices.to_numpy()], units


def _decimals(value: Fraction) -> int:
    return next(places for places in range(19) if (value * 10**places).denominator == 1)


def _points(sums: Numbers, units: int, cap: Fraction | None) -> Numbers:
    """Rounding keeps order, so the nearest double of the smaller is the smaller of the nearest doubles."""
    found = (
        sums / units if sums.dtype != object else np.array([float(Fraction(one, units)) for one in sums], np.float64)
    )
    return found if cap is None else np.minimum(found, float(cap))
