"""Folders of facts that are broken in one way each: what a cut copy, a foreign program or an attacker leaves behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DAY = date(2025, 2, 1)
EVENTS = "event_id,types,org_id,person_id,unit_id,held_on,recorded_on,expected,present,days,hours,topics,makes_up\n"
RULES = """\
id: b
title: 示例
level: unit
effective: {from: 2018-01-01}
sources: {S: {title: 示例}}
rules:
  - id: r
    title: 示例
    source: {ref: S, clause: 第一条}
    applies_to: {subject: organisation, where: {kind: branch}}
    every: quarter
    needs: {event: [m]}
"""
Columns = dict[str, object]
CASES: dict[str, Callable[[Path], None]] = {}


def case(plant: Callable[[Path], None]) -> Callable[[Path], None]:
    CASES[plant.__name__] = plant
    return plant


def organisations(rows: int = 3, **over: object) -> Columns:
    nothing: Columns = dict.fromkeys(
        ("founded_on", "dissolved_on", "valid_from", "valid_to"), pa.nulls(rows, pa.date32())
    )
    parents = pa.array([None] + ["o0"] * (rows - 1), pa.string())
    return {"org_id": [f"o{n}" for n in range(rows)], "parent_id": parents, "kind": ["branch"] * rows} | nothing | over


def events(rows: int = 3, **over: object) -> Columns:
    names = ("person_id", "unit_id", "expected", "present", "days", "hours", "topics", "makes_up")
    usual: Columns = dict.fromkeys(names, pa.nulls(rows))
    days: Columns = {"held_on": [DAY] * rows, "recorded_on": [DAY] * rows}
    ids: Columns = {"event_id": [f"e{n}" for n in range(rows)], "types": [["m"]] * rows, "org_id": ["o1"] * rows}
    return ids | days | usual | over


def put(folder: Path, name: str, columns: Columns) -> Path:
    path = folder / f"{name}.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def good(folder: Path) -> Path:
    """Organisations and events with nothing wrong; the path of the events."""
    put(folder, "organisations", organisations())
    return put(folder, "events", events())


def comma(folder: Path, content: bytes) -> None:
    good(folder).unlink()
    (folder / "events.csv").write_bytes(content)


def broken_text() -> pa.Array:
    """Three texts of which the second is the byte ff."""
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 1, 2, 3)))
    return pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"a\xffb")])


def far(*numbers: int) -> pa.Array:
    """Days by their number, also those that no calendar has."""
    return pa.array(numbers, pa.int32()).cast(pa.date32())


# --- files -------------------------------------------------------------------------------------------------------


@case
def truncated(folder: Path) -> None:
    path = good(folder)
    path.write_bytes(path.read_bytes()[:-5])


@case
def damaged(folder: Path) -> None:
    path = good(folder)
    content = path.read_bytes()
    path.write_bytes(content[:20] + bytes(200) + content[220:])


@case
def no_bytes(folder: Path) -> None:
    good(folder).write_bytes(b"")


@case
def no_bytes_csv(folder: Path) -> None:
    comma(folder, b"")


@case
def not_parquet(folder: Path) -> None:
    good(folder).write_text("hello, this is something else", encoding="utf-8")


@case
def foreign(folder: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), good(folder))


@case
def no_columns(folder: Path) -> None:
    pq.write_table(pa.table({}), good(folder))


@case
def parquet_named_csv(folder: Path) -> None:
    path = good(folder)
    path.rename(path.with_suffix(".csv"))


@case
def folder_named_csv(folder: Path) -> None:
    good(folder).unlink()
    (folder / "events.csv").mkdir()


@case
def empty_folder(folder: Path) -> None:
    good(folder).unlink()
    (folder / "events").mkdir()


@case
def parts_of_two_types(folder: Path) -> None:
    good(folder).unlink()
    (folder / "events").mkdir()
    put(folder / "events", "a", events())
    put(folder / "events", "b", events(held_on=["2025-02-01"] * 3))


@case
def one_broken_part(folder: Path) -> None:
    good(folder).unlink()
    (folder / "events").mkdir()
    put(folder / "events", "a", events())
    (folder / "events/b.parquet").write_bytes(b"PAR1xx")


@case
def folder_among_parts(folder: Path) -> None:
    good(folder).unlink()
    (folder / "events/b.parquet").mkdir(parents=True)
    put(folder / "events", "a", events())


@case
def link_to_nowhere(folder: Path) -> None:
    path = good(folder)
    path.unlink()
    path.symlink_to("nowhere")


@case
def link_to_itself(folder: Path) -> None:
    path = good(folder)
    path.unlink()
    path.symlink_to(path.name)


@case
def pipe(folder: Path) -> None:
    path = good(folder)
    path.unlink()
    os.mkfifo(path)


@case
def pipe_csv(folder: Path) -> None:
    good(folder).unlink()
    os.mkfifo(folder / "events.csv")


# --- columns -----------------------------------------------------------------------------------------------------


@case
def column_twice(folder: Path) -> None:
    table = pq.read_table(good(folder))
    pq.write_table(
        pa.Table.from_arrays([*table.columns, table["org_id"]], names=[*table.column_names, "org_id"]),
        folder / "events.parquet",
    )


@case
def wrong_types(folder: Path) -> None:
    good(folder)
    put(folder, "events", events(held_on=[1, 2, 3], org_id=[1.5, 2.5, 3.5]))


@case
def nested(folder: Path) -> None:
    good(folder)
    put(
        folder,
        "events",
        events(org_id=[{"a": 1}] * 3, types=pa.array([[("a", 1)]] * 3, pa.map_(pa.string(), pa.int64()))),
    )


@case
def binary(folder: Path) -> None:
    good(folder)
    put(folder, "events", events(event_id=[b"a", b"b", b"\xff"]))


@case
def unknown_time_zone(folder: Path) -> None:
    good(folder)
    moments = pa.array([0] * 3, pa.int64()).cast(pa.timestamp("us", "Mars/Base"))
    put(folder, "events", events(held_on=moments))


@case
def odd_extras(folder: Path) -> None:
    """Types that no test can use are left alone."""
    good(folder)
    odd: Columns = {
        "a": [{"a": [1]}] * 3,
        "b": [b"\xff"] * 3,
        "c": pa.array([[("a", 1)]] * 3, pa.map_(pa.string(), pa.int64())),
        "d": pa.nulls(3),
        "e": pa.array([1] * 3, pa.decimal256(70, 2)),
        "f": pa.array([0] * 3, pa.int64()).cast(pa.timestamp("us", "Mars/Base")),
    }
    put(folder, "events", events() | odd)


# --- cells -------------------------------------------------------------------------------------------------------


@case
def text_not_utf8(folder: Path) -> None:
    good(folder)
    put(folder, "events", events(event_id=broken_text()))


@case
def types_not_utf8(folder: Path) -> None:
    good(folder)
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), broken_text())
    put(folder, "events", events(types=lists))


@case
def ids_not_utf8(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(org_id=broken_text(), parent_id=pa.nulls(3, pa.string())))


@case
def surrogates(folder: Path) -> None:
    comma(folder, EVENTS.encode() + b"e\xed\xa0\x80,m,o1,,,2025-02-01,2025-02-01,,,,,,\n")


@case
def nul_bytes(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(org_id=["o0", "o\0", "o"]))
    put(folder, "events", events(org_id=["o\0", "o", "o0"]))


@case
def huge_ids(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(org_id=["o0", "x" * 2**20, "y" * 2**20]))
    put(folder, "events", events(org_id=["x" * 2**20] * 3, event_id=["a" * 2**20, "b" * 2**20, "b" * 2**20]))


@case
def huge_cell_csv(folder: Path) -> None:
    comma(folder, EVENTS.encode() + b"e" * (2**20 + 1) + b",m,o1,,,2025-02-01,2025-02-01,,,,,,\n")


@case
def first_and_last_day(folder: Path) -> None:
    good(folder)
    days = [date.min, date.max, DAY]
    put(folder, "events", events(held_on=days, recorded_on=days))
    put(folder, "organisations", organisations(founded_on=[date.min] * 3, valid_to=[date.max] * 3))


@case
def days_of_no_calendar(folder: Path) -> None:
    good(folder)
    put(folder, "events", events(held_on=far(30_000_000, -1_000_000, 0), recorded_on=far(30_000_000, -1_000_000, 0)))


@case
def history_of_no_calendar(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(org_id=["o0", "o1", "o1"], valid_from=far(10**7, -(10**7), -(10**7))))


@case
def times_of_day(folder: Path) -> None:
    good(folder)
    put(folder, "events", events(held_on=pa.array([datetime(2025, 2, 1, 8)] * 3, pa.timestamp("us", "Asia/Shanghai"))))


@case
def impossible_numbers(folder: Path) -> None:
    good(folder)
    numbers = pa.array([2**64 - 1, 1, 2], pa.uint64())
    put(folder, "events", events(expected=numbers, hours=[float("inf"), float("nan"), -1.0]))


# --- what rows say of one another --------------------------------------------------------------------------------


@case
def same_row_twice(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(org_id=["o0", "o1", "o1"]))


@case
def own_superior(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(parent_id=[None, "o1", "o0"]))


@case
def each_others_superior(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(parent_id=[None, "o2", "o1"]))


@case
def superior_of_control_characters(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(parent_id=[None, "x\n\x1b[31m\x07", None]))


@case
def superior_of_a_megabyte(folder: Path) -> None:
    good(folder)
    put(folder, "organisations", organisations(parent_id=[None, "z" * 2**20, None]))
