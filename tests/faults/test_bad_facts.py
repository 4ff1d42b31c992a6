"""Bad facts: a clear report with file, row and column; never a fault of our own; the same from every backend."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.faults import hostile
from tests.faults.hostile import CASES, RULES
from zhibu.cli import main
from zhibu.engine.errors import EngineError, Rejected
from zhibu.engine.evaluate import evaluate
from zhibu.engine.facts.load import read
from zhibu.engine.facts.rejections import Rejections, gathered
from zhibu.engine.results import REJECTED
from zhibu.engine.rulebooks.load import load

SAID = {
    "truncated": "events.parquet:1: 不是可读的 Parquet 文件：没有结尾。文件没有传完或被截断",
    "damaged": "events.parquet:1: 不是可读的 Parquet 文件：内容已损坏",
    "no_bytes": "events.parquet:1: 不是可读的 Parquet 文件：文件是空的",
    "no_bytes_csv": "events.csv:1: 文件是空的。第一行应是列名",
    "not_parquet": "events.parquet:1: 不是可读的 Parquet 文件：内容不是 Parquet 格式",
    "foreign": "events.parquet:1:event_id: 表 events 缺少列 event_id",
    "no_columns": "events.parquet:1:event_id: 表 events 缺少列 event_id",
    "parquet_named_csv": "events.csv:",
    "folder_named_csv": "events.csv:1: 这是一个文件夹，应是 CSV 文件",
    "empty_folder": "events:1: 文件夹里没有 .parquet 文件",
    "parts_of_two_types": "b.parquet:1:held_on: 列 held_on 在 a.parquet 是日期或时间，在这里是文字",
    "one_broken_part": "b.parquet:1: 不是可读的 Parquet 文件",
    "folder_among_parts": "b.parquet:1: 不是普通文件",
    "link_to_nowhere": "events.parquet:1: 链接指向的文件不在",
    "link_to_itself": "events.parquet:1: 链接指向的文件不在",
    "pipe": "events.parquet:1: 不是普通文件。管道、设备不能当事实读",
    "pipe_csv": "events.csv:1: 不是普通文件",
    "column_twice": "events.parquet:1:org_id: 列名“org_id”重复",
    "wrong_types": "events.parquet:1:org_id: 列 org_id 应是文字，这里是数字",
    "nested": "events.parquet:1:org_id: 列 org_id 应是文字，这里是嵌套的结构",
    "binary": "events.parquet:1:event_id: 列 event_id 应是文字，这里是二进制",
    "unknown_time_zone": "events.parquet:1:held_on: 列 held_on 的时区不认识",
    "surrogates": "events.csv:2: 文件不是 UTF-8 编码",
    "huge_cell_csv": "events.csv:2: CSV 格式有误：有一格太长",
    "same_row_twice": "organisations.parquet:3:valid_from: 表 organisations 中 o1 的第 2 行与第 3 行有效期重叠",
    "own_superior": "organisations.parquet:2:parent_id: 组织 o1 的上级 o1 又在它自己之下，成了环",
    "each_others_superior": "organisations.parquet:3:parent_id: 组织 o2 的上级 o1 又在它自己之下，成了环",
    "superior_of_control_characters": "组织 o1 的上级 x \\x1b[31m\\x07 不在表中",
    "superior_of_a_megabyte": "…（共 1048576 字） 不在表中",
}
REJECTS = {
    "text_not_utf8": "events 第 2 行 event_id: 文字不是 UTF-8 编码（编号 空）",
    "types_not_utf8": "events 第 2 行 types: 文字不是 UTF-8 编码（编号 e1）",
    "ids_not_utf8": "organisations 第 2 行 org_id: 文字不是 UTF-8 编码（编号 空）",
    "huge_ids": "…（共 1048576 字）",
    "days_of_no_calendar": "events 第 2 行 held_on: 日期不在公元 1 年到 9999 年之间（编号 e1）",
    "history_of_no_calendar": "organisations 第 3 行 valid_from: 日期不在公元 1 年到 9999 年之间（编号 o1）",
    "times_of_day": "events 第 1 行 held_on: 应是日期，不带时刻（编号 e0）",
    "impossible_numbers": "events 第 1 行 expected: 数值过大（编号 e0）",
}
FINE = {"odd_extras", "nul_bytes", "first_and_last_day"}
Capture = pytest.CaptureFixture[str]


def planted(folder: Path, name: str) -> Path:
    facts = folder / "facts"
    facts.mkdir()
    CASES[name](facts)
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    return facts


def run(folder: Path, *more: str) -> int:
    arguments = ["--rules", str(folder / "rules.yaml"), "--facts", str(folder / "facts"), "--out", str(folder / "out")]
    return main(["evaluate", *arguments, "--year", "2025", "--as-of", "2026-06-30", *more])


def test_every_case_has_an_answer() -> None:
    assert CASES.keys() == SAID.keys() | REJECTS.keys() | FINE


@pytest.mark.parametrize("name", SAID)
def test_what_cannot_be_read_is_told_and_nothing_written(name: str, tmp_path: Path, capsys: Capture) -> None:
    planted(tmp_path, name)
    assert run(tmp_path, "--backend", "memory") == 2
    said = capsys.readouterr().err
    assert SAID[name] in said
    assert max(map(len, said.splitlines())) < 400 and "程序内部出错" not in said
    assert {path.name for path in tmp_path.iterdir()} == {"facts", "rules.yaml"}


@pytest.mark.parametrize("name", REJECTS)
def test_what_is_wrong_with_single_rows_leaves_them_out(name: str, tmp_path: Path, capsys: Capture) -> None:
    planted(tmp_path, name)
    assert run(tmp_path, "--backend", "memory") == 1
    said = capsys.readouterr().err
    assert REJECTS[name] in said and max(map(len, said.splitlines())) < 400
    assert len(pq.read_table(tmp_path / "out/rejected.parquet")) >= 1


@pytest.mark.parametrize("name", sorted(FINE))
def test_what_is_only_odd_is_no_matter(name: str, tmp_path: Path, capsys: Capture) -> None:
    planted(tmp_path, name)
    assert run(tmp_path, "--backend", "memory") == 0
    assert capsys.readouterr().err == ""


def answer(facts: Path, backend: str) -> object:
    books = load([facts.parent / "rules.yaml"])
    try:
        window = date(2025, 1, 1), date(2025, 12, 31)
        found = evaluate(books, read(facts), window, date(2026, 6, 30), backend=backend)
    except EngineError as error:
        return str(error)
    return [getattr(found, name).to_pylist() for name in ("verdicts", "rollups", "rejected")]


@pytest.mark.parametrize("name", sorted(REJECTS.keys() | FINE))
def test_backends_agree_on_bad_facts(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = planted(tmp_path, name)
    expected = answer(facts, "memory")
    for kernel in ("auto", "off", "sql"):
        monkeypatch.setenv("ZHIBU_KERNEL", kernel)
        assert answer(facts, "duckdb") == expected


@pytest.mark.parametrize("kernel", ["auto", "off"])
@pytest.mark.parametrize("name", sorted(REJECTS.keys() | FINE | {"same_row_twice", "wrong_types", "one_broken_part"}))
def test_a_store_says_what_memory_says(
    name: str, kernel: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(tmp_path, name)
    status = run(tmp_path, "--backend", "memory")
    said, wrote = capsys.readouterr().err, tmp_path / "out/rejected.parquet"
    rejected = pq.read_table(wrote).to_pylist() if wrote.exists() else None
    monkeypatch.setenv("ZHIBU_KERNEL", kernel)
    monkeypatch.setenv("ZHIBU_STORE", str(tmp_path / "store"))
    for _ in range(2):  # made, then opened
        assert run(tmp_path, "--backend", "duckdb") == status
        assert capsys.readouterr().err == said
        assert (pq.read_table(wrote).to_pylist() if wrote.exists() else None) == rejected


def test_an_unreadable_extra_cell_matters_when_a_rule_reads_it(tmp_path: Path, capsys: Capture) -> None:
    facts = planted(tmp_path, "odd_extras")
    hostile.put(facts, "events", hostile.events(venue=hostile.broken_text(), since=hostile.far(0, 10**7, 0)))
    assert run(tmp_path, "--backend", "memory") == 0
    for where in ("{venue: a}", "{since: {min: 1970-01-01}}"):
        rules = RULES.replace("event: [m]", f"event: [m], where: {where}")
        (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
        for backend in ("memory", "duckdb"):
            assert run(tmp_path, "--backend", backend) == 1
            said = capsys.readouterr().err
            assert (
                "events 第 2 行 venue: 文字不是 UTF-8 编码（编号 e1）" in said or "第 2 行 since: 日期不在公元" in said
            )


@pytest.mark.parametrize("seed", range(60))
def test_flipped_bytes_are_a_fault_of_the_file(seed: int, tmp_path: Path) -> None:
    path = hostile.good(tmp_path)
    dice, content = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(dice.choice([1, 2, 5, 20])):
        content[dice.randrange(4, len(content) - 8)] = dice.randrange(256)
    path.write_bytes(content)
    try:
        read(tmp_path)
    except EngineError as error:
        assert all("events" in fault.place.file for fault in error.faults)


@pytest.mark.parametrize("length", [100, 1_500])  # more than Python's calls may be deep
def test_long_chains_and_long_rings(length: int, tmp_path: Path, capsys: Capture) -> None:
    facts = planted(tmp_path, "odd_extras")
    chain = pa.array([None] + [f"o{n}" for n in range(length - 1)], pa.string())
    hostile.put(facts, "organisations", hostile.organisations(length, parent_id=chain))
    for backend in ("memory", "duckdb"):
        assert run(tmp_path, "--backend", backend) == 0
    ring = pa.array([f"o{(n + 1) % length}" for n in range(length)])
    hostile.put(facts, "organisations", hostile.organisations(length, parent_id=ring))
    capsys.readouterr()
    assert run(tmp_path, "--backend", "duckdb") == 2
    assert len(capsys.readouterr().err.splitlines()) == length


def test_a_terminal_is_not_flooded(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = planted(tmp_path, "odd_extras")
    hostile.put(facts, "organisations", hostile.organisations(500, parent_id=pa.array(["gone"] * 500)))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert run(tmp_path, "--backend", "memory") == 2
    said = capsys.readouterr().err.splitlines()
    assert sum("不在表中" in one for one in said) == 200 and "还有 300 处错误没有列出" in said[-1]


# --- many rejected rows ------------------------------------------------------------------------------------------


def test_rejected_rows_are_a_sequence_and_columns() -> None:
    rows = [Rejected("events", 3, "c", "held_on", "甲"), Rejected("adjustments", 9, None, "", "乙"),
            Rejected("events", 1, "a", "held_on", "乙"), Rejected("events", 1, "a", "held_on", "甲"),
            Rejected("events", 1, "a", "b", "甲")]  # fmt: skip
    found = gathered(rows[:2]) + rows[2:]
    assert list(found) == rows and len(found) == 5 and found[-1] == rows[-1] and list(found[1:3]) == rows[1:3]
    ordered = sorted(rows, key=lambda row: (row.table, row.row, row.column, row.reason))
    assert list(found.ordered()) == ordered and list(Rejections()) == []
    assert found.ordered().plain(REJECTED).to_pylist()[0] == {
        "table": "adjustments", "row": 9, "id": None, "column": "", "reason": "乙"
    }  # fmt: skip
    assert [len(piece) for piece in found.pieces(REJECTED)] == [5]
    with pytest.raises(IndexError):
        found[5]


def test_rows_too_far_down_to_pack_are_ordered_all_the_same() -> None:
    rows = [Rejected("events", 2**61, "b", "x", "甲"), Rejected("events", 2**60, "a", "y", "乙")]
    assert list(gathered(rows).ordered()) == rows[::-1]


def test_two_hundred_thousand_rejected_rows_are_no_objects(tmp_path: Path, capsys: Capture) -> None:
    """Told twenty of them, counted, written in order: none is made an object for that."""
    facts, rows = planted(tmp_path, "odd_extras"), 200_000
    columns = hostile.events(rows, recorded_on=[date(2020, 1, 1)] * rows, held_on=[hostile.DAY] * rows)
    hostile.put(facts, "events", columns)
    found = read(facts).rejected
    assert isinstance(found, Rejections) and len(found) == rows and found[rows - 1].row == rows
    assert run(tmp_path, "--backend", "duckdb") == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 21 and "共有 200000 处有误" in said[-1]
    written = pq.read_table(tmp_path / "out/rejected.parquet")
    assert written["row"].to_pylist() == list(range(1, rows + 1)) and written.schema.remove_metadata() == REJECTED
