"""`zhibu procedures check` and `stand`: what they print and return."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import RULES
from tests.procedures.test_read import TEXT
from zhibu.cli import main

CASES = """\
- case: 早一天
  opened: 2025-01-01
  records:
    - {step: a, done: 2025-01-31, values: {n: 3}, votes: {due: 3, present: 3, for: 2}, key: first}
    - {step: b, done: 2025-02-27, refused: 还差 1 天, possible_on: 2025-02-28}
    - {step: b, done: 2025-05-01, hint: 晚了, key: second}
    - {undo: first, refused: 它是在这一步之后办的}
    - {undo: second}
  standing:
    - {on: 2025-05-01, ended: ~, next: [b], overdue: [b], steps: {b: {earliest: 2025-02-28, latest: 2025-04-30}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "procedures/t"
    (home / "cases").mkdir(parents=True)
    (home / "2026.yaml").write_text(TEXT, encoding="utf-8")
    (home / "cases/a.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_all_right(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedures", "check", str(folder)]) == 0
    assert capsys.readouterr().out == "没有发现错误：1 个程序，1 个文件，2 个步骤，1 个样例\n"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("还差 1 天", "还差 2 天", "a.yaml:5: 样例“早一天”：b（2025-02-27）应被挡住，并说“还差 2 天”"),
        (", refused: 还差 1 天", "", "a.yaml:5: 样例“早一天”：b（2025-02-27）应可以办，实际："),
        ("possible_on: 2025-02-28", "possible_on: 2025-03-01", "最早可以办的那天应是 2025-03-01，实际：2025-02-28"),
        ("hint: 晚了", "refused: 晚了", "应被挡住，并说“晚了”，实际：可以办"),
        ("hint: 晚了", "hint: 早了", "应有提醒“早了”"),
        (", refused: 它是在这一步之后办的", "", "撤回 first 应说“（应可以撤回）”"),
        ("{undo: second}", "{undo: second, refused: 不}", "撤回 second 应被挡住，实际可以撤回"),
        ("next: [b]", "next: [a]", "2025-05-01 next 应是 a，实际：b"),
        ("ended: ~", "ended: 办结", "2025-05-01 应办结，实际：还在办"),
        ("latest: 2025-04-30", "latest: 2025-05-01", "b 的 latest 应是 2025-05-01，实际：2025-04-30"),
        ("values: {n: 3}", "values: {m: 3}", "a.yaml:4: 没有值“m”"),
        ("steps: {b: ", "steps: {c: ", "2026 版没有步骤“c”"),
    ],
)
def test_a_case_that_does_not_come_out(
    right: str, wrong: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert right in CASES
    (folder / "procedures/t/cases/a.yaml").write_text(CASES.replace(right, wrong, 1), encoding="utf-8")
    assert main(["procedures", "check", str(folder)]) == 2
    assert said in capsys.readouterr().err


def test_a_lonely_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Cases next to a procedure that has a fault are not run; its faults are told."""
    (folder / "procedures/t/2026.yaml").write_text(TEXT.replace("id: b", "id: a"), encoding="utf-8")
    assert main(["procedures", "check", str(folder)]) == 2
    assert "2026.yaml:23: 步骤 id“a”重复" in capsys.readouterr().err


def test_where_it_stands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "procedures/t/cases/a.yaml"
    assert main(["procedures", "stand", str(folder), "--case", str(file), "--on", "2025-02-20"]) == 0
    assert capsys.readouterr().out == (
        "早一天：\n"
        "  示例 2026 版，2025-02-20：还在办\n"
        "  办了　　 甲 2025-01-31\n"
        "  现在办　 乙 最早 2025-02-28，最晚 2025-04-30，"
        "“甲”满 1 个月还差 8 天，最早 2025-02-28 可以办\n"
    )


def test_rules_check_leaves_procedures_alone(folder: Path) -> None:
    (folder / "book.yaml").write_text(RULES, encoding="utf-8")
    assert main(["rules", "check", str(folder)]) == 0
