"""Rows of a Parquet table without reading the rest: row groups that cannot hold them are passed over. Serves speed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as is_

from zhibu.engine.facts import files, lookup
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.lookup import Numbers
from zhibu.engine.facts.shape import ROW, TEXT

BATCH = 65_536  # rows decoded at a time
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Group:
    """A row group of one file. `first`: the number of its first row in the table, counted from 1."""

    file: pq.ParquetFile
    index: int
    first: int

    def may_hold(self, column: str, wanted: list[str]) -> bool:
        """False when the statistics rule out every value; `wanted` is sorted."""
        lowest, highest = self._bounds(column)
        if not isinstance(lowest, str) or not isinstance(highest, str):
            return True
        at = bisect_left(wanted, lowest)
        return at < len(wanted) and wanted[at] <= highest

    def empty(self, column: str) -> bool:
        """The statistics say that the column has no value here."""
        found = self._statistics(column)
        return found is not None and found.has_null_count and found.null_count == self.rows

    @property
    def rows(self) -> int:
        return int(self.file.metadata.row_group(self.index).num_rows)

    def _bounds(self, column: str) -> tuple[object, object]:
        found = self._statistics(column)
        return (found.min, found.max) if found is not None and found.has_min_max else (None, None)

    def _statistics(self, column: str) -> pq.Statistics | None:
        group = self.file.metadata.row_group(self.index)
        for at in range(group.num_columns):
            if group.column(at).path_in_schema == column:
                return group.column(at).statistics
        return None

    def among(self, numbers: Numbers) -> Mask:
        """The rows with these numbers, which are sorted."""
        low, high = np.searchsorted(numbers, (self.first, self.first + self.rows))
        mask = np.zeros(self.rows, bool)
        mask[numbers[low:high] - self.first] = True
        return mask

    def column(self, name: str) -> pa.Array:
        return plain(self.file.read_row_group(self.index, columns=[name])[name])

    def taken(self, at: Mask) -> pa.Table:
        """The rows of the mask, whole, with their numbers; nothing is decoded beyond the last of them."""
        places, found, before = np.flatnonzero(at), [], 0
        for batch in self.file.iter_batches(BATCH, row_groups=[self.index]):
            here = places[(places >= before) & (places < before + len(batch))] - before
            found.append(batch.take(pa.array(here)))
            before += len(batch)
            if before > places[-1]:
                break
        table = pa.Table.from_batches(found)
        table = table.drop_columns([ROW] if ROW in table.column_names else [])
        return table.append_column(ROW, pa.array(places + self.first, pa.int64()))


class Groups:
    """The row groups of a file, or of all files of a folder in name order. Raises EngineError where one is broken."""

    def __init__(self, path: Path):
        self.path = path
        with files.readable(path):
            self.parts = files.parts(path)
            self.files = [pq.ParquetFile(part) for part in self.parts]
            nothing = [file.schema_arrow.empty_table() for file in self.files]
            self.nothing = files.numbered(pa.concat_tables(nothing, promote_options="permissive"))

    def __iter__(self) -> Iterator[Group]:
        first = 1
        for file in self.files:
            for index in range(file.metadata.num_row_groups):
                group = Group(file, index, first)
                first += group.rows
                yield group

    def holds(self, column: str) -> bool:
        """The column is there, once, in every file: only then can rows be looked up by it."""
        return all(file.schema_arrow.names.count(column) == 1 for file in self.files)

    def where(self, column: str, values: Collection[str]) -> pa.Table:
        """The rows whose id is one of the values; ids of whole numbers are compared as text."""
        wanted = sorted(values)
        if not wanted or not self.holds(column):
            return self.nothing
        numbers = lookup.numbers(self.parts, self._schemas(), column, wanted)
        if numbers is not None:
            return self.gathered(iter(self), lambda group: group.among(numbers))
        asked = pa.array(wanted, TEXT)
        groups = (group for group in self if group.may_hold(column, wanted))
        return self.gathered(groups, lambda group: _is_in(group.column(column), asked))

    def _schemas(self) -> list[pa.Schema]:
        return [file.schema_arrow for file in self.files]

    def gathered(self, groups: Iterator[Group], test: Callable[[Group], Mask]) -> pa.Table:
        """The rows of the groups that pass the test, with the types of the whole table."""
        found = [self.nothing]
        with files.readable(self.path):
            for group in groups:
                if (mask := test(group)).any():
                    found.append(group.taken(mask))
            return pa.concat_tables(found, promote_options="permissive")


def _is_in(values: pa.Array, asked: pa.Array) -> Mask:
    if is_.is_integer(values.type):
        values = values.cast(TEXT)
    if not is_.is_string(values.type):
        return np.zeros(len(values), bool)
    mask: Mask = pc.is_in(values, asked).to_numpy(zero_copy_only=False)
    return mask
