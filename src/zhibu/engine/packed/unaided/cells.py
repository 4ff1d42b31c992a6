"""Verdicts of one rule as columns, and what all clocks have in common about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from zhibu.engine.packed import native
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.chunk import Chunk
from zhibu.engine.packed.unaided.rules import Asked
from zhibu.engine.results import STATUSES

MET, LATE, MISSED, EXEMPT, OPEN, UPCOMING = range(len(STATUSES))
NO_EXCUSE, PARTIAL, NO_BASIS = -1, -2, -3  # as in kernel.c; else the number of a waiver
NONE = np.zeros(0, np.int64)


@dataclass(slots=True)
class Cells:
    """`columns` as judged.COLUMNS names them, `subject` from the first of the chunk. Evidence: the events, and which of
    the cells each belongs to."""

    columns: dict[str, Numbers]
    cell: Numbers
    event: Numbers

    def __len__(self) -> int:
        return len(self.columns["subject"])

    def chosen(self, some: Numbers) -> Cells:
        """Those of a mask."""
        place = np.where(some, np.cumsum(some) - 1, -1)[self.cell]
        mine = place >= 0
        return Cells({name: one[some] for name, one in self.columns.items()}, place[mine], self.event[mine])


def joined(parts: list[Cells]) -> Cells:
    before = np.cumsum([0, *map(len, parts)])
    columns = {name: np.concatenate([one.columns[name] for one in parts]) for name in parts[0].columns}
    cell = [one.cell + shift for one, shift in zip(parts, before[:-1], strict=True)]
    return Cells(columns, np.concatenate(cell), np.concatenate([one.event for one in parts]))


def wide(numbers: Numbers) -> Numbers:
    """As kernel.c gives sums: 128 bits, low and high."""
    if numbers.dtype == object:
        return native.wide(numbers.tolist()) if len(numbers) else np.zeros((0, 2), np.int64)
    return np.stack([numbers, numbers >> 63], axis=1)


def existing(chunk: Chunk, rows: Numbers, start: Numbers, end: Numbers) -> Numbers:
    """Whether the row holds on the basis day and the subject existed in the period."""
    basis = np.minimum(end, chunk.as_of)
    holds = (chunk.valid_from[rows] <= basis) & (basis <= chunk.valid_to[rows])
    return holds & (np.maximum(start, chunk.born[rows]) <= np.minimum(end, chunk.gone[rows]))


def partly(chunk: Chunk, rows: Numbers, start: Numbers, end: Numbers) -> Numbers:
    """Whether the subject was missing on some day up to the basis day."""
    last = np.minimum(end, chunk.as_of)
    return (start <= last) & ((chunk.born[rows] > start) | (chunk.gone[rows] < last))


def statuses(chunk: Chunk, sums: Iterable[Numbers], needs: Numbers, start: Numbers, deadline: Numbers) -> Numbers:
    """By what was done in time and in all, before excuses."""
    met, done = (np.asarray(one >= needs, bool) for one in sums)
    unmet = np.where(chunk.as_of < start, UPCOMING, np.where(chunk.as_of <= deadline, OPEN, MISSED))
    return np.where(met, MET, np.where(done, LATE, unmet)).astype(np.uint8)


def excuses(asked: Asked, codes: Numbers, *shape: int) -> Numbers:
    """None yet, but where the need has no basis. `codes`: of the basis, by the first axis."""
    found = np.full(shape, NO_EXCUSE, np.int32)
    if asked.basis is not None:
        found[codes == 0] = NO_BASIS
    return found


def needed(chunk: Chunk, asked: Asked, rows: Numbers) -> tuple[Numbers, Numbers]:
    """For each row the code of the basis, and the need."""
    codes = np.zeros(len(rows), np.int32)
    if asked.basis is not None:
        codes = np.asarray(asked.basis[chunk.rows])[rows].astype(np.int32)
    return codes, asked.needs[codes]


def waived(chunk: Chunk, asked: Asked) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Waivers of the rule, the last one first: subject, number, from, to."""
    of, name, since, until = chunk.plan.waivers
    first, last = int(of[chunk.first]), int(of[chunk.first + chunk.count])
    number = first + np.flatnonzero(name[first:last] == asked.name)[::-1]
    subject = np.searchsorted(of, number, side="right") - 1 - chunk.first
    return subject, number, since[number], until[number]
