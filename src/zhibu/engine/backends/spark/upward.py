"""Counts of a part carried up the tree: to each organisation above, wherever its own verdicts are judged."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.backends.spark.parcels import Places
from zhibu.engine.facts.cells import plain
from zhibu.engine.results import ROLLUPS

KEYS, COUNTS = ROLLUPS.names[:3], ROLLUPS.names[3:-1]
SCHEMA = pa.schema([ROLLUPS.field(name) for name in (*KEYS, *COUNTS)])  # the rate is for the end


def alone(tree: pa.Table, organisations: pa.Table) -> pa.Table:
    """The organisations of the part, each standing alone: the tree that its own counts are taken by."""
    own = tree.filter(pc.is_in(tree["org_id"], pc.unique(organisations["org_id"])))
    nobody = pa.nulls(len(own), pa.string())
    return own.set_column(own.column_names.index("parent_id"), "parent_id", nobody)


def carried(own: pa.Table, tree: pa.Table) -> pa.Table:
    """Roll-ups of organisations standing alone, summed up by `tree`, which has all that are above them."""
    ids = plain(tree["org_id"])
    above = _places(tree["parent_id"], ids)
    rows, place = np.arange(len(own)), _places(own["org_id"], ids)
    own = own.select(SCHEMA.names)
    levels = [own]
    while len(rows):
        place = np.where(place >= 0, above[place], -1) if len(above) else np.full(len(place), -1)
        rows, place = rows[place >= 0], place[place >= 0]
        levels.append(own.take(pa.array(rows)).set_column(0, "org_id", ids.take(pa.array(place))))
    summed = pa.concat_tables(levels).group_by(KEYS).aggregate([(name, "sum") for name in COUNTS])
    return summed.select([*KEYS, *(f"{name}_sum" for name in COUNTS)]).rename_columns(SCHEMA.names)


def _places(wanted: pa.ChunkedArray, ids: pa.Array) -> Places:
    found: Places = pc.fill_null(pc.index_in(plain(wanted), ids), -1).to_numpy().astype(np.int64)
    return found
