"""Facts from CSV, Parquet and Arrow: types, rejected rows, hostile files."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.engine.conftest import EVENTS, ORGANISATIONS
from zhibu.engine.errors import EngineError
from zhibu.engine.facts.cells import rows_of
from zhibu.engine.facts.columns import convert
from zhibu.engine.facts.load import from_tables, read
from zhibu.engine.facts.shape import NUMBER


def test_csv_types(world: Path) -> None:
    path = world / "facts/organisations.csv"
    head, first = ",code,size,share,flag,day,note,none", ",001,3,0.5,true,2025-01-01,x,"
    more = [head, first, ",2,4,1,False,2025-01-02,,", ",3,,2.25,,,y,"]
    lines = [line + extra for line, extra in zip(ORGANISATIONS.splitlines(), more, strict=True)]
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    facts = read(world / "facts")
    row = facts["organisations"].to_pylist()[0]
    assert [row[name] for name in ("code", "size", "share", "flag", "day")] == ["001", "3", "0.5", "true", "2025-01-01"]
    assert row["note"] == "x" and row["none"] is None and row["parent_id"] is None
    assert facts.written == {"organisations", "events"}


def test_csv_lines_survive_quotes_and_blank_lines(world: Path) -> None:
    path = world / "facts/events.csv"
    path.write_text(EVENTS + '\n"e\n5",x,a,,,bad,2025-01-01,,,,,,\ne6,x,a\n', encoding="utf-8")
    found = read(world / "facts").rejected
    assert [(row.row, row.id, row.column) for row in found] == [(7, "e\n5", "held_on"), (9, "e6", "")]


@pytest.mark.parametrize(
    ("cells", "type_", "bad"),
    [
        (["3", "-1", "1e2", "+4", None], pa.int64(), []),
        (["3", "0.5", ".5", "5.", "1E-05", "x", "007", "1,000", "1_0", ""], pa.float64(), [5, 6, 7, 8, 9]),
        (["1e30", "0.5", "1e-20"], pa.float64(), []),
        (["0.1", "0.100000000000000001", "1e30", "12345678901234567890.5"], pa.decimal128(38, 18), [2]),
        (["x", "nan", "inf", "1e999"], pa.int64(), [0, 1, 2, 3]),
    ],
)
def test_numbers_in_text(cells: list[str | None], type_: pa.DataType, bad: list[int]) -> None:
    made, wrong = convert(pa.array(cells), NUMBER)
    assert made.type == type_ and rows_of(wrong).tolist() == bad


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (EVENTS.encode().replace(b"lecture", "党课".encode("gbk")), "events.csv:2: 文件不是 UTF-8 编码"),
        (b"", "events.csv:1: 文件是空的"),
        (EVENTS.replace("held_on", "held").encode(), "events.csv:1:held_on: 表 events 缺少列 held_on"),
        (EVENTS.replace("topics", "days").encode(), "列名“days”重复"),
        (EVENTS.encode() + b'"open', "events.csv:6: CSV 格式有误"),
    ],
)
def test_hostile_csv(world: Path, content: bytes, fault: str) -> None:
    (world / "facts/events.csv").write_bytes(content)
    with pytest.raises(EngineError) as caught:
        read(world / "facts")
    assert fault in str(caught.value)


def test_missing_and_double_tables(world: Path) -> None:
    (world / "facts/events.parquet").write_bytes(b"not parquet")
    with pytest.raises(EngineError, match=r"表 events 有几份"):
        read(world / "facts")
    (world / "facts/events.csv").unlink()
    with pytest.raises(EngineError, match=r"events\.parquet.*不是可读的 Parquet"):
        read(world / "facts")
    (world / "facts/events.parquet").unlink()
    with pytest.raises(EngineError, match=r"缺少表 events"):
        read(world / "facts")
    with pytest.raises(EngineError, match=r"事实文件夹不存在"):
        read(world / "nowhere")


def events(**columns: object) -> pa.Table:
    usual = {"event_id": ["e1"], "types": [["x"]], "held_on": [date(2025, 1, 1)], "recorded_on": [date(2025, 1, 1)]}
    names = ["org_id", "person_id", "unit_id", "expected", "present", "days", "hours", "topics", "makes_up"]
    rows = len(columns.get("event_id", ["e1"]))
    return pa.table(dict.fromkeys(names, pa.nulls(rows)) | usual | columns)


def organisations() -> pa.Table:
    names = ["parent_id", "founded_on", "dissolved_on", "valid_from", "valid_to"]
    return pa.table({"org_id": ["a"], "kind": ["branch"]} | dict.fromkeys(names, pa.nulls(1)))


def loaded(**columns: object) -> tuple[list[dict], list[tuple[str, str]]]:
    facts = from_tables({"organisations": organisations(), "events": events(**columns)})
    return facts["events"].to_pylist(), [(row.column, row.reason) for row in facts.rejected]


def test_arrow_types_are_accepted() -> None:
    rows, rejected = loaded(
        event_id=pa.array([7]),
        types=pa.array(["x|y"]),
        held_on=pa.array([datetime(2025, 1, 1)], pa.timestamp("ns")),
        recorded_on=pa.array(["2025-01-02"]).dictionary_encode(),
        expected=pa.array([10.0]),
        hours=pa.array([0.1]),
        days=pa.array([Decimal("1.5")]),
        topics=pa.array([["t", None, ""]], pa.large_list(pa.large_string())),
    )
    row = rows[0]
    assert not rejected and row["event_id"] == "7" and row["types"] == ["x", "y"] and row["topics"] == ["t"]
    assert row["held_on"] == date(2025, 1, 1) and row["recorded_on"] == date(2025, 1, 2)
    assert row["expected"] == 10 and row["hours"] == Decimal("0.1") and row["days"] == Decimal("1.5")


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        ({"held_on": pa.array([datetime(2025, 1, 1, 8)])}, "held_on"),
        ({"hours": pa.array([float("inf")])}, "hours"),
        ({"hours": pa.array([-1.0])}, "hours"),
        ({"expected": pa.array([1.5])}, "expected"),
        ({"event_id": pa.array([""])}, "event_id"),
    ],
)
def test_bad_values_reject_the_row(columns: dict[str, pa.Array], column: str) -> None:
    rows, rejected = loaded(**columns)
    assert rows == [] and [name for name, _ in rejected] == [column]


def test_sums_stay_exact() -> None:
    rows, _ = loaded(hours=pa.array([0.1], pa.float32()), size=pa.array([0.1], pa.float32()))
    assert rows[0]["hours"] == Decimal("0.1") and rows[0]["size"] == 0.1
    for hours, decimal in ((1 / 3, "0.3333333333333333"), (1e-20, "0"), (999999999999.5, "999999999999.5")):
        rows, _ = loaded(hours=pa.array([hours]))
        assert rows[0]["hours"] == Decimal(decimal)


def test_a_column_of_the_wrong_kind_is_an_error() -> None:
    with pytest.raises(EngineError, match="列 held_on 应是日期"):
        loaded(held_on=pa.array([20250101]))


def test_a_sub_folder_of_parquet_parts(world: Path) -> None:
    (world / "facts/events.csv").unlink()
    (world / "facts/events").mkdir()
    pq.write_table(events(event_id=["e1"]), world / "facts/events/1.parquet")
    pq.write_table(events(event_id=["e1"]), world / "facts/events/2.parquet")
    facts = read(world / "facts")
    assert facts["events"].num_rows == 1
    assert [(row.row, row.id, row.column) for row in facts.rejected] == [(2, "e1", "event_id")]


def test_null_types_and_lists_of_parquet_with_nulls() -> None:
    rows, rejected = loaded(types=pa.array([None], pa.list_(pa.string())))
    assert rows == [] and rejected == [("types", "不能为空")]
