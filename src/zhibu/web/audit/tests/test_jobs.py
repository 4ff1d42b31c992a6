"""The worker's turn: seals, signs, writes down a clock that jumped, verifies at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from zhibu.web.audit import jobs
from zhibu.web.audit.chain import checkpoints
from zhibu.web.audit.models import Checkpoint, Line, Run, Seal
from zhibu.web.core import clock


def test_a_turn_seals_signs_and_verifies(log: Callable[..., list[Line]]) -> None:
    log(3, sealed=False)
    turn = jobs.Turn()
    assert turn.take() == 3
    assert (Seal.objects.count(), Checkpoint.objects.count()) == (3, 1)
    assert Run.objects.get().state == Run.State.GOOD
    log(2, sealed=False)
    assert turn.take() == 2
    assert (Checkpoint.objects.count(), Run.objects.count()) == (1, 1), "ten minutes, and a night, are not over"


@pytest.mark.parametrize(("jump", "words"), [(3600, "被调快了 3600 秒"), (-86_400, "被调慢了 86400 秒")])
def test_a_clock_that_jumps_is_written_down(
    log: Callable[..., list[Line]], at: Callable, jump: int, words: str
) -> None:
    turn = jobs.Turn()
    turn.take()
    at(clock.now() + timedelta(seconds=jump))
    turn.take()
    assert Line.objects.unscoped("t").get(action="audit.clock").sentence == f"服务器时钟{words}"
    turn.take()
    assert Line.objects.unscoped("t").filter(action="audit.clock").count() == 1


def test_a_clock_at_rest_says_nothing(db: None) -> None:
    turn = jobs.Turn()
    for _ in range(3):
        turn.take()
    assert not Line.objects.unscoped("t").exists()


def test_a_clock_put_back_does_not_stop_checkpoints(log: Callable[..., list[Line]], at: Callable) -> None:
    log(1)
    checkpoints.make()
    at(clock.now() - timedelta(days=30))
    assert checkpoints.due()
