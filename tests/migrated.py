"""A migrated SQLite database to copy: migrating takes ten seconds of a core, copying a few hundredths.

Kept in `var/migrated/`, named by a digest of everything a migration may read: the source of the web, the locked
packages, Python and SQLite. Whoever comes first makes it by migrating in earnest; the others wait and copy.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var/migrated"
SOURCES = ("src/zhibu/web/**/*.py", "src/zhibu/web/**/*.yaml", "requirements/dev.txt")


@cache
def _path() -> Path:
    """Where the database of today's source is, or will be."""
    told = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for file in sorted(file for pattern in SOURCES for file in ROOT.glob(pattern)):
        if "tests" not in file.parts:
            told.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return KEPT / f"{told.hexdigest()[:24]}.sqlite3"


@contextmanager
def _alone() -> Iterator[Path]:
    """One process at a time, so that the others find what the first made."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _path()


def fill(connection: Any, migrate: Callable[[], Any]) -> None:
    """Make the empty database of an open SQLite connection (Django's) a migrated one; `migrate` does it in earnest."""
    with _alone() as path:
        if path.exists():
            with closing(sqlite3.connect(path)) as kept:
                kept.backup(connection.connection)
            return
        migrate()
        _keep(connection.connection, path)


def _keep(database: sqlite3.Connection, path: Path) -> None:
    """Under its name only when whole; what older sources left goes."""
    making = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(making)) as copy:
        database.backup(copy)
    for old in KEPT.glob("*.sqlite3"):
        old.unlink()
    making.rename(path)


def copy(to: Path) -> None:
    """A migrated database file at `to`, when one is kept already; else nothing, and who needs it migrates."""
    with _alone() as path:
        if path.exists():
            shutil.copyfile(path, to)
