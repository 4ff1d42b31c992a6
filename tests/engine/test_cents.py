"""Cents from doubles: what lies a hair's breadth below the edge of rounding must not be lifted over it by noise."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from zhibu.engine.packed.scores import _cents
from zhibu.engine.scores import round_score

EDGE = Fraction(49999995, 10**10)  # of a point: from here nine decimals round up, and then two
HAIR = Fraction(1, 10**13)


@pytest.mark.parametrize("size", [0, 7, 99, 999, 5_000, 99_999, 999_999])
@pytest.mark.parametrize("side", [-1, 0, 1])
def test_cents_are_those_of_the_fractions(size: int, side: int) -> None:
    exact = [size + Fraction(cent, 100) + EDGE + side * HAIR for cent in range(100)]
    found = _cents(np.array([[float(one)] for one in exact]), 0, lambda row, _: round_score(exact[row]))
    assert [Fraction(int(cents), 100) for cents in found[:, 0]] == [round_score(one) for one in exact]
