"""The cells of a table as small numbers, those of a row side by side, from which Python rows are made in no time.

A change wakes the few dozen rows of one subject out of eight million. Fetched column by column from Arrow, every cell
costs a scalar and every column its own places in memory; here they are one block of whole numbers and a look-up each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.conditions import Row
from zhibu.engine.facts.cells import plain
from zhibu.engine.live.texts import Texts

Codes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]  # of rows
Words = Sequence[Any]  # the values of codes, the last one for −1
FEW = 1 << 16  # rows that are looked at before the values of a column are numbered
FEWER = 8  # rows that are sooner made one by one than column by column
ITSELF = range(2**31)  # the value of every code


class Cells:
    """Equal lists of a column are the same object in all its rows."""

    def __init__(self, table: pa.Table):
        self._blank: list[str] = []  # without any value
        self._loose: dict[str, pa.Array] = {}  # nearly every value another one, so nothing is won by numbering them
        self._words: dict[str, Words] = {}
        codes = []
        for name in table.column_names:
            column = plain(table[name])
            if column.null_count == len(column):
                self._blank.append(name)
            elif (found := _coded(column)) is None:
                self._loose[name] = column
            else:
                codes.append(found[0])
                self._words[name] = found[1]
        self._codes = np.empty((len(table), len(codes)), np.int32)
        for at, own in enumerate(codes):
            self._codes[:, at] = own
        self._word = [words.__getitem__ for words in self._words.values()]
        self._read = [_reading(column) for column in self._loose.values()]
        self._nones = [None] * len(self._blank)
        self._names = (*self._words, *self._loose, *self._blank)
        self._readings: dict[str, Callable[[int], Any]] = {}

    def rows(self, places: slice | Places) -> list[Row]:
        """The rows as `to_pylist` would give them."""
        found, names = self._codes[places], self._names
        if len(found) < FEWER:
            cells = zip(found.tolist(), _all(places).tolist(), strict=True)
            return [dict(zip(names, self._row(codes, place), strict=True)) for codes, place in cells]
        columns: list[Iterable[Any]] = [map(word, own) for word, own in zip(self._word, found.T.tolist(), strict=True)]
        columns += (map(read, _all(places).tolist()) for read in self._read)
        columns += (repeat(None, len(found)) for _ in self._blank)
        return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]

    def row(self, place: int) -> Row:
        return dict(zip(self._names, self._row(self._codes[place].tolist(), place), strict=True))

    def _row(self, codes: list[int], place: int) -> list[Any]:
        own = [word(code) for word, code in zip(self._word, codes, strict=True)]
        return [*own, *[read(place) for read in self._read], *self._nones]

    def reading(self, name: str) -> Callable[[int], Any]:
        """The cell of a column by the place of its row."""
        if name not in self._readings:
            self._readings[name] = self._read_cell(name)
        return self._readings[name]

    def _read_cell(self, name: str) -> Callable[[int], Any]:
        if name in self._loose:
            return _reading(self._loose[name])
        if name in self._blank:
            return lambda place: None
        codes, words = self._codes[:, list(self._words).index(name)], self._words[name]
        return lambda place: words[codes[place]]

    def having(self, name: str) -> Having | None:
        """For a column of lists; None when it has no value."""
        words = self._words.get(name)
        return None if words is None else Having(self._codes[:, list(self._words).index(name)], words)


class Having:
    """Which rows have some member in the list of a column."""

    def __init__(self, codes: Codes, words: Words):
        self._codes, self._words = codes, words
        self._fits: dict[str, npt.NDArray[np.bool_]] = {}  # by member, the codes

    def places(self, members: Iterable[str], places: slice | Places) -> Places:
        """Those of the places that have one of the members."""
        fits = [self._of(member) for member in members]
        found: Places = _all(places)[np.logical_or.reduce(fits)[self._codes[places]]]
        return found

    def _of(self, member: str) -> npt.NDArray[np.bool_]:
        if member not in self._fits:
            self._fits[member] = np.array([word is not None and member in word for word in self._words])
        return self._fits[member]


def _all(places: slice | Places) -> Places:
    return np.arange(places.start, places.stop) if isinstance(places, slice) else places


def _reading(column: pa.Array) -> Callable[[int], Any]:
    if is_.is_string(column.type) and column.null_count == 0:
        return Texts(column).read
    return lambda place: column[place].as_py()


def _coded(column: pa.Array) -> tuple[Codes, Words] | None:
    """A code for every cell, and their values; None where most values are there only once."""
    if is_.is_integer(column.type) and column.null_count == 0 and _short(column):
        return column.to_numpy().astype(np.int32), ITSELF
    if is_.is_list(column.type):
        return _lists(column)
    if len(column) > FEW and len(pc.unique(column[:FEW])) > FEW // 2:
        return None
    encoded = column.dictionary_encode()
    return _codes(encoded), [*encoded.dictionary.to_pylist(), None]


def _short(column: pa.Array) -> bool:
    ends = pc.min_max(column).as_py()
    return bool(ends["min"] >= 0 and ends["max"] in ITSELF)


def _lists(column: pa.Array) -> tuple[Codes, Words]:
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
    return codes.astype(np.int32), [*lists, None]


def _codes(encoded: pa.DictionaryArray) -> Codes:
    """−1 where it is null."""
    return np.asarray(pc.fill_null(encoded.indices, -1), np.int32)
