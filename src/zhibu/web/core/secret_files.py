"""Files with a secret: readable by their owner alone, and complete at every moment, also for a second process."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def make_once(path: Path, text: str) -> None:
    """A file with this text, unless somebody was first: theirs stays."""
    whole = written_beside(path, text)
    try:
        os.link(whole, path)  # unlike a rename, fails when there is one
    except FileExistsError:
        pass
    finally:
        whole.unlink()


def written_beside(path: Path, text: str) -> Path:
    """A hidden file in the same folder, on the disk, to be linked or renamed to `path`."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return beside
