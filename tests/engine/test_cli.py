"""The command line: what is written, what is said, and the exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.engine.conftest import EVENTS
from zhibu.cli import main
from zhibu.engine import command, output
from zhibu.engine.results import ESCALATIONS, REJECTED, ROLLUPS, VERDICTS, scores_schema

FILES = {"verdicts", "scores", "rollups", "escalations", "rejected"}


def evaluate(world: Path, *more: str, backend: str = "memory", rules: str = "rules.yaml", out: str = "out") -> int:
    paths = ["--rules", str(world / rules), "--facts", str(world / "facts"), "--out", str(world / out)]
    return main(["evaluate", *paths, "--as-of", "2026-06-30", "--backend", backend, *more])


def written(world: Path, name: str) -> list[dict]:
    return pq.read_table(world / "out" / f"{name}.parquet").to_pylist()


@pytest.mark.parametrize("backend", ["memory", "duckdb"])
def test_evaluate_writes_everything(world: Path, backend: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(world, "--year", "2025", "--scheme", str(world / "scheme.yaml"), backend=backend) == 0
    assert {path.name for path in (world / "out").iterdir()} == {f"{name}.parquet" for name in FILES} | {"run.json"}
    statuses = {(row["subject_id"], row["period"]): row["status"] for row in written(world, "verdicts")}
    assert [statuses["a", f"2025Q{n}"] for n in (1, 2, 3, 4)] == ["met", "late", "missed", "missed"]
    run = json.loads((world / "out/run.json").read_text())
    assert run["window"] == ["2025-01-01", "2025-12-31"] and run["backend"] == backend and run["rows"]["verdicts"] == 8
    assert len(run["rulebooks"][0]["sha256"]) == 64 and run["seconds"] >= 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("backend", ["memory", "duckdb"])
def test_schemas(world: Path, backend: str) -> None:
    assert evaluate(world, "--year", "2025", "--scheme", str(world / "scheme.yaml"), backend=backend) == 0
    wanted = {"verdicts": VERDICTS, "scores": scores_schema(["life"]), "rollups": ROLLUPS}
    for name, schema in (wanted | {"escalations": ESCALATIONS, "rejected": REJECTED}).items():
        assert pq.read_schema(world / "out" / f"{name}.parquet").remove_metadata().equals(schema), name


@pytest.mark.parametrize("backend", ["memory", "duckdb"])
def test_which_verdicts(world: Path, backend: str) -> None:
    assert evaluate(world, "--year", "2025", "--verdicts", "exceptions", backend=backend) == 0
    assert {row["status"] for row in written(world, "verdicts")} == {"late", "missed"}
    rollups = written(world, "rollups")
    assert evaluate(world, "--year", "2025", "--verdicts", "none", backend=backend) == 0
    assert written(world, "verdicts") == written(world, "scores") == [] and written(world, "rollups") == rollups


def test_rejected_rows_give_status_1(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "facts/events.csv").write_text(EVENTS + "e5,x,a,,,2025-13-01,2025-01-01,,,,,,\n", encoding="utf-8")
    assert evaluate(world, "--year", "2025") == 1
    assert written(world, "rejected")[0]["row"] == 6
    assert "events 第 6 行 held_on" in capsys.readouterr().err


def test_errors_write_nothing(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "rules.yaml").write_text("id: 1\n", encoding="utf-8")
    (world / "facts/events.csv").unlink()
    assert evaluate(world, "--year", "2025") == 2
    said = capsys.readouterr().err.splitlines()
    assert not (world / "out").exists() and len(said) > 3
    assert any("rules.yaml:1: " in line for line in said) and any("缺少表 events" in line for line in said)


def test_never_a_half_answer(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.pq.ParquetWriter, "write_table", full)
    assert evaluate(world, "--year", "2025") == 2
    assert {path.name for path in world.iterdir()} == {"rules.yaml", "scheme.yaml", "facts"}


def test_an_earlier_answer_is_replaced(world: Path) -> None:
    assert evaluate(world, "--year", "2025") == evaluate(world, "--from", "2025-01-01", "--to", "2025-03-31") == 0
    assert len(written(world, "verdicts")) == 2


@pytest.mark.parametrize(
    "arguments",
    [[], ["--year", "25a"], ["--from", "2025-01-01"], ["--from", "2025-02-30", "--to", "2025-03-01"],
     ["--from", "2025-03-02", "--to", "2025-03-01"]],
)  # fmt: skip
def test_wrong_arguments(world: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert evaluate(world, *arguments) == 2
    except SystemExit as exit:
        assert exit.code == 2
    assert not english(capsys.readouterr().err)


ENGLISH = re.compile(r"\b(argument|required|invalid|choice|expected|usage|error|options|show|unrecognized|None)\b")


def english(said: str) -> list[str]:
    assert said
    return ENGLISH.findall(said)


@pytest.mark.parametrize(
    "arguments",
    [["rules"], ["rules", "check"], ["rules", "no"], ["evaluate"], ["evaluate", "--year", "x"], ["evaluate", "--year"],
     ["evaluate", "--backend", "no"], ["evaluate", "--rules"], ["rules", "check", "a", "--no"], ["-h"],
     ["evaluate", "-h"], ["rules", "check", "-h"], ["evaluate", "--f", "x"], ["--version=3"]],
)  # fmt: skip
def test_usage_is_told_in_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    said = capsys.readouterr()
    assert not english(said.out + said.err)


@pytest.mark.parametrize("log", ["", "DEBUG"])
def test_a_fault_of_our_own(
    world: Path, log: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, status 2, nothing written; the traceback only for those who ask."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(command, "stream", broken)
    monkeypatch.setattr(command.checking, "check", broken)
    monkeypatch.setenv("ZHIBU_LOG", log)
    assert evaluate(world, "--year", "2025") == main(["rules", "check", str(world)]) == 2
    said = capsys.readouterr().err
    assert "程序内部出错" in said and ("no such luck" in said) == (log == "DEBUG")
    assert not (world / "out").exists()


def test_rejected_rows_are_told_with_the_errors_they_may_cause(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = world / "facts/organisations.csv"
    facts.write_text(facts.read_text(encoding="utf-8").replace("w,,committee", "w,,"), encoding="utf-8")
    assert evaluate(world, "--year", "2025") == 2
    said = capsys.readouterr().err
    assert "组织 a 的上级 w 不在表中" in said and "organisations 第 2 行 kind: 不能为空（编号 w）" in said


LEAN = """\
id: branch-life
effective: {from: 2018-10-28}
rules:
  - {id: general-meeting, applies_to: {subject: organisation}, every: year, needs: {event: [general_meeting]}}
"""


def test_words_may_be_missing_in_evaluation_but_not_in_a_check(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor may a scheme name rules that are not loaded, when it is checked with rulebooks."""
    (world / "rules.yaml").write_text(LEAN, encoding="utf-8")
    rules = "[branch-life/*, other/*, branch-life/no]"
    (world / "scheme.yaml").write_text(
        f"id: s\ndimensions:\n  - {{id: life, weight: 1, rules: {rules}}}\n  - {{id: x, weight: 1, rules: [x/*]}}\n"
        "escalation: {rules: [y/*], steps: {1: 提醒}}\n",
        encoding="utf-8",
    )
    assert evaluate(world, "--year", "2025", "--scheme", str(world / "scheme.yaml")) == 0
    assert {row["x"] for row in written(world, "scores")} == {None} and not written(world, "escalations")
    assert main(["rules", "check", str(world)]) == 2
    said = capsys.readouterr().err
    for fault in (
        "rules.yaml:1: 规则集缺少“title”", "rules.yaml:1: 规则集缺少“level”", "rules.yaml:1: 规则集缺少“sources”",
        "rules.yaml:4: 规则缺少“title”", "rules.yaml:4: 规则缺少“source”", "scheme.yaml:1: 考核办法缺少“title”",
        "scheme.yaml:3: 维度缺少“title”",
    ):  # fmt: skip
        assert fault in said
    (world / "rules.yaml").write_text(LEAN.replace("{id: g", "{source: {ref: X}, id: g"), encoding="utf-8")
    assert evaluate(world, "--year", "2025") == 2
    assert "出处“X”不在 sources 中" in capsys.readouterr().err


def test_check(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", str(world)]) == 0
    assert "1 个规则集，1 条规则，1 个考核办法" in capsys.readouterr().out
    (world / "cases").mkdir()
    (world / "cases/a.yaml").write_text(
        "- case: 没开\n  as_of: 2025-12-31\n  organisations: [{org_id: a}]\n"
        "  expect: [{rule: general-meeting, period: 2025Q1, status: met}]\n",
        encoding="utf-8",
    )
    assert main(["rules", "check", str(world)]) == 2
    said = capsys.readouterr().err
    assert "cases/a.yaml:4: 样例“没开”" in said and "status=missed" in said
    assert main(["rules", "check", str(world / "nowhere")]) == 2


def test_engine_commands_do_not_load_django(world: Path) -> None:
    command = f"main(['rules', 'check', {str(world)!r}])"
    code = f"import sys; from zhibu.cli import main; {command}; assert 'django' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
