"""The sealer: gives lines their number and chains them, some seconds after they were written.

Not in the transaction of the write: one chain is one queue, and every writer would wait for all others. What the
database shows is finished (committed), so a line is taken once it is seen; a transaction that ends later finds its
lines sealed with a later number. Numbers are given here, one after another, in one transaction at a time: no gap, and
no fork, for number and line are each unique. (Decision 0013: why there is no transaction number in the line.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from zhibu.web.audit.actions import write
from zhibu.web.audit.chain.canonical import COLUMNS, GENESIS, algorithm, bodies, digest, moment
from zhibu.web.audit.chain.rows import raw
from zhibu.web.audit.models import Archive, Line, Seal
from zhibu.web.core import clock

BATCH = 2000  # lines of one transaction
WHY = "sealing the log"
LOCK = 0x5A484943  # any number of our own
RECENT = timedelta(minutes=30)  # longer than any transaction of ours; older ones are looked for by `everything`


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many lines, and the digest of the last."""

    count: int = 0
    digest: str = GENESIS


def head() -> Head:
    """Where the chain ends now; with everything archived, where the archive ends."""
    last = Seal.objects.order_by("-number").values_list("number", "hash").first()
    last = last or Archive.objects.order_by("-last").values_list("last", "head").first()
    return Head(*last) if last else Head()


def waiting(after: int = 0) -> Any:
    """Lines beyond number `after` of the table that have no seal, oldest first."""
    return Line.objects.unscoped(WHY).filter(seal=None, pk__gt=after).order_by("pk")


def _settled() -> int:
    """A line number below which nothing is still being written: that of the last line sealed half an hour ago."""
    old = Seal.objects.filter(at__lt=clock.now() - RECENT).order_by("-number").values_list("line_id", flat=True)[:BATCH]
    return min((pk for pk in old if pk), default=0)


def seal_all(everything: bool = False) -> int:
    """Seal what waits: by default what was written lately, which an index finds at once. Returns how many lines; 0
    when another sealer is at work."""
    done, after = 0, 0 if everything else _settled()
    while waiting(after).exists():
        count, after = seal(after)
        if not count:
            break
        done += count
    return done


@transaction.atomic
def seal(after: int) -> tuple[int, int]:
    """One batch in one transaction: all of it or, when killed on the way, nothing. Returns how many lines, and the
    number of the last."""
    if not _alone():
        return 0, after
    rows = [row for chunk in raw(waiting(after)[:BATCH], *COLUMNS) for row in chunk]
    if not rows:
        return 0, after
    end = head()
    for number, earlier in _backwards(rows, end):
        _note_backwards(number, earlier)
    Seal.objects.bulk_create(chained(rows, end, settings.AUDIT_HASH, clock.now()))
    return len(rows), rows[-1][0]


def chained(rows: Sequence[Sequence[Any]], end: Head, name: str, now: datetime) -> list[Seal]:
    """The seals of `rows` (values in the order of COLUMNS, as the driver gives them) after `end`."""
    algorithm(name)
    seals, before, sealed_at = [], end.digest, moment(now) or ""
    for number, (row, body) in enumerate(zip(rows, bodies(list(zip(*rows, strict=True))), strict=True), end.count + 1):
        before = digest(name, number, sealed_at, body, before)
        seals.append(Seal(number=number, line_id=row[0], algorithm=name, hash=before, at=now))
    return seals


def _backwards(rows: Sequence[Sequence[Any]], end: Head) -> list[tuple[int, timedelta]]:
    """(number, by how much) of lines much older than the one before: a clock put back, or a line put in later."""
    before = Seal.objects.filter(number=end.count).values_list("line__at", flat=True).first()
    found = []
    for number, row in enumerate(rows, end.count + 1):
        at = datetime.fromisoformat(moment(row[1]) or "")
        if before is not None and before - at > RECENT:
            found.append((number, before - at))
        before = at
    return found


def _note_backwards(number: int, earlier: timedelta) -> None:
    """The order of the chain stays; that the times disagree with it is a line of its own."""
    minutes = round(earlier.total_seconds() / 60)
    write(
        by=None, action="audit.clock", thing=None, organisation=None, new={"number": number, "minutes": minutes},
        sentence=f"第 {number} 号写着的时间比前一条早 {minutes} 分钟：时钟被调过，或是后来补进去的",
    )  # fmt: skip


def _alone() -> bool:
    """On PostgreSQL a lock of the transaction, given up when the sealer dies; SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
