"""Old lines move to a file that still fits into the chain, and only then leave the database.

The file is compressed JSON lines: what it is, then one line for each row with its number, digest and every column in
the spelling the digest was made of, so that twenty years from now a page of any language can verify it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from zhibu.web.audit.actions import write
from zhibu.web.audit.chain import keys, notes, rows
from zhibu.web.audit.chain.canonical import COLUMNS, FORM
from zhibu.web.audit.chain.walk import Walk
from zhibu.web.audit.models import Archive, Line, Seal
from zhibu.web.audit.retention import before
from zhibu.web.core import clock

WHY = "lines that stand in an archive go"
CHUNK = 500  # lines of one DELETE


class Spoilt(RuntimeError):
    """The oldest lines don't fit the chain; nothing is archived until somebody has looked."""


def folder() -> Path:
    return Path(settings.HOME) / "audit"


def retire(now: datetime | None = None) -> Archive | None:
    """Archive what is older than the retention table says and remove it. None when there is nothing.

    Killed on the way it leaves a file too many, or lines that stand in both; the next run goes on from there.
    Raises Spoilt.
    """
    _remove_archived()
    made = _archive(before(now or clock.now(), settings.AUDIT_MONTHS))
    if made:
        _remove_archived()
    return made


def _archive(limit: datetime) -> Archive | None:
    last = Archive.objects.order_by("-last").first()
    walk = Walk(last=last.last, before=last.head) if last else Walk()
    first, previous = walk.last + 1, walk.before
    file, newest = _write(first, limit, walk)
    if walk.bad:
        file.unlink()
        raise Spoilt(f"没有归档：{walk.findings[0].words}。先运行 zhibu audit verify")
    if newest is None:
        file.unlink()
        return None
    return _record(file, first, previous, walk, newest)


def _write(first: int, limit: datetime, walk: Walk) -> tuple[Path, datetime | None]:
    """The beginning of the chain that is older than `limit`, up to the first younger line, into a file on the disk."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    file, newest = folder() / f"audit-{first:012d}.part", None
    with file.open("wb") as raw:
        file.chmod(0o600)
        with gzip.open(raw, "wt", encoding="utf-8", newline="\n") as out:
            head = {"form": FORM, "origin": keys.origin(), "first": first, "previous": walk.before, "columns": COLUMNS}
            out.write(json.dumps(head, ensure_ascii=False) + "\n")
            for row, line in takewhile(lambda found: _old(found[0], limit), rows.stored_texts(after=walk.last)):
                walk.step(row)
                if walk.bad:
                    break
                out.write(rows.as_json(row, line) + "\n")
                newest = max(newest or row.moment, row.moment)
        raw.flush()
        os.fsync(raw.fileno())
    return file, newest


def _old(row: rows.Row, limit: datetime) -> bool:
    """By both clocks; a row that is gone is looked at, so that it is found."""
    return row.at is None or (row.moment < limit and datetime.fromisoformat(row.sealed_at) < limit)


@transaction.atomic
def _record(part: Path, first: int, previous: str, walk: Walk, newest: datetime) -> Archive:
    made = Archive(
        first=first, last=walk.last, previous=previous, head=walk.before, newest_at=newest, at=clock.now(),
        file=f"audit-{first:012d}-{walk.last:012d}.jsonl.gz", digest=_digest(part),
    )  # fmt: skip
    made.text = notes.sign(_lines(made), keys.origin(), keys.private())
    made.save(force_insert=True)
    write(
        by=None, action="audit.retire", sentence=f"审计记录第 {first} 至 {walk.last} 号归档", thing=made,
        organisation=None, new={"file": made.file, "sha256": made.digest, "head": made.head},
    )  # fmt: skip
    part.rename(folder() / made.file)
    return made


def _remove_archived() -> None:
    """In one transaction for each chunk: lines first, then their seals. The triggers let archived ones pass."""
    for archive in Archive.objects.all():
        left = Seal.objects.filter(number__range=(archive.first, archive.last)).order_by("number")
        while chunk := list(left.values_list("number", "line_id")[:CHUNK]):
            with transaction.atomic():
                found = Line.objects.unscoped(WHY).filter(pk__in=[line for _, line in chunk])
                found._raw_delete(using=found.db)
                Seal.objects.filter(pk__in=[number for number, _ in chunk])._raw_delete(using=found.db)


def _lines(archive: Archive) -> list[str]:
    return [
        keys.origin(), "archive", f"{archive.first} {archive.last}", f"previous {archive.previous}",
        f"head {archive.head}", f"sha256 {archive.digest}", f"file {archive.file}",
    ]  # fmt: skip


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


# --- verifying ------------------------------------------------------------------------------------------------------


def fault(archive: Archive, last: int, head: str) -> str:
    """What is wrong with the entry of an archive that should follow number `last`; empty when nothing is."""
    name = f"档案 {archive.file}"
    try:
        signed = notes.opened(archive.text, keys.public()) == _lines(archive)
    except notes.Unsigned:
        signed = False
    if not signed:
        return f"{name} 的登记被改过：签名不对"
    return "" if (archive.first, archive.previous) == (last + 1, head) else f"{name} 跟它前面的接不上"


def damage(archive: Archive, file: Path) -> str:
    """What is wrong with an archive's file; empty when it is the one that was written."""
    return "" if _digest(file) == archive.digest else f"档案 {archive.file} 的内容被改过或损坏"
