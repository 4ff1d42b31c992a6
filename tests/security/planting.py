"""Payloads in the place of the world's canaries: every text column of every table, texts inside JSON too."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

from zhibu.web.audit import guard

CANARY = re.compile(r"ZQ\d+q\w*")


@dataclass
class Planted:
    """What stood where before: (table, column, key's column, key, value, is JSON)."""

    spots: list[tuple[str, str, str, Any, str, bool]] = field(default_factory=list)

    @property
    def columns(self) -> set[tuple[str, str]]:
        return {(table, column) for table, column, *_ in self.spots}


def find() -> Planted:
    planted = Planted()
    for model in apps.get_models():
        key = model._meta.pk.column
        for one in model._meta.local_concrete_fields:
            if isinstance(one, (models.CharField, models.TextField, models.JSONField)) and one.column != key:
                planted.spots += _spots(model._meta.db_table, one.column, key, isinstance(one, models.JSONField))
    return planted


def _spots(table: str, column: str, key: str, is_json: bool) -> list[tuple[str, str, str, Any, str, bool]]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quote(key)}, {quote(column)} FROM {quote(table)} WHERE {quote(column)} LIKE '%ZQ%'")
        return [(table, column, key, pk, value, is_json) for pk, value in cursor.fetchall() if CANARY.search(value)]


def plant(planted: Planted, text: str) -> None:
    """SQLite holds whatever length: every field gets the whole text."""
    quote, inside = connection.ops.quote_name, json.dumps(text)[1:-1]
    with guard.without_triggers(), connection.cursor() as cursor:
        for table, column, key, pk, value, is_json in planted.spots:
            added = inside if is_json else text
            new = CANARY.sub(lambda found, added=added: found[0] + added, value)
            cursor.execute(
                f"UPDATE {quote(table)} SET {quote(column)} = %s WHERE {quote(key)} = %s",
                [new, pk],
            )
