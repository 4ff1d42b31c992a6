"""Texts of a column read straight from its bytes, and sets of texts most of which are in a column."""

from __future__ import annotations

from bisect import bisect_left

import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.facts.cells import plain


class Texts:
    """A plain column of text without nulls."""

    def __init__(self, column: pa.Array):
        _, starts, data = column.buffers()
        self._starts = memoryview(starts or b"\0\0\0\0").cast("i")[column.offset :]
        self._data = memoryview(data or b"")

    def read(self, place: int) -> str:
        return str(self._data[self._starts[place] : self._starts[place + 1]], "utf-8")

    def bytes(self, place: int) -> bytes:
        return bytes(self._data[self._starts[place] : self._starts[place + 1]])


class TextSet:
    """Each text of the column is there once, and none is null."""

    def __init__(self, column: pa.ChunkedArray):
        texts = plain(column)
        self._texts, self._order = Texts(texts), memoryview(pc.array_sort_indices(texts).to_numpy())
        self._changed: dict[str, bool] = {}

    def __contains__(self, text: str) -> bool:
        if text in self._changed:
            return self._changed[text]
        wanted = text.encode()  # whose order is that of the texts
        at = bisect_left(self._order, wanted, key=self._texts.bytes)
        return at < len(self._order) and self._texts.bytes(self._order[at]) == wanted

    def put(self, text: str, there: bool) -> None:
        self._changed[text] = there
