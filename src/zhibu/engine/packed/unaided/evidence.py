"""The events of cells in their order: by day, then by id."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.cells import Cells
from zhibu.engine.packed.unaided.chunk import Chunk


def ordered(chunk: Chunk, cells: Cells, place: Numbers) -> tuple[Numbers, Numbers]:
    """Where the evidence of each cell ends, and the events; `place`: where each cell comes."""
    events, held = chunk.plan.compiled.subjects.events, chunk.held[cells.event]
    key = place[cells.cell] * len(events.days) + held
    order = np.lexsort((cells.event, key))
    found, key = cells.event[order] + chunk.events.start, key[order]
    ends = np.cumsum(np.bincount(place[cells.cell], minlength=len(cells)))
    same = np.flatnonzero(key[1:] == key[:-1])
    if len(same):
        ids = events.ids
        wrong = np.asarray(pc.greater(ids.of(found[same]), ids.of(found[same + 1])))
        for one in np.unique(key[same[wrong]]):
            first, last = np.searchsorted(key, [one, one + 1])
            names = [name.encode() for name in ids.of(found[first:last]).to_pylist()]
            found[first:last] = found[first:last][sorted(range(len(names)), key=names.__getitem__)]
    return ends, found
