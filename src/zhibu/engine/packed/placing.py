"""Second pass of making a store: values get their order, events their places by subject, and both are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.packed import Unfit
from zhibu.engine.packed.ahead import ahead
from zhibu.engine.packed.columns import Cells, narrow, ranked, ratios
from zhibu.engine.packed.making import Made
from zhibu.engine.packed.mapped import Filed, forget, write_at
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
        of, self.straight = self._of(subjects)
        np.save(self.folder / "of.npy", of)
        with ExitStack() as files:
            self._files, rows = files, int(of[-1])
            self.out = {name: self._open(name, len(self.days), rows) for name in ("held", "recorded")}
            for place, (name, values) in enumerate(self.columns.items()):
                self.out[name] = self._open(f"c{place}", len(values.kept), rows)
            if not self.straight:
                self.id_row = self._open("id_row", 2**31, rows)
            self._fill_all(of[:-1].copy())

    def _of(self, subjects: int) -> tuple[Numbers, bool]:
        """Where the events of each subject begin; whether all good rows stand in the order of subjects already."""
        counts, last, straight = np.zeros(subjects, np.int64), 0, True
        for put in self.made.puts:
            owner = self._owner(put)
            good = owner if put.gone is None else owner[~put.gone]
            if len(good):
                straight = straight and last <= good[0] and bool((good[1:] >= good[:-1]).all())
                last = int(good[-1])
            owner = owner[owner >= 0]
            if len(owner):
                low = int(owner.min())
                found = np.bincount(owner - low)
                counts[low : low + len(found)] += found
        return np.concatenate([[0], np.cumsum(counts)]), straight

    def _owner(self, put: Put) -> Numbers:
        owner = self.spool.get(put.arrays[f"of {self.kind}"])
        nobody = owner < 0 if put.gone is None else (owner < 0) | put.gone
        owner = owner.astype(np.int32) + np.int32(put.low[self.kind])
        owner[nobody] = -1
        return owner

    def _open(self, name: str, count: int, rows: int) -> Filed:
        file = Filed(self.folder / f"{name}.npy", narrow(np.zeros(0), count).dtype, rows)
        self._files.callback(file.close)
        return file

    def _fill_all(self, free: Numbers) -> None:
        for number, _ in enumerate(ahead(self._fills(free))):
            if number % OFTEN == 0:
                forget()

    def _fills(self, free: Numbers) -> Iterator[Callable[[], None]]:
        """For each group, in order: its rows take the next free places of their owners."""
        before = 0
        for number, put in enumerate(self.made.puts):
            owner = self._owner(put)
            places = np.empty(len(owner), np.int64)
            follow = kernel().place(whole(len(owner)), at(owner), at(free), at(places))
            yield partial(self._fill, put, number, places, before, bool(follow))
            before += put.kept

    def _fill(self, put: Put, number: int, places: Numbers, before: int, follow: bool) -> None:
        """`before`: good rows of the groups before; `follow`: the places taken lie one behind the other."""
        kept = places >= 0
        some = None if kept.all() else kept
        to = places if some is None else places[some]
        if not len(to):
            return
        side = slice(int(to[0]), int(to[-1]) + 1) if follow else to
        days = np.append(np.searchsorted(self.days, put.days), 0)
        for name in ("held", "recorded"):
            self.out[name].write(side, _recoded(days, self.spool.get(put.arrays[name]), some))
        for name, values in self.columns.items():
            self.out[name].write(side, _recoded(values.codes[number], self.spool.get(put.arrays[f"is {name}"]), some))
        if not self.straight:
            good = np.ones(put.rows, bool) if put.gone is None else ~put.gone
            self.id_row.write(side, (np.cumsum(good, dtype=np.int32) + np.int32(before - 1))[kept])


def _recoded(codes: Numbers, places: Numbers, some: Numbers | None) -> Numbers:
    """The code at each place; the last one for -1. Small numbers of places are looked up without widening them."""
    places = places if some is None else places[some]
    codes = narrow(codes, int(codes.max(initial=0)))
    if places.dtype.itemsize > 2:
        return codes[places]
    kind = np.dtype(f"u{places.dtype.itemsize}")
    table = np.full(2 ** (8 * kind.itemsize), codes[-1])
    table[: len(codes) - 1] = codes[:-1]
    found: Numbers = pc.take(pa.array(table), pa.array(places.view(kind)), boundscheck=False).to_numpy()
    return found


def write_ids(folder: Path, made: Made, spool: Spool) -> None:
    """The texts of the ids of good rows, in their order: where each begins (id_at), and their bytes."""
    begins = Filed(folder / "id_at.npy", np.int64, sum(put.kept for put in made.puts) + 1)
    begins.write(slice(0, 1), np.zeros(1, np.int64))
    with closing(begins), (folder / "id_bytes.bin").open("wb", buffering=0) as file:
        end, row = 0, 0
        for text, lengths in ahead(partial(_ids, put, spool) for put in made.puts):
            ends = end + np.cumsum(lengths, dtype=np.int64)
            begins.write(slice(row + 1, row + 1 + len(ends)), ends)
            write_at(file.fileno(), end, text)
            row, end = row + len(ends), end + len(text)


def _ids(put: Put, spool: Spool) -> tuple[Numbers, Numbers]:
    text, lengths = spool.get(put.arrays["text"]), spool.get(put.arrays["lengths"])
    if put.gone is None:
        return text, lengths
    good = ~put.gone
    return text[np.repeat(good, lengths)], lengths[good]
