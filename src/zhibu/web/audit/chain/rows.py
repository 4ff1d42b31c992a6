"""Sealed lines in the order of the chain, from the database or from an archive file: the same rows either way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from zhibu.web.audit.chain.canonical import COLUMNS, bodies, digest, moment, part, spelt
from zhibu.web.audit.models import Seal

CHUNK = 4000
AT = COLUMNS.index("at")


class Row(NamedTuple):
    number: int
    algorithm: str
    hash: str
    sealed_at: str  # as the digest has it
    line: int | None
    at: str | None  # None: the line is gone
    body: str

    def digest(self, number: int, before: str) -> str:
        return digest(self.algorithm, number, self.sealed_at, self.body, before)

    @property
    def moment(self) -> datetime:
        """When the line was written."""
        return datetime.fromisoformat(self.at or self.sealed_at)


def raw(rows: QuerySet, *columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """Chunks of rows as the driver gives them: Django's conversions took half of a verification."""
    sql, params = rows.values_list(*columns).query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk


def stored(after: int = 0) -> Iterator[Row]:
    """The seals beyond number `after` with their lines, from the database, as of one moment."""
    for seals, columns in _stored(after):
        yield from _rows(seals, columns[0], map(moment, columns[AT]), bodies(columns))


def stored_texts(after: int = 0) -> Iterator[tuple[Row, dict[str, str | None]]]:
    """… with every column as text, for an archive."""
    for seals, columns in _stored(after):
        texts = spelt(columns)
        rows = _rows(seals, columns[0], texts[AT], bodies(columns))
        lines = (dict(zip(COLUMNS, line, strict=True)) for line in zip(*texts, strict=True))
        yield from zip(rows, lines, strict=True)


def _stored(after: int) -> Iterator[tuple[list[tuple], list[tuple]]]:
    found = Seal.objects.filter(number__gt=after).order_by("number")
    for chunk in raw(found, "number", "algorithm", "hash", "at", *(f"line__{name}" for name in COLUMNS)):
        yield [row[:4] for row in chunk], list(zip(*(row[4:] for row in chunk), strict=True))


def _rows(seals: Any, lines: Any, moments: Any, texts: Any) -> Iterator[Row]:
    for (number, name, kept, sealed), line, at, body in zip(seals, lines, moments, texts, strict=True):
        yield Row(number, name, kept, moment(sealed) or "", line, at, body)


def archived(file: Path) -> Iterator[Row]:
    """The rows of an archive file. Raises ValueError or KeyError when it is not one."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        next(lines)  # what the file is, for its reader
        for kept in map(json.loads, lines):
            texts: Sequence[str | None] = [kept["line"][name] for name in COLUMNS]
            body = "".join(map(part, texts))
            yield Row(
                kept["number"], kept["algorithm"], kept["hash"], kept["sealed_at"], int(texts[0] or 0), texts[AT], body
            )


def as_json(row: Row, line: dict[str, str | None]) -> str:
    """One line of an archive: each column in the spelling its digest was made of."""
    kept = {"number": row.number, "algorithm": row.algorithm, "hash": row.hash, "sealed_at": row.sealed_at}
    return json.dumps(kept | {"line": line}, ensure_ascii=False)
