"""Rules whose periods differ from subject to subject: anchored on a date, or owed after a date or an event."""

from __future__ import annotations

import numpy as np

from zhibu.engine.packed.compiled import TRIGGERED
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.cells import (
    EXEMPT,
    NO_EXCUSE,
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
from zhibu.engine.packed.unaided.chunk import Chunk, spread
from zhibu.engine.packed.unaided.measures import tally
from zhibu.engine.packed.unaided.rules import Asked

PAIRS = 2**21  # cells met with events at a time


def own_cells(chunk: Chunk, asked: Asked) -> Cells:
    rows, periods = _triggered(chunk, asked) if asked.clock == TRIGGERED else _dated(chunk, asked)
    here = existing(chunk, rows, periods[:, 0], periods[:, 1])
    rows, (start, end, deadline, provisional) = rows[here], periods[here].T
    cell, event, timely = _belonging(chunk, asked, rows, periods[here])
    sums = tally(chunk, asked, cell, event, timely, len(rows))
    codes, needs = needed(chunk, asked, rows)
    status = statuses(chunk, sums, needs, start, deadline)
    excuse = _excuses(chunk, asked, rows, start, end, codes)
    columns = {
        "subject": chunk.row_owner[rows],
        "rule": np.full(len(rows), asked.place),
        "slot": np.full(len(rows), -1),
        "start": start,
        "end": end,
        "deadline": deadline,
        "excuse": excuse,
        "need_code": codes,
        "status": np.where(excuse != NO_EXCUSE, EXEMPT, status).astype(np.uint8),
        "provisional": provisional.astype(np.uint8),
        "timely": wide(sums[0]),
        "total": wide(sums[1]),
    }
    return Cells(columns, cell, event)


def _dated(chunk: Chunk, asked: Asked) -> tuple[Numbers, Numbers]:
    """Rows and their periods: the row on the basis day must be the one that holds the date."""
    assert asked.date is not None
    assert asked.own is not None
    assert asked.own_of is not None
    rows = np.flatnonzero(chunk.holding(asked.bound.rule.where))
    codes = np.asarray(asked.date[chunk.rows])[rows].astype(np.int64)
    which, period = spread(asked.own_of[codes], asked.own_of[codes + 1])
    return rows[which], asked.own.reshape(-1, 4)[period]


def _triggered(chunk: Chunk, asked: Asked) -> tuple[Numbers, Numbers]:
    """Rows that may hold on the basis day and the subject's periods; equal periods are one."""
    assert asked.own is not None
    assert asked.own_of is not None
    events = chunk.of_types(asked.triggers) if asked.triggers else np.zeros(0, np.int64)
    days = chunk.held[events].astype(np.int64)
    which, period = spread(asked.own_of[days], asked.own_of[days + 1])
    subject, periods = chunk.owner[events[which]], asked.own.reshape(-1, 4)[period]
    order = np.lexsort((-periods[:, 3], periods[:, 1], periods[:, 0], subject))  # of equal ones a provisional one first
    subject, periods = subject[order], periods[order]
    new = (np.diff(subject) != 0) | (np.diff(periods[:, 0]) != 0) | (np.diff(periods[:, 1]) != 0)
    first = np.append(True, new)[: len(subject)]
    subject, periods = subject[first], periods[first]
    which, rows = chunk.spread(subject)
    applies = chunk.holding(asked.bound.rule.where)[rows]
    return rows[applies], periods[which[applies]]


def _belonging(chunk: Chunk, asked: Asked, rows: Numbers, periods: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Cells, the events that belong to them, whether these are in time."""
    hits = chunk.hits(asked, rows)
    hits = hits[np.argsort(chunk.owner[hits], kind="stable")]
    of = np.searchsorted(chunk.owner[hits], np.arange(chunk.count + 1))
    subject = chunk.row_owner[rows]
    counts = of[subject + 1] - of[subject]
    pieces = np.flatnonzero(np.diff(np.cumsum(counts) // PAIRS)) + 1
    found = [_meet(chunk, hits, of, part, rows, periods) for part in np.split(np.arange(len(rows)), pieces)]
    cell, event, timely = (np.concatenate(column) for column in zip(*found, strict=True))
    return cell, event, timely


def _meet(
    chunk: Chunk, hits: Numbers, of: Numbers, cells: Numbers, rows: Numbers, periods: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    subject, (start, end, deadline, _) = chunk.row_owner[rows[cells]], periods[cells].T
    which, place = spread(of[subject], of[subject + 1])
    event, days = hits[place], chunk.plan.compiled.subjects.events.days
    made, held, recorded = chunk.made[event], days[chunk.held[event]], days[chunk.recorded[event]]
    named_start, named_end = chunk.plan.named
    again = (named_start[made] == start[which]) & (named_end[made] == end[which])
    mine = np.where(made > 0, again, (start[which] <= held) & (held <= end[which]))
    timely = (made == 0) & (recorded <= deadline[which])
    return cells[which[mine]], event[mine], timely[mine]


def _excuses(chunk: Chunk, asked: Asked, rows: Numbers, start: Numbers, end: Numbers, codes: Numbers) -> Numbers:
    excuse = excuses(asked, codes, len(rows))
    if asked.partial:
        excuse[partly(chunk, rows, start, end)] = PARTIAL
    subject, number, since, until = waived(chunk, asked)
    if len(number):
        order = np.argsort(chunk.row_owner[rows], kind="stable")
        of = np.searchsorted(chunk.row_owner[rows][order], np.arange(chunk.count + 1))
        which, place = spread(of[subject], of[subject + 1])
        cell = order[place]
        here = (since[which] <= end[cell]) & (end[cell] <= until[which])
        excuse[cell[here]] = number[which[here]]
    return excuse
