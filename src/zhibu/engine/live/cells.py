"""The cells of a table as small numbers, those of a row side by side, from which Python rows are made in no time.

A change wakes the few dozen rows of one subject out of eight million. Fetched column by column from Arrow, every cell
costs a scalar and every column its own places in memory; here they are one block of whole numbers and a look-up each.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.conditions import Row
from zhibu.engine.facts.cells import plain

Codes = npt.NDArray[np.int32]
Places = slice | npt.NDArray[np.int64]
Values = Callable[[list[int]], Iterable[Any]]  # the values of codes
Reader = Callable[[Places], list[Row]]
FEW = 1 << 16  # rows that are looked at before the values of a column are numbered


class Cells:
    """Equal lists of a column are the same object in all its rows."""

    def __init__(self, table: pa.Table):
        self._blank: list[str] = []  # without any value
        self._loose: dict[str, pa.Array] = {}  # nearly every value another one, so nothing is won by numbering them
        self._values: dict[str, Values] = {}
        codes = []
        for name in table.column_names:
            column = plain(table[name])
            if column.null_count == len(column):
                self._blank.append(name)
            elif (found := _coded(column)) is None:
                self._loose[name] = column
            else:
                codes.append(found[0])
                self._values[name] = found[1]
        self._codes = np.empty((len(table), len(codes)), np.int32)
        for at, own in enumerate(codes):
            self._codes[:, at] = own

    def reader(self, wanted: Container[str] | None = None) -> Reader:
        """Gives the rows at some places as `to_pylist` would, with all columns or those wanted."""
        coded = [(at, one) for at, one in enumerate(self._values.items()) if wanted is None or one[0] in wanted]
        loose = [one for one in self._loose.items() if wanted is None or one[0] in wanted]
        blank = [one for one in self._blank if wanted is None or one in wanted]
        names = [*(name for _, (name, _) in coded), *(name for name, _ in loose), *blank]

        def read(places: Places) -> list[Row]:
            rows = self._codes[places]
            codes = rows.T.tolist()
            columns = [values(codes[at]) for at, (_, values) in coded]
            columns += (_cells(column, places) for _, column in loose)
            columns += (repeat(None, len(rows)) for _ in blank)
            return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]

        return read


def _cells(column: pa.Array, places: Places) -> list[Any]:
    at = column[places] if isinstance(places, slice) else column.take(pa.array(places))
    cells: list[Any] = at.to_pylist()
    return cells


def _coded(column: pa.Array) -> tuple[Codes, Values] | None:
    """A code for every cell, and what gives their values; None where most values are there only once."""
    if is_.is_integer(column.type) and column.null_count == 0 and _short(column):
        return column.to_numpy().astype(np.int32), _same
    if is_.is_list(column.type):
        return _lists(column)
    if len(column) > FEW and len(pc.unique(column[:FEW])) > FEW // 2:
        return None
    encoded = column.dictionary_encode()
    return _codes(encoded), _words(encoded.dictionary.to_pylist())


def _short(column: pa.Array) -> bool:
    ends = pc.min_max(column).as_py()
    return bool(ends["min"] >= -(2**31) and ends["max"] < 2**31)


def _lists(column: pa.Array) -> tuple[Codes, Values]:
    """Lists numbered by what they begin with: the code so far and the next member make the next code."""
    members = column.values.dictionary_encode()
    words, own = members.dictionary.to_pylist(), _codes(members)
    starts, lengths = column.offsets.to_numpy()[:-1], np.diff(column.offsets.to_numpy())
    codes, lists, wide, place = np.zeros(len(column), np.int64), [list[Any]()], len(words) + 1, 0
    while len(longer := np.flatnonzero(lengths > place)):
        keys = pa.array(codes[longer] * wide + own[starts[longer] + place] + 1).dictionary_encode()
        codes[longer] = keys.indices.to_numpy() + len(lists)
        begun = (divmod(key, wide) for key in keys.dictionary.to_pylist())
        lists += [[*lists[before], words[member - 1] if member else None] for before, member in begun]
        place += 1
    codes[column.is_null().to_numpy(zero_copy_only=False)] = -1
    return codes.astype(np.int32), _words(lists)


def _codes(encoded: pa.DictionaryArray) -> Codes:
    """−1 where it is null."""
    return np.asarray(pc.fill_null(encoded.indices, -1), np.int32)


def _words(words: list[Any]) -> Values:
    word = [*words, None].__getitem__  # the last one for −1
    return lambda codes: map(word, codes)


def _same(codes: list[int]) -> Iterable[int]:
    return codes
