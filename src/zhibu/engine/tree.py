"""The tree of organisations on one day: who is under whom, with known parents and no cycle (engine.md section 4)."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.facts import ROW, Facts

Indices = npt.NDArray[np.int64]


def on(facts: Facts, day: date) -> pa.Table:
    """(org_id, parent_id) of every organisation with a row on the day.

    Raises EngineError naming the row of every unknown parent and of every organisation on a cycle.
    """
    rows = holding(facts["organisations"], day).select(["org_id", "parent_id", ROW])
    file = facts.files.get("organisations", "organisations")
    parents = pc.index_in(rows["parent_id"], rows["org_id"].combine_chunks())
    unknown = pc.and_(pc.is_valid(rows["parent_id"]), pc.is_null(parents))
    if faults := [_unknown(file, rows, at) for at in _where(unknown)]:
        raise EngineError(faults)
    up = pc.fill_null(parents, -1).to_numpy().astype(np.int64)
    if faults := [_cycle(file, rows, at) for at in _on_cycle(up)]:
        raise EngineError(faults)
    return rows.select(["org_id", "parent_id"])


def holding(table: pa.Table, day: date) -> pa.Table:
    """The rows of a history that hold on the day."""
    begun = pc.fill_null(pc.less_equal(table["valid_from"], day), True)
    ended = pc.fill_null(pc.less(table["valid_to"], day), False)
    return table.filter(pc.and_not(begun, ended))


def _on_cycle(up: Indices) -> list[int]:
    """The members of cycles: the nodes at which one still is after more steps than there are nodes."""
    ahead = up
    for _ in range(len(up).bit_length() + 1):
        ahead = np.where(ahead >= 0, ahead[ahead], -1)
    return sorted(set(map(int, ahead[ahead >= 0])))


def _where(mask: pa.ChunkedArray) -> list[int]:
    return list(map(int, np.flatnonzero(mask.to_numpy())))


def _unknown(file: str, rows: pa.Table, at: int) -> Fault:
    org, parent, row = (rows[name][at].as_py() for name in ("org_id", "parent_id", ROW))
    return Fault(
        Place(file, row, "parent_id"), f"组织 {org} 的上级 {parent} 在评价日不存在", "请补上上级组织，或改正 parent_id"
    )


def _cycle(file: str, rows: pa.Table, at: int) -> Fault:
    org, parent, row = (rows[name][at].as_py() for name in ("org_id", "parent_id", ROW))
    return Fault(
        Place(file, row, "parent_id"), f"组织 {org} 的上级 {parent} 又在它自己之下，成了环", "请改正 parent_id"
    )
