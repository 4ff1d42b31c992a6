"""Rejected rows as columns. Ten million of them fit in memory and are put in order without an object for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.errors import Rejected

Numbers = npt.NDArray[np.int64]
WORD = pa.dictionary(pa.int32(), pa.string())  # few words, many rows
KEPT = pa.schema([("table", WORD), ("row", pa.int64()), ("id", pa.string()), ("column", WORD), ("reason", WORD)])
NAMES = [one.name for one in fields(Rejected)]
BITS = 62  # of a sort key
PIECE = 2**18  # rows


@dataclass(frozen=True, slots=True)
class Rejections(Sequence[Rejected]):
    """A sequence of Rejected; `kept` has the columns of KEPT."""

    kept: pa.Table = field(default_factory=KEPT.empty_table)

    def __len__(self) -> int:
        return int(self.kept.num_rows)

    @overload
    def __getitem__(self, place: int) -> Rejected: ...
    @overload
    def __getitem__(self, place: slice) -> Rejections: ...
    def __getitem__(self, place: int | slice) -> Rejected | Rejections:
        if isinstance(place, slice):
            return Rejections(self.kept.take(pa.array(range(len(self))[place], pa.int64())))
        return next(_rows(self.kept.slice(range(len(self))[place], 1)))

    def __iter__(self) -> Iterator[Rejected]:
        return _rows(self.kept)

    def __add__(self, other: Iterable[Rejected]) -> Rejections:
        return Rejections(pa.concat_tables([self.kept, gathered(other).kept]))

    def ordered(self) -> Rejections:
        """By table, row, column and reason."""
        if len(self) < 2:
            return self
        table = self.kept.unify_dictionaries().combine_chunks()
        words = [_ranks(table[name].combine_chunks()) for name in ("table", "column", "reason")]
        rows = table["row"].to_numpy()
        return Rejections(table.take(pa.array(_order(words[0], rows, words[1], words[2]))))

    def plain(self, schema: pa.Schema) -> pa.Table:
        """As a table of that schema, words written out."""
        return self.kept.cast(schema)

    def pieces(self, schema: pa.Schema) -> Iterator[pa.Table]:
        """The same, a part at a time: written out, words take far more room."""
        for start in range(0, len(self), PIECE):
            yield self.kept.slice(start, PIECE).cast(schema)


def gathered(rows: Iterable[Rejected]) -> Rejections:
    """Rejected rows from anywhere."""
    if isinstance(rows, Rejections):
        return rows
    listed = list(rows)
    columns = {name: [getattr(row, name) for row in listed] for name in NAMES}
    return Rejections(pa.table(columns, schema=KEPT))


def about(rejected: Iterable[Rejected], table: str, rows: Iterable[int]) -> dict[int, list[Rejected]]:
    """What is wrong with some rows of a table, by row."""
    kept = gathered(rejected).kept
    asked = pc.is_in(kept["row"], pa.array(list(rows), pa.int64()))
    found: dict[int, list[Rejected]] = {}
    for one in _rows(kept.filter(pc.and_(asked, pc.equal(kept["table"].cast(pa.string()), table)))):
        found.setdefault(one.row, []).append(one)
    return found


def of(table: str, rows: pa.Array, ids: pa.Array, column: str, reason: str) -> Rejections:
    """Rows of a table rejected for one reason."""
    table_, column_, reason_ = (_repeated(word, len(rows)) for word in (table, column, reason))
    return Rejections(pa.table([table_, rows, ids, column_, reason_], schema=KEPT))


def _repeated(word: str, times: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(times, np.int32)), pa.array([word]))


def _rows(table: pa.Table) -> Iterator[Rejected]:
    for batch in table.to_batches(max_chunksize=10_000):
        columns = [batch.column(name).to_pylist() for name in NAMES]
        yield from map(Rejected, *columns)


def _ranks(words: pa.DictionaryArray) -> Numbers:
    """The place of each row's word among all words in order."""
    known = words.dictionary.to_pylist()
    ranks = np.empty(len(known), np.int64)
    ranks[sorted(range(len(known)), key=known.__getitem__)] = np.arange(len(known))
    found: Numbers = ranks[words.indices.to_numpy()]
    return found


def _order(table: Numbers, row: Numbers, column: Numbers, reason: Numbers) -> Numbers:
    """Packed into one number where they fit: sorting one is several times faster than sorting four."""
    parts = [table, row, column, reason]
    widths = [int(part.max()).bit_length() for part in parts]
    if sum(widths) > BITS or any(part.min() < 0 for part in parts):
        return np.lexsort(parts[::-1]).astype(np.int64)
    key = np.zeros(len(row), np.int64)
    for part, width in zip(parts, widths, strict=True):
        key = key << width | part
    return np.argsort(key, kind="stable")
