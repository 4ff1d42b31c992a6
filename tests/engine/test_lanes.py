"""Words of counts: what is packed is found again, in wide words and in narrow ones."""

from __future__ import annotations

import numpy as np
import pytest

from zhibu.engine.packed import lanes


@pytest.mark.parametrize("count", [0, 1, 31, 32, 1000])
@pytest.mark.parametrize(("most", "narrow"), [(lanes.FEW, True), (lanes.FEW, False), (lanes.MOST, False)])
def test_counts_are_found_again(count: int, most: int, narrow: bool) -> None:
    counts = np.random.default_rng(count).choice([0, 1, most - 1, most], (count, 6))
    words = lanes.packed(counts)
    words = lanes.narrowed(words) if narrow else words
    assert words.itemsize == (4 if narrow else 8) and lanes.most(words) == (lanes.FEW if narrow else lanes.MOST)
    for status in range(6):
        assert lanes.lane(words, status).tolist() == counts[:, status].tolist()
    assert lanes.totals(words).tolist() == counts.sum(axis=0).tolist()


def test_full_lanes_do_not_run_over() -> None:
    counts = np.full((64, 6), lanes.MOST)
    assert lanes.totals(lanes.packed(counts)).tolist() == [64 * lanes.MOST] * 6
    assert lanes.totals(lanes.narrowed(lanes.packed(counts & lanes.FEW))).tolist() == [64 * lanes.FEW] * 6
