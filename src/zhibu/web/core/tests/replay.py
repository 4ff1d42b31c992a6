"""What a fixture writes, written again by the same statements: going through the actions takes twenty times as long."""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection

from zhibu.web.core import clock

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
Statement = tuple[str, Any, bool]  # SQL, parameters, whether many
_kept: dict[Any, tuple[list[Statement], bytes]] = {}


def replayed[T](make: Callable[[], T]) -> T:
    """What `make` writes and gives. Where the database, the keys and the day are as they were at an earlier call, the
    statements of that call and a copy of what it gave.

    Only where the test undoes it (a transaction), and on SQLite, whose next numbers are rolled back too.
    """
    if connection.vendor != "sqlite" or not connection.in_atomic_block:
        return make()
    state = (make, _state())
    if state in _kept:
        statements, made = _kept[state]
        _again(statements)
        return pickle.loads(made)
    statements = []
    with connection.execute_wrapper(_writes(statements)):
        given = make()
    _kept[state] = statements, pickle.dumps(given)
    return given


def _state() -> Any:
    """All that decides what the statements are: the next number of each table, the keys, how passwords are kept."""
    with connection.cursor() as cursor:
        numbers = tuple(cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name").fetchall())
    keys = (settings.KEYS, str(settings.KEYS_FILE), settings.CRYPTO, tuple(settings.PASSWORD_HASHERS))
    return numbers, keys, os.environ.get("ZHIBU_TODAY"), clock.now


def _writes(into: list[Statement]) -> Callable[..., Any]:
    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql):
            into.append((sql, params, many))
        return execute(sql, params, many, context)

    return watch


def _again(statements: list[Statement]) -> None:
    with connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
