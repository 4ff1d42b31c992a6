"""Checkpoints: the head of the chain at a moment, signed. What leaves this machine and shows later what stood here.

zhibu-1a2b3c4d
12345
zOV3…=                          digest of line 12345 in base64
time 2026-11-21T08:00:00+00:00
algorithm sha256

— zhibu-1a2b3c4d 9fEk…=         signature (Ed25519)
"""

from __future__ import annotations

import base64
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from zhibu.web.audit.chain import keys, notes
from zhibu.web.audit.chain.canonical import ALGORITHMS
from zhibu.web.audit.chain.sealing import head
from zhibu.web.audit.models import Checkpoint, Seal
from zhibu.web.core import clock

EVERY = timedelta(minutes=10)
LONGEST = 4096  # characters of a note
log = logging.getLogger("zhibu.audit")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says: the first `count` lines of `origin` end in `head`."""

    origin: str
    count: int
    head: str  # hexadecimal
    at: datetime
    algorithm: str

    @property
    def lines(self) -> list[str]:
        digest = base64.b64encode(bytes.fromhex(self.head)).decode()
        return [self.origin, str(self.count), digest, f"time {self.at.isoformat()}", f"algorithm {self.algorithm}"]


def read(note: str, by: notes.Verifier) -> Statement:
    """The statement of a note signed by `by`. Raises notes.Unsigned, saying what is wrong."""
    if len(note) > LONGEST:
        raise notes.Unsigned(f"检查点不会超过 {LONGEST} 个字")
    lines = notes.opened(note, by)
    try:
        origin, count, digest, *more = lines
        words = dict(line.split(" ", 1) for line in more)
        found = Statement(
            origin, int(count), base64.b64decode(digest, validate=True).hex(), datetime.fromisoformat(words["time"]),
            words["algorithm"],
        )  # fmt: skip
    except (ValueError, KeyError):
        raise notes.Unsigned("签名有效，但不是检查点：应有名称、条数、摘要、time、algorithm 五行") from None
    if found.origin != by.name or found.algorithm not in ALGORITHMS or found.at.tzinfo is None or found.count < 1:
        raise notes.Unsigned("签名有效，但检查点的名称、条数、时间或算法不对")
    return found


def due() -> bool:
    """Whether ten minutes have passed since the last one, by a clock that may have been put back."""
    last = Checkpoint.objects.values_list("at", flat=True).first()
    return last is None or not timedelta() <= clock.now() - last < EVERY


@transaction.atomic
def make() -> Checkpoint | None:
    """Sign the head as it is now; None when nothing was sealed since the last one."""
    end = head()
    if not end.count or Checkpoint.objects.filter(count__gte=end.count).exists():
        return None
    name = Seal.objects.filter(number=end.count).values_list("algorithm", flat=True).first()
    if name is None:  # all archived: the archive's own note stands for it
        return None
    said = Statement(keys.origin(), end.count, end.digest, clock.now(), name)
    note = notes.sign(said.lines, said.origin, keys.private())
    made = Checkpoint.objects.create(count=said.count, head=said.head, at=said.at, text=note)
    transaction.on_commit(lambda: log.info(json.dumps({"event": "audit.checkpoint", "note": note}, ensure_ascii=False)))
    return made
