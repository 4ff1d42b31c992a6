"""Plugins of every test; and the one thing tests may do that nobody else may: empty the audit log between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["zhibu.web.core.browser"]
# Files that take a minute or more of a core: on several cores they begin first, or one core waits for them at the end.
LONG = ("tests/access/", "tests/spark/", "tests/faults/", "tests/security/", "tests/hostile/", "tests/engine/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((at for at, folder in enumerate(LONG) if item.nodeid.startswith(folder)), len(LONG))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _log_can_be_emptied() -> Iterator[None]:
    """Tests with transactions of their own empty all tables afterwards, which the log's triggers refuse."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from zhibu.web.audit import guard

    flush = BaseDatabaseOperations.execute_sql_flush

    def emptied(operations: Any, statements: list[str]) -> Any:
        with guard.without_triggers():
            return flush(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", emptied)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """What pytest-django asks for before it makes the test database: an empty SQLite one is filled by copying."""
    from django.core.management.commands.migrate import Command
    from django.db import connections
    from tests import migrated

    migrate = Command.handle

    def handle(command: Command, *words: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        connection.ensure_connection()
        if connection.vendor != "sqlite" or connection.introspection.table_names():
            return migrate(command, *words, **options)
        return migrated.fill(connection, lambda: migrate(command, *words, **options))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Command, "handle", handle)
        yield


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """The server shares the test's connection in memory, which must be there first: a first test of pages alone asks
    for no database, and each request's thread would open a connection of its own that nobody closes."""
    return live_server


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_report_to_serializable() -> Iterator[None]:
    """On several cores a report goes from process to process as UTF-8; hostile tests log halves of characters."""
    return _encodable((yield))


def _encodable(part: Any) -> Any:
    if isinstance(part, str):
        return part.encode("utf-8", "backslashreplace").decode()
    if isinstance(part, dict):
        return {_encodable(key): _encodable(value) for key, value in part.items()}
    return type(part)(map(_encodable, part)) if isinstance(part, (list, tuple)) else part
