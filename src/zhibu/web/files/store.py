"""Where attachments lie: MEDIA_ROOT/attachments/xx/<32 random letters>, readable by the server's own user alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

FOLDER = "attachments"


def put(content: bytes) -> str:
    """Write and sync; returns the stored name. What is acknowledged later is on the disk."""
    name = secrets.token_hex(16)
    stored = f"{FOLDER}/{name[:2]}/{name}"
    path(stored).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path(stored), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return stored


def path(stored: str) -> Path:
    return Path(settings.MEDIA_ROOT) / stored


def drop(stored: str) -> None:
    path(stored).unlink(missing_ok=True)


def files(before: float) -> Iterator[str]:
    """Stored names of files last written before a moment, in seconds of the clock."""
    root = path(FOLDER)
    for one in root.glob("*/*") if root.exists() else ():
        if one.stat().st_mtime < before:
            yield f"{FOLDER}/{one.parent.name}/{one.name}"
