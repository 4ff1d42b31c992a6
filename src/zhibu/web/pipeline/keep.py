"""Writes an evaluation's tables into the database by difference: what did not change is not touched.

A nightly run over an unchanged county writes almost nothing, so writers wait for milliseconds, not for the run. A row
that changed is deleted and inserted: nothing refers to these rows, and Django's `bulk_update` took 40 s for what this
does in two (measured on the sample county, 50,000 rows).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

CHUNK = 2000
Key = tuple[Hashable, ...]


def keep(rows: Iterable[Model], existing: QuerySet, key: tuple[str, ...], values: tuple[str, ...]) -> int:
    """Make the stored rows of `existing` equal to `rows` (unsaved instances); returns how many rows were written.

    `key` names the columns that identify a row, `values` those that may change.
    """
    split = len(key) + 1
    old = {row[1:split]: (row[0], row[split:]) for row in existing.values_list("pk", *key, *values)}
    fresh, gone = [], []
    for row in rows:
        was = old.pop(tuple(getattr(row, column) for column in key), None)
        if was is None or was[1] != tuple(getattr(row, column) for column in values):
            fresh.append(row)
            if was is not None:
                gone.append(was[0])
    removed = [pk for pk, _ in old.values()]
    _delete(existing.model, gone + removed)
    _insert(existing.model, fresh)
    return len(fresh) + len(removed)


def _delete(model: type[Model], keys: list[int]) -> None:
    for start in range(0, len(keys), CHUNK):
        model._base_manager.filter(pk__in=keys[start : start + CHUNK])._raw_delete(using=connection.alias)


def _insert(model: type[Model], rows: list[Model]) -> None:
    """One prepared INSERT for all rows: an ORM insert of this size spends its time building SQL text."""
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:  # table and columns are our own models'; values are parameters
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", _values(fields, rows))  # noqa: S608


def _values(fields: list[Any], rows: list[Model]) -> list[list[Any]]:
    ready = [(field.attname, field.get_db_prep_save) for field in fields]
    return [[prepare(getattr(row, name), connection) for name, prepare in ready] for row in rows]
