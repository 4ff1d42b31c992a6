"""What makes a row of facts bad, and what makes a history contradict itself (engine.md section 2)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.errors import Fault, Place, short
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.shape import ROW, SUBJECTS, Shape

Rows = npt.NDArray[np.int64]
Bads = list[tuple[Rows, str, str]]  # row indices, ascending; column; reason in Chinese
NONE = np.empty(0, np.int64)
REPEATED = "event_id 重复，前面已有这一条"
TOLD = 1000  # overlapping pairs of one subject
HISTORIES = {table: identity for table, identity, _, _ in SUBJECTS.values()}


def reasons(shape: Shape, table: pa.Table, unreadable: Bads) -> Bads:
    """Everything wrong with single rows; `unreadable` included."""
    bad = list(unreadable)
    for column in shape.columns:
        values = table[column.name]
        if column.required:
            told = [rows for rows, name, _ in unreadable if name == column.name]
            empty = np.setdiff1d(_where(pc.is_null(values)), np.concatenate([*told, NONE]))
            bad.append((empty, column.name, "不能为空"))
        if column.least is not None:
            bad.append((_where(pc.less(values, column.least)), column.name, f"不能小于 {column.least}"))
    bad += _orders(shape, table)
    if shape.name == "waivers":
        bad += _waivers(table)
    if shape.name == "events":
        bad.append((_repeated(table, left_out(bad)), "event_id", REPEATED))
    return [one for one in bad if len(one[0])]


def left_out(bad: Bads) -> Rows:
    """The rows of which anything is wrong, ascending."""
    return np.unique(np.concatenate([*(rows for rows, _, _ in bad), NONE]))


def _orders(shape: Shape, table: pa.Table) -> Bads:
    if shape.name == "events":
        early = _where(pc.less(table["recorded_on"], table["held_on"]))
        return [(early, "recorded_on", "记录日期早于活动日期")]
    for first, last in (("valid_from", "valid_to"), ("from", "to")):
        if first in table.column_names and shape.name in (*HISTORIES, "waivers"):
            return [(_where(pc.less(table[last], table[first])), last, f"{last} 早于 {first}")]
    return []


def _waivers(table: pa.Table) -> Bads:
    strange = pc.invert(pc.is_in(table["subject"], pa.array([*SUBJECTS, None], pa.string())))
    shapeless = pc.invert(pc.match_substring_regex(table["rule"], "^[^/]+/[^/]+$"))
    return [
        (_where(strange), "subject", f"应是 {'、'.join(SUBJECTS)} 之一"),
        (_where(shapeless), "rule", "应写成 规则集/规则"),
    ]


def _repeated(table: pa.Table, gone: Rows) -> Rows:
    """Rows whose event_id an earlier good row has."""
    counts = pc.value_counts(pc.drop_null(table["event_id"]))
    twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if not len(twice):
        return NONE
    rows = np.setdiff1d(_where(pc.is_in(table["event_id"], twice)), gone)
    codes = plain(table["event_id"].take(pa.array(rows))).dictionary_encode().indices.to_numpy()
    return np.delete(rows, np.unique(codes, return_index=True)[1])


def _where(mask: pa.ChunkedArray) -> Rows:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy())


def overlaps(shape: Shape, table: pa.Table, file: str) -> list[Fault]:
    """A fault naming both rows for every two rows of one subject that hold on the same day."""
    if shape.name not in HISTORIES:
        return []
    identity = HISTORIES[shape.name]
    first = pc.fill_null(table["valid_from"], datetime.date.min)
    rows = pa.table({"id": table[identity], "from": first, "to": table["valid_to"], "row": table[ROW]})
    rows = rows.sort_by([("id", "ascending"), ("from", "ascending"), ("row", "ascending")])
    before, after = rows.slice(0, max(0, len(rows) - 1)), rows.slice(1)
    same = pc.equal(before["id"], after["id"])
    late = pc.fill_null(pc.greater_equal(before["to"], after["from"]), True)
    met = pc.unique(after["id"].filter(pc.and_(same, late)))  # where any two meet, two that follow each other do
    by_subject: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.filter(pc.is_in(rows["id"], met)).to_pylist():
        by_subject[row["id"]].append(row)
    return [fault for own in by_subject.values() for fault in overlapping(shape, own, file)]


def overlapping(shape: Shape, rows: list[dict[str, Any]], file: str) -> list[Fault]:
    """The same for the rows of one subject (id, from, to, row) by first day; `from` is never null."""
    return [_overlap(shape, file, *pair) for pair in _meeting(rows)]


def _meeting(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs that hold on the same day; rows come by first day. Of endless rows only so many pairs are told."""
    pairs = ((one, two) for at, one in enumerate(rows) for two in rows[at + 1 :])
    return islice((pair for pair in pairs if pair[0]["to"] is None or pair[0]["to"] >= pair[1]["from"]), TOLD)


def _overlap(shape: Shape, file: str, *pair: dict[str, Any]) -> Fault:
    one, two = sorted(pair, key=lambda row: row["row"])
    wrong = f"表 {shape.name} 中 {short(one['id'])} 的第 {one['row']} 行与第 {two['row']} 行有效期重叠"
    return Fault(Place(file, two["row"], "valid_from"), wrong, "请调整 valid_from、valid_to，使同一天只有一行有效")
