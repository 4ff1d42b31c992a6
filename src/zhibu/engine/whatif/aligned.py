"""Both sides over the same organisations. They differ only when binding rejected rows of text on one side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.packed.native import Numbers
from zhibu.engine.whatif.columns import Columns, Group


def aligned(sides: list[Columns]) -> list[Columns]:
    if all(side.ids is sides[0].ids or side.ids.equals(sides[0].ids) for side in sides):
        return [replace(side, ids=sides[0].ids) for side in sides]
    ids = pc.unique(pa.concat_arrays([side.ids for side in sides]))
    ids = ids.take(pc.sort_indices(ids))
    return [_onto(side, ids) for side in sides]


def _onto(side: Columns, ids: pa.StringArray) -> Columns:
    place = np.asarray(pc.index_in(side.ids, ids), np.int64)
    groups = tuple(_moved(group, place, len(ids)) for group in side.groups)
    return Columns(ids, side.bounds, tuple(column for group in groups for column in group.columns), groups)


def _moved(group: Group, place: Numbers, count: int) -> Group:
    columns = []
    for column in group.columns:
        whole = np.zeros((count, *column.shape[1:]), column.dtype)
        whole[place] = column
        columns.append(whole)
    return Group(tuple(columns), place[group.run_of].astype(np.int32), group.run)
