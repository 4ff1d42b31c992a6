"""Threads that write at once need a real database: an in-memory SQLite belongs to one thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

AtOnce = Callable[..., list[Any]]


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path) -> Iterator[AtOnce]:
    """`at_once(one, two, …)` runs the functions in threads of their own, started together; gives what they return.

    On SQLite they see a file copied from the test's database, with the options of production; an exception is
    returned like a value.
    """
    copied = connection.vendor == "sqlite"
    name, path = connection.settings_dict["NAME"], tmp_path / "together.sqlite3"
    copies: list[bool] = []

    def run(*functions: Callable[[], Any]) -> list[Any]:
        if copied and not copies:
            connection.ensure_connection()
            with sqlite3.connect(path) as target:
                connection.connection.backup(target)
            target.close()
            connection.settings_dict["NAME"] = str(path)
            copies.append(True)
        return _threads(functions)

    yield run
    connection.settings_dict["NAME"] = name


def _threads(functions: tuple[Callable[[], Any], ...]) -> list[Any]:
    ends: list[Any] = [None] * len(functions)
    gate = threading.Barrier(len(functions))

    def one(place: int) -> None:
        try:
            gate.wait()
            ends[place] = functions[place]()
        except Exception as error:
            ends[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
