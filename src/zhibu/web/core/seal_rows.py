"""Seals, or opens again, columns of a table that holds rows already: for migrations with `atomic = False`.

Rows are taken by primary key, `BATCH` of them to a transaction, and written with one statement: a kill loses at most a
batch, and the next run goes on where it stopped, for a row without a `row_key` is one still in plain.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Mapping

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from zhibu.web.core import sealed

BATCH = 2000
Columns = Mapping[str, str]  # the plain column → the SealedField that takes its value


def seal_rows(model: type[models.Model], columns: Columns) -> None:
    """Every row still in plain gets its `row_key`, sealed texts and digests; the plain columns stay as they are."""
    stored = ["row_key", *_stored(model, columns)]
    for rows in _batches(model, model._base_manager.filter(row_key=None), ["pk", *columns], "已封存"):
        for row in rows:
            row.row_key = uuid.uuid4()
            for plain, column in columns.items():
                sealed.put(row, column, getattr(row, plain))
        write(rows, stored)


def open_rows(model: type[models.Model], columns: Columns) -> None:
    """The way back: plain columns filled, the sealed ones and the `row_key` emptied. Raises crypto.CryptoError."""
    stored = _stored(model, columns)
    names = ["pk", "row_key", *columns.values()]
    for rows in _batches(model, model._base_manager.exclude(row_key=None), names, "已解封"):
        for row in rows:
            for plain, column in columns.items():
                setattr(row, plain, sealed.whole(row, column))
            row.row_key = None
            for name in stored:
                setattr(row, name, "")
        write(rows, ["row_key", *columns, *stored])


def write(rows: list[models.Model], names: list[str]) -> None:
    """These columns of these rows of one table, in one transaction (`bulk_update` builds thousands of CASEs)."""
    if not rows:
        return
    table, quote = rows[0]._meta, connection.ops.quote_name
    fields = [table.get_field(name) for name in names]
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(table.db_table)} SET {sets} WHERE {quote(table.pk.column)} = %s",  # noqa: S608 - names only
            values,
        )


def by_key(rows: models.QuerySet) -> Iterator[list[models.Model]]:
    """`rows` in the order of their keys, BATCH at a time; the next is read when the one before was dealt with."""
    last = None
    while found := list((rows if last is None else rows.filter(pk__gt=last)).order_by("pk")[:BATCH]):
        yield found
        last = found[-1].pk


def clear_the_disk(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Write tables anew: a column that was dropped leaves its values in free pages. No transaction may be open."""
    statements = {
        "sqlite": ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"],
        "postgresql": [f"VACUUM FULL {table}" for table in tables],
    }
    with connection.cursor() as cursor:
        for statement in statements.get(connection.vendor, []):
            cursor.execute(statement)


def _batches(
    model: type[models.Model], rows: models.QuerySet, names: list[str], word: str
) -> Iterator[list[models.Model]]:
    """By key; tells on stderr how far it is, when there is more than one batch."""
    total, done = rows.count(), 0
    for found in by_key(rows.only(*names)):
        yield found
        done += len(found)
        if total > BATCH:
            print(f"\r{model._meta.verbose_name}：{word} {done} / {total}", end="", file=sys.stderr, flush=True)
    if total > BATCH:
        print(file=sys.stderr)


def _stored(model: type[models.Model], columns: Columns) -> list[str]:
    fields = [model._meta.get_field(column) for column in columns.values()]
    return [name for field in fields for name in (field.name, field.digest) if name]
