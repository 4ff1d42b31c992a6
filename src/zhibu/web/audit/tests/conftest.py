"""A log with lines, a home folder of its own, and a clock that can be set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from zhibu.web.audit import guard
from zhibu.web.audit.actions import write
from zhibu.web.audit.chain import sealing
from zhibu.web.audit.models import Line
from zhibu.web.core import clock


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """Keys and archives of a test stay in its own folder."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(moment)`: the wall clock stands there."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def log(db: None) -> Callable[..., list[Line]]:
    """`log(5)`: five lines, sealed; `log(5, sealed=False)`: not yet."""

    def add(count: int, sealed: bool = True) -> list[Line]:
        lines = [
            write(
                by=None,
                action="records.edit",
                sentence=f"改活动记录 {one}",
                thing=None,
                organisation=None,
                new={"n": one},
            )
            for one in range(count)
        ]
        if sealed:
            sealing.seal_all(everything=True)
        return lines

    return add


def earlier(**parts: int) -> datetime:
    return clock.now() - timedelta(**parts)


def take_triggers_away() -> None:
    """As the owner of the database may. PostgreSQL wants its foreign keys checked before it changes a table."""
    check_keys()
    guard.remove()


def put_triggers_back() -> None:
    check_keys()
    guard.install()


def check_keys() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
