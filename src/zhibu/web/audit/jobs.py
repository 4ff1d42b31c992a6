"""The worker's part: seal every two seconds, sign every ten minutes, verify every night, archive what is old.

A thread beside the nightly run, for an evaluation of minutes must not leave lines unsealed. Killed at any moment it
leaves whole transactions; whoever starts next goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import close_old_connections, transaction

from zhibu.web.audit import archives, denials, verification
from zhibu.web.audit.actions import write
from zhibu.web.audit.chain import checkpoints, sealing
from zhibu.web.audit.models import Line, Run
from zhibu.web.core import clock

EVERY = 2  # seconds
STEP = timedelta(seconds=5)  # a difference between the two clocks that is no rounding
NIGHT = timedelta(hours=24)
log = logging.getLogger("zhibu.audit")


@dataclass
class Clocks:
    """The wall clock beside the one nobody can set. What is not at rest in both has been changed by somebody."""

    wall: datetime = field(default_factory=clock.now)
    steady: float = field(default_factory=time.monotonic)

    def jumped(self) -> timedelta:
        """By how much the wall clock was moved since the last look; nothing when by less than STEP."""
        wall, steady = clock.now(), time.monotonic()
        moved = (wall - self.wall) - timedelta(seconds=steady - self.steady)
        self.wall, self.steady = wall, steady
        return moved if abs(moved) >= STEP else timedelta()


@dataclass
class Turn:
    """One look every two seconds."""

    clocks: Clocks = field(default_factory=Clocks)
    looked: float = float("-inf")  # when last for everything, by the steady clock

    def take(self) -> int:
        """Returns how many lines were sealed."""
        if jump := self.clocks.jumped():
            note_jump(jump)
        due = time.monotonic() - self.looked >= checkpoints.EVERY.total_seconds()
        done = sealing.seal_all(everything=due)
        if due:
            self.looked = time.monotonic()
            denials.settle()
            archives.retire()
        if checkpoints.due():
            checkpoints.make()
        if due and not Run.objects.filter(asked_at__gt=clock.now() - NIGHT).exists():
            verification.begin(None)
        return done


@transaction.atomic
def note_jump(jump: timedelta) -> Line:
    """A line for a clock that was set. The order of the log doesn't depend on it; the times written do."""
    seconds = round(jump.total_seconds())
    return write(
        by=None, action="audit.clock", sentence=f"服务器时钟被调{'快' if seconds > 0 else '慢'}了 {abs(seconds)} 秒",
        thing=None, organisation=None, new={"seconds": seconds},
    )  # fmt: skip


def keep_sealing(stop: threading.Event) -> None:
    """Until told to stop. What goes wrong is told to the operator and tried again."""
    turn = Turn()
    while not stop.wait(EVERY):
        close_old_connections()
        try:
            turn.take()
        except Exception:
            log.exception("审计记录没有封存完，两秒后再试")


def start() -> threading.Event:
    """The thread of the worker; set the event to stop it."""
    stop = threading.Event()
    threading.Thread(target=keep_sealing, args=(stop,), name="audit-sealer", daemon=True).start()
    return stop
