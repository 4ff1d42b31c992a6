"""Rules with a calendar or a standing clock: a row of statuses for each row of history, a column for each period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhibu.engine.packed.compiled import STANDING
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.cells import (
    EXEMPT,
    MET,
    MISSED,
    NO_EXCUSE,
    NONE,
    PARTIAL,
    Cells,
    excuses,
    existing,
    needed,
    partly,
    statuses,
    waived,
    wide,
)
from zhibu.engine.packed.unaided.chunk import Chunk
from zhibu.engine.packed.unaided.measures import tally
from zhibu.engine.packed.unaided.rules import Asked
from zhibu.engine.rulebooks.model import Always

NOWHERE = 6  # the status of no cell


@dataclass(slots=True)
class Grid:
    """`status` and `excuse` [rows][periods] of the rows in `rows`. `timely` and `total` [subjects][periods]. `hits`:
    events that belong to a place ([subjects][periods], flat) of `timely`."""

    chunk: Chunk
    asked: Asked
    rows: Numbers
    status: Numbers
    excuse: Numbers
    need_code: Numbers
    timely: Numbers
    total: Numbers
    hits: Numbers
    place: Numbers

    @property
    def owner(self) -> Numbers:
        return self.chunk.row_owner[self.rows]

    def cells(self, wanted: Numbers, evidence: bool) -> Cells:
        """The cells of some statuses. A period of a subject is in one row of history at most."""
        row, period = np.nonzero(wanted[self.status])
        slot = self.asked.base + period
        plan, subject = self.chunk.plan, self.owner[row]
        columns = {
            "subject": subject,
            "rule": np.full(len(row), self.asked.place),
            "slot": slot,
            "start": plan.start[slot],
            "end": plan.end[slot],
            "deadline": plan.deadline[slot],
            "excuse": self.excuse[row, period],
            "need_code": self.need_code[row],
            "status": self.status[row, period],
            "provisional": np.zeros(len(row), np.uint8),
            "timely": wide(self.timely[subject, period]),
            "total": wide(self.total[subject, period]),
        }
        if not evidence or not len(self.hits):
            return Cells(columns, NONE, NONE)
        cell = np.full(self.timely.size, -1)
        cell[subject * self.timely.shape[1] + period] = np.arange(len(row))
        found = cell[self.place]
        return Cells(columns, found[found >= 0], self.hits[found >= 0])


def grid(chunk: Chunk, asked: Asked) -> Grid:
    periods = asked.slots.stop - asked.slots.start
    rows = np.flatnonzero(chunk.holding(asked.bound.rule.where)) if periods else NONE
    found = (_standing if asked.clock == STANDING else _counted)(chunk, asked, rows, periods)
    _excused(found, chunk.plan.start[asked.slots], chunk.plan.end[asked.slots])
    return found


def _standing(chunk: Chunk, asked: Asked, rows: Numbers, periods: int) -> Grid:
    clock = asked.bound.rule.clock
    assert isinstance(clock, Always)
    met = np.where(chunk.holding(clock.condition)[rows], MET, MISSED).astype(np.uint8)
    status, nothing = np.repeat(met[:, None], periods, axis=1), np.zeros((chunk.count, periods), np.int64)
    codes = np.zeros(len(rows), np.int32)
    excuse = excuses(asked, codes, *status.shape)
    return Grid(chunk, asked, rows, status, excuse, codes, nothing, nothing, NONE, NONE)


def _counted(chunk: Chunk, asked: Asked, rows: Numbers, periods: int) -> Grid:
    hits, place, in_time = _belonging(chunk, asked, rows)
    sums = tally(chunk, asked, place, hits, in_time, chunk.count * periods)
    timely, total = (one.reshape(chunk.count, periods) for one in sums)
    codes, needs = needed(chunk, asked, rows)
    mine = (one[chunk.row_owner[rows]] for one in (timely, total))
    start, deadline = chunk.plan.start[asked.slots], chunk.plan.deadline[asked.slots]
    status = statuses(chunk, mine, needs[:, None], start, deadline)
    excuse = excuses(asked, codes, *status.shape)
    return Grid(chunk, asked, rows, status, excuse, codes, timely, total, hits, place)


def _belonging(chunk: Chunk, asked: Asked, rows: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Events that count, their places among [subjects][periods], whether they are in time."""
    assert asked.slot_of is not None
    assert asked.made_slot is not None
    hits = chunk.hits(asked, rows)
    made = chunk.made[hits]
    slot = asked.slot_of[chunk.held[hits]]
    again = np.flatnonzero(made)
    slot[again] = asked.made_slot[made[again]]
    if (slot < 0).any():
        some = slot >= 0
        hits, slot, made = hits[some], slot[some], made[some]
    timely = (made == 0) & (chunk.recorded[hits] < chunk.plan.timely_below[asked.slots][slot])
    return hits, chunk.owner[hits] * (asked.slots.stop - asked.slots.start) + slot, timely


def _excused(found: Grid, start: Numbers, end: Numbers) -> None:
    """Exempt cells, and cells that are none: only where a row does not simply hold all the time."""
    chunk, rows, excuse = found.chunk, found.rows, found.excuse
    if not excuse.size:
        return
    last = min(int(end[-1]), chunk.as_of)
    whole = (chunk.valid_from[rows] <= min(int(start[0]), last)) & (end[-1] <= chunk.valid_to[rows])
    whole &= (chunk.born[rows] <= start[0]) & (end[-1] <= chunk.gone[rows])
    odd = np.flatnonzero(~whole)
    at = rows[odd, None]
    if found.asked.partial and len(odd):
        excuse[odd] = np.where(partly(chunk, at, start, end), PARTIAL, excuse[odd])
    _waive(found, end)
    found.status[excuse != NO_EXCUSE] = EXEMPT
    found.status[odd] = np.where(existing(chunk, at, start, end), found.status[odd], NOWHERE)


def _waive(found: Grid, end: Numbers) -> None:
    chunk = found.chunk
    subject, number, since, until = waived(chunk, found.asked)
    if not len(number):
        return
    place = np.full(len(chunk.row_owner), -1)
    place[found.rows] = np.arange(len(found.rows))
    which, row = chunk.spread(subject)
    here = place[row] >= 0
    which, at = which[here], place[row[here]]
    pair, period = np.nonzero((since[which][:, None] <= end) & (end <= until[which][:, None]))
    found.excuse[at[pair], period] = number[which[pair]]  # of several the last that is written stays: the first waiver
