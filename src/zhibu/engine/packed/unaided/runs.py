"""Runs of missed periods that end at the latest concluded one (engine.md section 4)."""

from __future__ import annotations

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.cells import MISSED, Cells
from zhibu.engine.packed.unaided.fixed import Grid

Runs = tuple[Numbers, Numbers, Numbers]  # subject, length, first day of its first period


def of_grid(grid: Grid) -> Runs:
    """Periods stand in their order."""
    some = (grid.status == MISSED).any(axis=1)
    owner, missed = grid.owner, np.zeros(grid.chunk.count, bool)
    missed[owner[some]] = True
    mine = missed[owner]
    subject, status = owner[mine], grid.status[mine]
    if not len(subject):
        return subject, subject, subject
    first = np.flatnonzero(np.append(True, np.diff(subject) != 0))
    status = np.minimum.reduceat(status, first, axis=0)  # a period is in one row of history; others say nowhere: more
    place = np.arange(1, status.shape[1] + 1)
    kept = np.where(status < MISSED, place, 0).max(axis=1)
    after = (status == MISSED) & (place > kept[:, None])
    run = after.sum(axis=1)
    since = grid.chunk.plan.start[grid.asked.slots][after.argmax(axis=1)]
    return subject[first][run > 0], run[run > 0], since[run > 0]


def of_cells(cells: Cells) -> Runs:
    """Cells of versions of one rule, in any order."""
    subject, start, end, status = (cells.columns[name] for name in ("subject", "start", "end", "status"))
    some = np.flatnonzero(status <= MISSED)
    order = some[np.lexsort((cells.columns["rule"][some], start[some], end[some], subject[some]))]
    subject, start, missed = subject[order], start[order], status[order] == MISSED
    kept = np.zeros(int(subject.max(initial=-1)) + 1, np.int64)
    place = np.arange(1, len(subject) + 1)
    kept[subject[~missed]] = place[~missed]  # the last one that is written stays
    after = missed & (place > kept[subject])
    whose, first, run = np.unique(subject[after], return_index=True, return_counts=True)
    return whose, run, start[after][first]
