"""Append-only in the database itself: triggers refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE, whoever asks.

The one door: a line may go when it stands in an archive and is older than the floor the law sets; its seal, when its
line is gone. There is no switch to open it with. Triggers are put in place after every `zhibu migrate`: on SQLite a
change of a table loses them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from zhibu.web.audit.models import Archive, Checkpoint, Held, Line, Seal
from zhibu.web.audit.retention import FLOOR_MONTHS

WORDS = "审计记录不能修改和删除"
FOREVER = tuple(model._meta.db_table for model in (Archive, Checkpoint, Held))
LINE, SEAL, ARCHIVE = (model._meta.db_table for model in (Line, Seal, Archive))
PASSING = {
    LINE: f"""EXISTS (SELECT 1 FROM {SEAL} s JOIN {ARCHIVE} a ON s.number BETWEEN a.first AND a.last
        WHERE s.line_id = OLD.id) AND OLD.at < {{floor}}""",  # noqa: S608
    SEAL: f"""EXISTS (SELECT 1 FROM {ARCHIVE} a WHERE OLD.number BETWEEN a.first AND a.last)
        AND NOT EXISTS (SELECT 1 FROM {LINE} l WHERE l.id = OLD.line_id)""",  # noqa: S608
}  # table → when a row may be deleted
FLOOR = {
    "sqlite": f"strftime('%Y-%m-%d %H:%M:%S', 'now', '-{FLOOR_MONTHS} months')",
    "postgresql": f"now() - interval '{FLOOR_MONTHS} months'",
}
TABLES = (LINE, SEAL, *FOREVER)


def install(**_: Any) -> None:
    """Put the triggers in place, anew; after every migration that leaves all the tables there."""
    if not set(TABLES) <= set(connection.introspection.table_names()):
        return
    remove()
    statements = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove() -> None:
    """Take them away: for a migration that rewrites lines, and for tests that empty the tables."""
    with connection.cursor() as cursor:
        for name, table in _names().items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


@contextmanager
def without_triggers() -> Iterator[None]:
    """For tests alone."""
    remove()
    try:
        yield
    finally:
        install()


def missing() -> list[str]:
    """The names of triggers that should be there and are not."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return sorted(set(_names()) - present)


def _names() -> dict[str, str]:
    events = ("update", "delete") if connection.vendor == "sqlite" else ("update", "delete", "truncate")
    return {f"{table}_no_{event}": table for table in TABLES for event in events}


def _sqlite() -> Iterator[str]:
    for name, table in _names().items():
        event = name.rpartition("_")[2].upper()
        passing = PASSING.get(table, "") if event == "DELETE" else ""
        when = f"WHEN NOT ({passing.format(floor=FLOOR['sqlite'])})" if passing else ""
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"


def _postgresql() -> Iterator[str]:
    yield f"""CREATE OR REPLACE FUNCTION audit_frozen() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'insufficient_privilege'; END $$"""
    for table, passing in PASSING.items():
        yield f"""CREATE OR REPLACE FUNCTION {table}_passing() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF {passing.format(floor=FLOOR["postgresql"])} THEN RETURN OLD; END IF;
                RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'insufficient_privilege';
            END $$"""
    for name, table in _names().items():
        event = name.rpartition("_")[2].upper()
        function = f"{table}_passing" if event == "DELETE" and table in PASSING else "audit_frozen"
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
