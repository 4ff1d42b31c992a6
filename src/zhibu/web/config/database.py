"""`DATABASE_URL` → Django's DATABASES entry. SQLite is the default; its options keep 50 writers free of lock errors."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

# IMMEDIATE takes the write lock at BEGIN, so a read-then-write transaction never fails half way.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,  # seconds a writer waits for the lock: SQLite has no queue, and under 50 at once one waited over 20
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;"
        "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
    ),
}


def database(url: str | None, home: Path) -> dict[str, object]:
    """The DATABASES["default"] entry for `url`: sqlite:///PATH or postgresql://USER:PW@HOST:PORT/NAME.

    Raises ValueError, naming what would be right, for any other scheme.
    """
    if not url:
        return _sqlite(home / "zhibu.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path[1:])) if parts.path[1:] else home / "zhibu.sqlite3")
    if parts.scheme in ("postgres", "postgresql"):
        return _postgresql(parts)
    raise ValueError(f"DATABASE_URL 应以 sqlite:/// 或 postgresql:// 开头，现为 {parts.scheme or '空'}://")


def make_room(entry: dict[str, object]) -> None:
    """The folder of an SQLite file, made when the database is: a check of books must leave no trace."""
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        Path(str(entry["NAME"])).parent.mkdir(parents=True, exist_ok=True)


def _sqlite(path: Path) -> dict[str, object]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": dict(SQLITE_OPTIONS)}


def _postgresql(parts) -> dict[str, object]:
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
