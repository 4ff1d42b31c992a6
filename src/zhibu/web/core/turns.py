"""Who may compute while whom: changes of single organisations go side by side, a full run and a move of the tree alone.

SQLite has one writer at a time, so there is nothing to do. On PostgreSQL both wait in one queue for a lock of the
transaction: a change waits for a run that stores its tables, never for another change elsewhere. (A row lock would not
do: those who share it overtake one who waits to have it alone.)
"""

from __future__ import annotations

from django.db import connection

KEY = 0x5A484942  # any number of our own


def together() -> None:
    """Until the end of the transaction nobody is alone."""
    _take("pg_advisory_xact_lock_shared")


def alone() -> None:
    """Until the end of the transaction this one is alone."""
    _take("pg_advisory_xact_lock")


def _take(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [KEY])
