"""The tree of organisations on one day: who is under whom, with known parents and no cycle (engine.md section 4)."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.errors import EngineError, Fault, Place, short
from zhibu.engine.facts import ROW, Facts
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.places import places_of_few

Indices = npt.NDArray[np.int64]


Groups = tuple[pa.Table, str]  # organisations as they were written, and the column of the peer group


def on(facts: Facts, day: date, groups: Groups | None = None) -> pa.Table:
    """(org_id, parent_id, peer_group) of every organisation with a row on the day.

    A parent without a row on the day leaves its organisation a root. Raises EngineError naming the row of every parent
    that is nowhere in the table and of every organisation on a cycle.
    """
    every = facts["organisations"]
    rows = holding(every.select(["org_id", "parent_id", "valid_from", "valid_to", ROW]), day)
    file = facts.files.get("organisations", "organisations")
    parents = plain(rows["parent_id"])
    up = places_of_few(parents, plain(rows["org_id"]))
    faults = [unknown(file, *_named(rows, at)) for at in _nowhere(parents, up, every)]
    faults += [cycle(file, *_named(rows, at)) for at in _on_cycle(up)]
    if faults:
        raise EngineError(faults)
    above = pc.if_else(pa.array(up >= 0), parents, pa.scalar(None, pa.string())) if (up < 0).any() else parents
    return pa.table({"org_id": rows["org_id"], "parent_id": above, "peer_group": _groups(rows, groups)})


def _nowhere(parents: pa.Array, up: Indices, every: pa.Table) -> list[int]:
    """The rows whose parent has no row at all."""
    absent = np.flatnonzero(np.asarray(parents.is_valid()) & (up < 0))
    names = parents.take(pa.array(absent))
    return list(map(int, absent[places_of_few(names, pc.unique(every["org_id"])) < 0])) if len(absent) else []


def holding(table: pa.Table, day: date) -> pa.Table:
    """The rows of a history that hold on the day."""
    begun = pc.fill_null(pc.less_equal(table["valid_from"], day), True)
    ended = pc.fill_null(pc.less(table["valid_to"], day), False)
    return table.filter(pc.and_not(begun, ended))


def _groups(rows: pa.Table, groups: Groups | None) -> pa.Array:
    """A cell as text: as a CSV wrote it, else true, 3, 2.5, 2025-01-31."""
    if groups is None:
        return pa.nulls(len(rows), pa.string())
    written, column = groups
    numbers, asked = np.asarray(written[ROW]), np.asarray(rows[ROW])
    order = np.argsort(numbers, kind="stable")
    at = order[np.searchsorted(numbers[order], asked)]
    cells = plain(written[column]).take(pa.array(at)).dictionary_encode()
    return pa.array(map(as_text, cells.dictionary.to_pylist()), pa.string()).take(cells.indices)


def as_text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _on_cycle(up: Indices) -> list[int]:
    """The members of cycles: the nodes at which one still is after more steps than there are nodes."""
    ahead = up
    for _ in range(len(up).bit_length() + 1):
        if not (ahead >= 0).any():
            return []
        ahead = np.where(ahead >= 0, ahead[ahead], -1)
    return sorted(set(map(int, ahead[ahead >= 0])))


def _named(rows: pa.Table, at: int) -> tuple[int, str, str]:
    row, org, parent = (rows[name][at].as_py() for name in (ROW, "org_id", "parent_id"))
    return row, org, parent


def unknown(file: str, row: int, org: str, parent: str) -> Fault:
    return Fault(
        Place(file, row, "parent_id"),
        f"组织 {short(org)} 的上级 {short(parent)} 不在表中",
        "请补上上级组织，或改正 parent_id",
    )


def cycle(file: str, row: int, org: str, parent: str) -> Fault:
    return Fault(
        Place(file, row, "parent_id"),
        f"组织 {short(org)} 的上级 {short(parent)} 又在它自己之下，成了环",
        "请改正 parent_id",
    )
