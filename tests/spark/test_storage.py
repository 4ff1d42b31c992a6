"""Facts on storage: what only the whole can decide is decided as on one machine, and told in the same words."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.generative.test_backends_agree import TABLES
from zhibu.cli import main

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("spark")]

BOOK = """
id: book
title: t
effective: {from: 2020-01-01}
rules:
  - id: meeting
    applies_to: {subject: organisation, where: {chartered: {min: 2000-01-01}}}
    every: half_year
    needs: {event: [meeting], where: {room: {known: true}}}
  - id: lesson
    applies_to: {subject: person, where: {fund: {min: 0.1}}}
    every: year
    needs: {event: [meeting], where: {seen: {max: 2025-06-30}}}
  - id: visit
    applies_to: {subject: unit, where: {empty: 3}}
    every: year
    needs: {event: [meeting], measure: people}
"""
SCHEME = """
id: s
title: t
peer_group: kind
dimensions: [{id: "a`b;c", title: t, weight: 1, rules: [book/*]}]
grades: [{grade: 好, min: 50, max_share: 0.5}, {grade: 差}]
escalation: {rules: [book/*], steps: {1: 提醒}}
"""
OPEN = dict.fromkeys(("founded_on", "dissolved_on", "joined_on", "left_on", "valid_from", "valid_to"))


def organisation(org: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return OPEN | {"org_id": org, "parent_id": parent, "kind": "branch", "chartered": date(2001, 1, 1)} | more


def event(identity: str | None, held: date = date(2025, 3, 1), **more: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("person_id", "unit_id", "expected", "present", "days", "hours", "topics", "makes_up"))
    usual = {"event_id": identity, "types": ["meeting"], "org_id": "a", "held_on": held, "recorded_on": held}
    return nothing | usual | {"room": "大", "seen": "2025-03-01"} | more


def facts(folder: Path, **tables: list[list[dict[str, Any]]]) -> Path:
    """Each table as so many files as it has lists of rows."""
    usual = {
        "organisations": [[organisation("a"), organisation("b", "a")]],
        "people": [[OPEN | {"person_id": f"p{n}", "org_id": "a", "fund": n / 10} for n in range(3)]],
        "units": [[OPEN | {"unit_id": "u", "empty": None}]],
        "events": [[event("1")]],
    }
    for name, parts in (usual | tables).items():
        schema = pa.schema(
            (column, TYPES.get(column, DATES if column.endswith(("_on", "_from", "_to")) else pa.string()))
            for column in parts[0][0]
        )
        (folder / name).mkdir(parents=True)
        for place, rows in enumerate(parts):
            pq.write_table(pa.Table.from_pylist(rows, schema), folder / name / f"部分 {place}.parquet")
    return folder


DATES = pa.date32()
TYPES = {
    "types": pa.list_(pa.string()), "topics": pa.list_(pa.string()), "chartered": DATES, "fund": pa.float64(),
    "expected": pa.int64(), "present": pa.int64(), "days": pa.float64(), "hours": pa.float64(), "empty": pa.string(),
    "stamp": pa.timestamp("us"),
}  # fmt: skip


def both(folder: Path, capsys: pytest.CaptureFixture[str], book: str = BOOK) -> tuple[int, str, dict[str, pa.Table]]:
    """Status, complaints and tables of an evaluation on the cluster, after the same was seen on this machine."""
    rules, scheme = folder.parent / "book.yaml", folder.parent / "scheme.yaml"
    rules.write_text(book, encoding="utf-8")
    scheme.write_text(SCHEME, encoding="utf-8")
    found = []
    for backend in ("memory", "spark"):
        out = folder.parent / backend
        command = ["evaluate", "--rules", str(rules), "--scheme", str(scheme), "--facts", str(folder), "--year", "2025"]
        status = main([*command, "--as-of", "2025-12-01", "--backend", backend, "--out", str(out)])
        tables = {name: pq.read_table(out / f"{name}.parquet") for name in TABLES} if status < 2 else {}
        found.append((status, capsys.readouterr().err, tables))
    (status, said, tables), (status_there, said_there, tables_there) = found
    assert (status_there, said_there) == (status, said)
    assert [name for name in tables if not tables_there[name].equals(tables[name])] == []
    return status, said, tables_there


def test_rows_are_refused_by_their_number_in_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = [
        [event("1"), event("2", org_id=None, person_id="p1", unit_id="u"), event(None)],
        [event("1", date(2025, 8, 1)), event("3", recorded_on=date(2025, 2, 1)), event("2", org_id="b")],
        [event("3"), event("4", expected=-1, org_id=None), event("5", seen="昨天", person_id="p2", unit_id="u")],
    ]
    people = [[OPEN | {"person_id": "p", "org_id": "a", "fund": fund}] for fund in (float("inf"), 0.1)]
    people[1][0] |= {"person_id": "p2"}
    status, said, tables = both(facts(tmp_path / "facts", events=parts, people=people), capsys)
    assert status == 1 and "第 4 行 event_id: event_id 重复" in said
    refused = {(row["table"], row["row"], row["column"]) for row in tables["rejected"].to_pylist()}
    assert refused == {
        ("events", 3, "event_id"),
        ("events", 4, "event_id"),
        ("events", 5, "recorded_on"),
        ("events", 6, "event_id"),
        ("events", 8, "expected"),
        ("events", 9, "seen"),
        ("people", 1, "fund"),
    }


def test_a_column_is_not_empty_because_its_first_row_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [event("1", seen="昨天"), event("2", room=None), event("3", date(2025, 4, 1), room="小")]
    folder = facts(tmp_path / "facts", events=[rows])
    _, _, tables = both(folder, capsys, BOOK.replace("{room: {known: true}}", "{room: 小}"))
    assert ["3"] in tables["verdicts"]["evidence"].to_pylist()


def test_histories_that_overlap_far_from_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [[OPEN | {"person_id": f"p{n}", "org_id": "a", "fund": 1.0} for n in part] for part in ((0, 1), (2, 0))]
    status, said, _ = both(facts(tmp_path / "facts", people=people), capsys)
    assert status == 2 and "第 1 行与第 4 行有效期重叠" in said


def test_a_tree_that_is_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [[organisation("a", "b"), organisation("b", "a"), organisation("c", "nobody")]]
    status, said, _ = both(facts(tmp_path / "facts", organisations=rows), capsys)
    assert status == 2 and "成了环" in said and "不在表中" in said


def test_rules_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column of text in which nothing reads as a date, a column that is not there, a table that is not there."""
    book = BOOK.replace("{seen: {max: 2025-06-30}}", "{room: {max: 2025-06-30}, rom: 大}")
    status, said, _ = both(facts(tmp_path / "facts"), capsys, book)
    assert status == 2 and "没有列“rom”" in said and "是文字，不能与日期比较" in said


def test_csv_is_read_by_the_driver(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = facts(tmp_path / "facts")
    for path in sorted((folder / "people").iterdir()):
        rows = pq.read_table(path).to_pylist()
        path.unlink()
    (folder / "people").rmdir()
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, rows[0] | {"person_id": "p9", "fund": "一"}])
    status, said, tables = both(folder, capsys)
    assert status == 1 and "people 第 5 行 fund: 不是数字" in said
    assert set(tables["verdicts"]["subject"].to_pylist()) == {"organisation", "person"}


def test_a_missing_table_and_a_missing_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = facts(tmp_path / "facts", people=[[{"person_id": "p", "org_id": "a"}]])
    for path in (folder / "events").iterdir():
        path.unlink()
    (folder / "events").rmdir()
    status, said, _ = both(folder, capsys)
    assert status == 2 and "缺少列 valid_from" in said and "缺少表 events" in said


def test_no_events_at_all_and_no_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = facts(tmp_path / "facts")
    for table, keep in (("events", True), ("people", False)):
        for path in (folder / table).iterdir():
            none = pq.read_schema(path).empty_table()
            path.unlink()
            if keep:
                pq.write_table(none, path)
    (folder / "people").rmdir()
    status, _, tables = both(folder, capsys)
    assert status == 0 and set(tables["verdicts"]["status"].to_pylist()) == {"missed", "open"}


def test_times_are_refused_where_a_rule_reads_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = facts(tmp_path / "facts", events=[[event("1") | {"stamp": datetime(2025, 1, 1, 8)}]])
    (tmp_path / "book.yaml").write_text(BOOK.replace("{room: {known", "{stamp: {known"), encoding="utf-8")
    command = ["evaluate", "--rules", str(tmp_path / "book.yaml"), "--facts", str(folder), "--year", "2025"]
    assert main([*command, "--backend", "spark", "--out", str(tmp_path / "out")]) == 2
    assert "列“stamp”是时间" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_second_run_replaces_the_first_and_leaves_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = facts(tmp_path / "facts")
    both(folder, capsys)
    more = pa.Table.from_pylist([event("9", date(2025, 8, 1))])
    assert pa.types.is_null(more["topics"].type)
    pq.write_table(more, folder / "events" / "x.parquet")
    _, _, tables = both(folder, capsys)
    assert tables["verdicts"]["evidence"].to_pylist()[:2] == [["1"], ["9"]]
    assert sorted(path.name for path in (tmp_path / "spark").iterdir() if not path.name.endswith(".crc")) == sorted(
        [*(f"{name}.parquet" for name in TABLES), "run.json"]
    )


def test_columns_without_any_value_may_come_without_a_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As pandas writes them; and files may differ in what they have and how wide it is."""
    folder = facts(tmp_path / "facts")
    for name, rows in {
        "organisations": [organisation("a")],
        "people": [OPEN | {"person_id": "p", "org_id": "a"}],
    }.items():
        for path in (folder / name).iterdir():
            path.unlink()
        pq.write_table(pa.Table.from_pylist(rows), folder / name / "1.parquet")
    person = OPEN | {"person_id": "q", "org_id": "a", "valid_from": date(2020, 1, 1), "fund": 1}
    pq.write_table(pa.Table.from_pylist([person]), folder / "people" / "2.parquet")
    short = pa.table({"person_id": ["r"], "org_id": ["a"], "fund": pa.array([2.5], pa.float32())})
    nothing = pa.nulls(1, pa.date32())
    pq.write_table(
        short.append_column("joined_on", nothing).append_column("left_on", nothing), folder / "people" / "3.parquet"
    )
    status, _, tables = both(folder, capsys)
    assert status == 0 and "q" in tables["verdicts"]["subject_id"].to_pylist()


def test_out_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "spark").write_text("", encoding="utf-8")
    (tmp_path / "memory").write_text("", encoding="utf-8")
    folder = facts(tmp_path / "facts")
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    for backend in ("memory", "spark"):
        command = ["evaluate", "--rules", str(tmp_path / "book.yaml"), "--facts", str(folder), "--year", "2025"]
        assert main([*command, "--backend", backend, "--out", str(tmp_path / backend)]) == 2
        assert "--out 是一个文件" in capsys.readouterr().err
