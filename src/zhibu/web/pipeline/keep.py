"""Writes an evaluation's tables into the database by difference: what did not change is not touched.

A nightly run over an unchanged county writes almost nothing, so writers wait for milliseconds, not for the run.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet

CHUNK = 2000
Key = tuple[Hashable, ...]


def keep(rows: Iterable[Model], existing: QuerySet, key: tuple[str, ...], values: tuple[str, ...]) -> int:
    """Make the stored rows of `existing` equal to `rows` (unsaved instances); returns how many rows were written.

    `key` names the columns that identify a row, `values` those that may change.
    """
    model = existing.model
    old = {row[1 : len(key) + 1]: row for row in existing.values_list("pk", *key, *values)}
    fresh, changed = [], []
    for row in rows:
        name = tuple(getattr(row, column) for column in key)
        was = old.pop(name, None)
        if was is None:
            fresh.append(row)
        elif was[len(key) + 1 :] != tuple(getattr(row, column) for column in values):
            row.pk = was[0]
            changed.append(row)
    _write(model, fresh, changed, values, [row[0] for row in old.values()])
    return len(fresh) + len(changed) + len(old)


def _write(model: type[Model], fresh: list, changed: list, values: tuple[str, ...], gone: list[int]) -> None:
    rows = model._base_manager
    for start in range(0, len(gone), CHUNK):
        rows.filter(pk__in=gone[start : start + CHUNK]).delete()
    rows.bulk_create(fresh, batch_size=CHUNK)
    if changed:
        rows.bulk_update(changed, values, batch_size=200)


def pick(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}
