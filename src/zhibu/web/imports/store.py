"""Where the files of a batch lie: a folder of random name under MEDIA_ROOT, nothing in it named by a user."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from zhibu.web.imports.models import Batch

FINDINGS, _PROGRESS = "findings.jsonl", "progress"


def new_folder() -> str:
    name = f"imports/{secrets.token_hex(16)}"
    _path(name).mkdir(parents=True, mode=0o700)
    return name


def keep(folder: str, chunks: Iterable[bytes]) -> str:
    """Write one file; returns its random name."""
    name = f"{folder}/{secrets.token_hex(16)}"
    with os.fdopen(os.open(_path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return name


def path(stored: str) -> Path:
    return _path(stored)


def forget(batch: Batch) -> None:
    """Remove a batch's files from the disk."""
    if batch.folder:
        drop(batch.folder)


def drop(folder: str) -> None:
    shutil.rmtree(_path(folder), ignore_errors=True)


def folders(before: float) -> list[str]:
    """The folders last written before a moment, in seconds of the clock."""
    found = _path("imports").glob("*") if _path("imports").exists() else ()
    return [f"imports/{one.name}" for one in found if one.stat().st_mtime < before]


def write_findings(folder: str) -> IO[str]:
    return (_path(folder) / FINDINGS).open("w", encoding="utf-8")


def findings(batch: Batch, start: int = 0, stop: int | None = None) -> Iterator[dict[str, Any]]:
    """The rows with findings, in the order of the books; nothing once the files are forgotten."""
    file = _path(batch.folder) / FINDINGS
    if not batch.folder or not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in islice(lines, start, stop))


def tell_progress(folder: str, done: int) -> None:
    """Beside the transaction, which nobody else can look into."""
    (_path(folder) / _PROGRESS).write_text(str(done))


def progress(batch: Batch) -> tuple[int, float]:
    """(rows done, when it was last told as seconds of the clock)."""
    file = _path(batch.folder) / _PROGRESS
    try:
        return int(file.read_text() or 0), file.stat().st_mtime
    except (OSError, ValueError):
        return 0, 0.0


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name
