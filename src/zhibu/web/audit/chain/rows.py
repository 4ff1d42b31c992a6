"""Sealed lines in the order of the chain, from the database or from an archive file: the same rows either way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from zhibu.web.audit.chain.canonical import COLUMNS, digest, text
from zhibu.web.audit.models import Seal

CHUNK = 5000


class Row(NamedTuple):
    number: int
    algorithm: str
    hash: str
    sealed_at: datetime
    values: Sequence[Any]  # in the order of COLUMNS; those of a line that is gone are all None but its id

    @property
    def gone(self) -> bool:
        return self.values[1] is None

    def digest(self, number: int, before: str) -> str:
        return digest(self.algorithm, number, self.sealed_at, self.values, before)


def stored(after: int = 0, up_to: int | None = None) -> Iterator[Row]:
    """The seals beyond number `after` with their lines, from the database, as of one moment."""
    found = Seal.objects.filter(number__gt=after, **({} if up_to is None else {"number__lte": up_to}))
    columns = ("number", "algorithm", "hash", "at", *(f"line__{name}" for name in COLUMNS))
    for values in found.order_by("number").values_list(*columns).iterator(chunk_size=CHUNK):
        yield Row(*values[:4], values[4:])


def archived(file: Path) -> Iterator[Row]:
    """The rows of an archive file. Raises ValueError when it is not one."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        next(lines)  # what the file is, for its reader
        for line in lines:
            kept = json.loads(line)
            moment = datetime.fromisoformat(kept["sealed_at"])
            values = [kept["line"][name] for name in COLUMNS]
            values[1] = datetime.fromisoformat(values[1])
            yield Row(kept["number"], kept["algorithm"], kept["hash"], moment, values)


def as_json(row: Row) -> str:
    """One line of an archive: each column in the spelling its digest was made of."""
    line = {name: None if value is None else text(value) for name, value in zip(COLUMNS, row.values, strict=True)}
    kept = {"number": row.number, "algorithm": row.algorithm, "hash": row.hash, "sealed_at": text(row.sealed_at)}
    return json.dumps(kept | {"line": line}, ensure_ascii=False)
