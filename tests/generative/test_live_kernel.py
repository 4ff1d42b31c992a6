"""The live state by the compiled kernel and without it: the same verdicts, exact numbers and evidence included."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from tests.generative import test_live
from tests.generative.changes import change
from tests.generative.dice import Dice
from tests.generative.test_live import CHANGES, FIRST, Twin
from zhibu.engine.conditions import holds
from zhibu.engine.errors import EngineError, Place
from zhibu.engine.live.alike import beside
from zhibu.engine.packed import native
from zhibu.engine.rulebooks.model import Between, Equals, OneOf, Test

PLACE = Place("rules.yaml", 1)


@pytest.mark.skipif(native.compiled() is None, reason="no compiled kernel")
def test_the_kernel_says_what_the_reference_judges() -> None:
    seen: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + CHANGES // 10):
        try:
            twin = Twin(seed)
        except EngineError:
            continue
        dice = Dice(f"kernel {seed}")
        for _ in range(5):
            try:
                twin.live.apply([one := change(dice, twin.world)])
            except EngineError:
                continue
            twin.world.make(one)
        _compare(twin, seen)
    assert seen["verdicts"] > 10 * seen["beyond"], seen


def _compare(twin: Twin, seen: Counter[str]) -> None:
    reference, kernels = twin.reference, twin.reference._kernels
    for kind, kernel in kernels._kernels.items() if kernels else ():
        for identity in reference._world.histories[kind]:
            if (side := kernel.side(identity, 0)) is None:
                seen["beyond"] += 1
                continue
            told = kernels._telling[kind].verdicts(side, range(side.found.out.used))
            judged = reference._judging.whole((kind, identity))
            assert sorted(told, key=str) == sorted(judged, key=str), (kind, identity)
            seen["verdicts"] += len(told)


def test_without_the_kernel_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_KERNEL", "off")
    monkeypatch.setattr(test_live, "CHANGES", min(CHANGES // 4, test_live.ENOUGH - 1))
    test_live.test_changes_one_by_one_equal_a_full_run()


@pytest.mark.parametrize("seed", range(100))
def test_some_value_beside_a_test_answers_like_any_other(seed: int) -> None:
    dice = Random(seed)
    make = dice.choice(
        [lambda: Decimal(dice.randrange(-40, 40)) / 4, lambda: date(2025, 1, 1) + timedelta(dice.randrange(9))]
    )
    tests: list[Test] = [_test(dice, make) for _ in range(3)]
    answers = {_answers(tests, value) for value in beside(tests)}
    for _ in range(50):
        assert _answers(tests, make()) in answers, tests


def _test(dice: Random, make) -> Test:
    kind = dice.randrange(3)
    if kind == 0:
        return Equals("c", make(), PLACE)
    if kind == 1:
        return OneOf("c", (make(), make()), PLACE)
    names = dice.sample(["min", "max", "more_than", "less_than"], 2)
    return Between(
        "c", **dict.fromkeys(("min", "max", "more_than", "less_than")) | {name: make() for name in names}, place=PLACE
    )


def _answers(tests: list[Test], value: object) -> tuple[bool, ...]:
    return tuple(holds(test, {"c": value}) for test in tests)
