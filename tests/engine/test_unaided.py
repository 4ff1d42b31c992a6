"""The kernel in numpy, function by function: what it gives is what the compiled one gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from zhibu.engine.packed import native
from zhibu.engine.packed.native import addresses, at, whole

Dice = np.random.Generator
pytestmark = pytest.mark.skipif(native.library() is None, reason="nothing to compare with: no C compiler at set-up")


def both(monkeypatch: pytest.MonkeyPatch, asked: Callable[[Any], list[Any]]) -> tuple[list[Any], list[Any]]:
    answers = []
    for way in ("on", "off"):
        monkeypatch.setenv("ZHIBU_KERNEL", way)
        answers.append([np.asarray(one).tolist() for one in asked(native.kernel())])
    return answers[0], answers[1]


def texts(dice: Dice, count: int) -> list[bytes]:
    letters = np.array(list("ab红"))
    return ["".join(dice.choice(letters, dice.integers(1, 6))).encode() for _ in range(count)]


def packed(words: list[bytes]) -> tuple[Any, Any]:
    return np.cumsum([0, *map(len, words)], dtype=np.int64), np.frombuffer(b"".join(words) or b"\0", np.uint8)


def find(kernel: Any, dice: Dice) -> list[Any]:
    (begins, text), known = packed(texts(dice, 40)), sorted({*texts(dice, int(dice.integers(0, 30)))})
    ends, content = packed(known)
    places = np.empty(40, np.int32)
    kernel.find(whole(40), at(begins), at(text), whole(len(known)), at(ends), at(content), at(places))
    return [places]


def out_of_order(kernel: Any, dice: Dice) -> list[Any]:
    words = sorted(set(texts(dice, 60)))
    for _ in range(int(dice.integers(0, 6))):
        words.insert(int(dice.integers(0, len(words) + 1)), words[int(dice.integers(0, len(words)))])
    (begins, text), rows, last = packed(words), np.zeros(4, np.int64), np.zeros(1, np.int64)
    found = kernel.out_of_order(whole(len(words)), at(begins), at(text), whole(len(rows)), at(rows), at(last))
    return [found, rows[: max(found, 0)], last[: found >= 0]]


def encode_lists(kernel: Any, dice: Dice) -> list[Any]:
    lengths = dice.integers(0, dice.choice([1, 2, 5]), 200)
    of = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    items = dice.integers(0, dice.choice([1, 3, 2**30]), max(int(of[-1]), 1)).astype(np.int32)
    items = dice.choice(items[:5], len(items)).astype(np.int32)
    codes, first = np.empty(200, np.uint32), np.empty(200, np.int64)
    count = kernel.encode_lists(whole(200), at(of), at(items), at(codes), at(first))
    return [count, codes, first[:count]]


def place(kernel: Any, dice: Dice) -> list[Any]:
    owner = dice.integers(-1, 9, 50).astype(np.int32)
    owner = np.sort(owner) if dice.random() < 0.5 else owner
    free, places = np.concatenate([[0], np.cumsum(np.bincount(owner[owner >= 0], minlength=9))])[:9], np.empty(50, int)
    return [bool(kernel.place(whole(50), at(owner), at(free), at(places))), places, free]


def weigh(kernel: Any, dice: Dice) -> list[Any]:
    counts, worth = words(dice, 30, 5), dice.integers(-9, 9, (3, 5, 3)) * (dice.random((3, 5, 1)) < 0.5)
    points, most = np.empty((2, 30, 3), np.int64)
    kernel.weigh(whole(30), whole(5), whole(3), at(counts), at(worth), at(points), at(most))
    return [points, most]


def rolled(kernel: Any, dice: Dice) -> list[Any]:
    """Sums of subtrees, then the rows of some organisations."""
    counts, rule_of = words(dice, 40, 5), np.array([0, 1, 3, 4, 5] if dice.random() < 0.5 else range(6), np.int32)
    parent = np.array([dice.integers(-1, max(row, 1)) if row else -1 for row in range(40)], np.int32)
    has = np.isin(np.arange(40), parent)
    inner = np.where(has, np.cumsum(has) - 1, -1).astype(np.int32)
    depth = np.zeros(40, int)
    for row in range(40):
        depth[row] = depth[parent[row]] + 1 if parent[row] >= 0 else 0
    order, groups = np.argsort(-depth, kind="stable").astype(np.int32), len(rule_of) - 1
    sums = np.zeros((max(int(has.sum()), 1), groups, 6), np.int64)
    sizes = whole(5), whole(groups), at(rule_of), at(counts)
    kernel.roll_up(whole(40), *sizes, at(order), at(parent), at(inner), at(sums))
    org, group = np.empty((2, 30 * groups), np.int32)
    columns, rate = [np.empty(30 * groups, np.int64) for _ in range(7)], np.empty(30 * groups)
    pointers = addresses(list(columns))
    outs = at(inner), at(sums), at(org), at(group), at(pointers), at(rate)
    used = kernel.rolled(whole(5), whole(35), *sizes, *outs)
    return [sums, used, *(one[:used] for one in (org, group, *columns, rate))]


def words(dice: Dice, rows: int, rules: int) -> Any:
    counts = dice.integers(0, 1024, (rows, rules, 6)) * (dice.random((rows, rules, 1)) < 0.7)
    return (counts.astype(np.uint64) << (np.arange(6, dtype=np.uint64) * np.uint64(10))).sum(axis=2, dtype=np.uint64)


@pytest.mark.parametrize(
    "asked", [find, out_of_order, encode_lists, place, weigh, rolled], ids=lambda one: one.__name__
)
def test_both_kernels_say_the_same(asked: Callable[[Any, Dice], list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(60):

        def once(kernel: Any, seed: int = seed) -> list[Any]:
            return asked(kernel, np.random.default_rng(seed))

        compiled, unaided = both(monkeypatch, once)
        assert unaided == compiled, seed


def test_equal_texts_have_equal_hashes_and_others_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_KERNEL", "off")
    every = [b"a" * length + end for length in (0, 3, 7, 8, 9, 63, 64, 65, 200) for end in (b"x", b"y", b"\0", b"x")]
    begins, text = packed(every)
    hashes = np.empty(len(every), np.uint64)
    native.kernel().hash_texts(whole(len(every)), at(begins), at(text), at(hashes))
    assert len(set(hashes.tolist())) == len(set(every))
    assert all(hashes[place] == hashes[place + 3] for place in range(0, len(every), 4))
