"""Second pass of making a store: values get their order, events their places by subject, and both are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from zhibu.engine.packed import Unfit
from zhibu.engine.packed.ahead import ahead
from zhibu.engine.packed.columns import Cells, narrow, ranked, ratios
from zhibu.engine.packed.making import Made
from zhibu.engine.packed.mapped import create, forget
from zhibu.engine.packed.native import Numbers, at, kernel, whole
from zhibu.engine.packed.noted import Put
from zhibu.engine.packed.spool import Spool

OFTEN = 8  # row groups after which written pages are let go


@dataclass(frozen=True, slots=True)
class Values:
    """A column's distinct values in order, and for each group the codes of its own values (the last one: of null)."""

    kept: pa.Array
    codes: list[Numbers]


def values_of(made: Made, column: str) -> Values:
    own = [put.values[column] for put in made.puts]
    every = _together(own, column)
    if column == "attendance":
        found, codes = ratios(np.asarray(every).astype(np.int64))
        kept = pa.array(found.tops << 32 | found.bottoms, pa.int64())
    elif pa.types.is_list(every.type):
        kept, codes = _lists(every)
    else:
        ordered, codes = ranked(every)
        kept = ordered.array if isinstance(ordered, Cells) else pa.array(ordered, every.type)
    ends = np.cumsum([0, *map(len, own)])
    return Values(kept, [np.append(codes[first:last], 0) for first, last in pairwise(ends)])


def _together(arrays: list[pa.Array], column: str) -> pa.Array:
    """One array of the values of all groups; a group of nulls takes the type of the others."""
    kinds = {one.type for one in arrays if not pa.types.is_null(one.type)}
    if len(kinds) > 1:
        raise Unfit(f"column {column} has several types")
    kind = kinds.pop() if kinds else pa.null()
    return pa.concat_arrays([one.cast(kind) for one in arrays]) if arrays else pa.nulls(0)


def _lists(values: pa.Array) -> tuple[pa.Array, Numbers]:
    known: dict[tuple[Any, ...], int] = {}
    codes = np.array([known.setdefault(tuple(one or ()), len(known)) + 1 for one in values.to_pylist()], np.int64)
    return pa.array(map(list, known), values.type), codes


def days_of(made: Made) -> Numbers:
    found: Numbers = np.unique(np.concatenate([np.zeros(0, np.int32), *(put.days for put in made.puts)]))
    return found.astype(np.int32)


class Placing:
    """Writes the events of one kind of subject into a folder, in the order of subjects."""

    def __init__(self, folder: Path, kind: str, made: Made, spool: Spool, days: Numbers, columns: dict[str, Values]):
        self.folder, self.kind, self.made, self.spool = folder, kind, made, spool
        self.days, self.columns = days, columns

    def write(self, subjects: int) -> None:
        """of, held, recorded, c0, c1 … in the order of `columns`; id_row unless event e has the e-th id."""
        self.folder.mkdir(parents=True, exist_ok=True)
        of = self._of(subjects)
        np.save(self.folder / "of.npy", of)
        self.out = {name: self._open(name, len(self.days), int(of[-1])) for name in ("held", "recorded")}
        for place, (name, values) in enumerate(self.columns.items()):
            self.out[name] = self._open(f"c{place}", len(values.kept), int(of[-1]))
        self.id_row = self._open("id_row", 2**31, int(of[-1]))
        if self._fill_all(of[:-1].copy()) and of[-1] == self.made.rows:
            (self.folder / "id_row.npy").unlink()

    def _of(self, subjects: int) -> Numbers:
        counts = np.zeros(subjects, np.int64)
        for put in self.made.puts:
            owner = self._owner(put)
            owner = owner[owner >= 0]
            if len(owner):
                low = int(owner.min())
                found = np.bincount(owner - low)
                counts[low : low + len(found)] += found
        return np.concatenate([[0], np.cumsum(counts)])

    def _owner(self, put: Put) -> Numbers:
        owner = self.spool.get(put.arrays[f"of {self.kind}"])
        return owner if put.gone is None else np.where(put.gone, -1, owner).astype(np.int32)

    def _open(self, name: str, count: int, rows: int) -> Numbers:
        return create(self.folder / f"{name}.npy", narrow(np.zeros(0), count).dtype, rows)

    def _fill_all(self, free: Numbers) -> bool:
        """Whether every row went to the place of its own number."""
        same = True
        for number, straight in enumerate(ahead(self._fills(free))):
            same = same and straight
            if number % OFTEN == 0:
                forget()
        return same

    def _fills(self, free: Numbers) -> Iterator[Callable[[], bool]]:
        """For each group, in order: its rows take the next free places of their owners."""
        row = 0
        for number, put in enumerate(self.made.puts):
            owner = self._owner(put)
            places = np.empty(len(owner), np.int64)
            follow = kernel().place(whole(len(owner)), at(owner), at(free), at(places))
            straight = bool(follow and (not len(places) or (places[0] == row and places[-1] == row + len(places) - 1)))
            yield partial(self._fill, put, number, places, row, straight)
            row += len(owner)

    def _fill(self, put: Put, number: int, places: Numbers, row: int, straight: bool) -> bool:
        kept = slice(None) if straight else places >= 0
        to = slice(row, row + len(places)) if straight else places[kept]
        days = np.searchsorted(self.days, put.days)
        for name in ("held", "recorded"):
            self.out[name][to] = days.astype(self.out[name].dtype)[self.spool.get(put.arrays[name])[kept]]
        for name, values in self.columns.items():
            codes = values.codes[number].astype(self.out[name].dtype)
            self.out[name][to] = codes[self.spool.get(put.arrays[f"is {name}"])[kept]]
        self.id_row[to] = np.arange(row, row + len(places))[kept]
        return straight


def write_ids(folder: Path, made: Made, spool: Spool) -> None:
    """The texts of event ids in the order of rows: where each begins (id_at), and their bytes."""
    begins = create(folder / "id_at.npy", np.int64, made.rows + 1)
    end, row = 0, 0
    begins[0] = 0
    with (folder / "id_bytes.bin").open("wb") as file:
        for put in made.puts:
            ends = end + np.cumsum(spool.get(put.arrays["lengths"]), dtype=np.int64)
            begins[row + 1 : row + 1 + put.rows] = ends
            file.write(spool.get(put.arrays["text"]).tobytes())
            row, end = row + put.rows, int(ends[-1]) if len(ends) else end
