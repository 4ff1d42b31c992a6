"""`zhibu import`: the documented JSON, nothing written without --apply, marked books with --report."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from zhibu.web.imports import command
from zhibu.web.imports.models import Batch
from zhibu.web.imports.tests.helpers import COUNTY, GOOD_ID, MEMBERS, ORGANISATIONS, YUNLING, book
from zhibu.web.members.models import Member

WHY = "a test counts"
GOOD = ["张某", GOOD_ID, "1980.1.1", "正式党员", "甲村党支部", "2005.7.1", "2006.7.1"]


def _run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([str(one) for one in arguments]))


def _small(folder: Path) -> list[Path]:
    bad = [*GOOD[:1], "990001198001010018", *GOOD[2:]]
    return [book(folder / "o.xlsx", [ORGANISATIONS, *COUNTY]), book(folder / "m.xlsx", [MEMBERS, GOOD, bad])]


def test_json_has_the_documented_shape(db, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _run(*_small(tmp_path), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["organisations"] == {"accepted": 2, "rejected": []}
    reason = "身份证校验码错误（第 18 位对不上），多为抄错一位"
    assert said["members"] == {"accepted": 1, "rejected": [{"row": 3, "reason": reason}]}
    assert said["events"] == {"accepted": 0, "rejected": []}


def test_nothing_is_written_without_apply(db, tmp_path: Path) -> None:
    _run(*_small(tmp_path))
    assert not Batch.objects.unscoped(WHY).exists() and not Member.objects.unscoped(WHY).exists()


def test_apply_puts_the_good_rows_in(db, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _run(*_small(tmp_path), "--apply", "--json") == 0
    assert Member.objects.unscoped(WHY).get().organisation.name == "甲村党支部"
    said = json.loads(capsys.readouterr().out)
    assert said["members"]["accepted"] == 1 and len(said["members"]["rejected"]) == 1
    assert said["applied"]["members"]["new"] == 1


def test_words_for_people(db, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _run(*_small(tmp_path))
    assert "党员：1 行可以导入，1 行要改\n  第 3 行：身份证校验码" in capsys.readouterr().out


def test_the_report_folder(db, tmp_path: Path) -> None:
    _run(*_small(tmp_path), "--report", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "m_只含问题行.xlsx",
        "m_标红.xlsx",
        "report.json",
    ]


def test_a_file_that_cannot_be_read_stops_everything(db, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK nonsense")
    assert _run(*_small(tmp_path), tmp_path / "x.xlsx", "--apply") == 2
    assert "x.xlsx：文件损坏，打不开" in capsys.readouterr().err
    assert not Member.objects.unscoped(WHY).exists()


def test_a_missing_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _run(tmp_path / "no.xlsx") == 2
    assert "没有找到文件" in capsys.readouterr().err


def test_the_given_county(db, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*YUNLING, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    kinds = ("organisations", "members", "events")
    assert [said[kind]["accepted"] for kind in kinds] == [200, 2326, 3933]
    assert [[one["row"] for one in said[kind]["rejected"]] for kind in kinds] == [
        [33, 111, 199],
        [579, 697, 1743, 1817, 1851, 1992, 1996],
        [756, 1628, 2334, 3280],
    ]


def test_a_check_leaves_no_trace_and_says_what_it_cannot_write(tmp_path: Path) -> None:
    """Run as a program: no database file, no folder; an impossible report folder and address are sentences."""
    import os
    import subprocess
    import sys

    yunling = Path(__file__).parents[5] / "tests/data/yunling/党组织信息表.xlsx"
    home = tmp_path / "home"

    def zhibu(url: str, *more: str) -> subprocess.CompletedProcess:
        env = {**os.environ, "DATABASE_URL": url, "ZHIBU_HOME": str(home)}
        env["DJANGO_SETTINGS_MODULE"] = "zhibu.web.config.settings"
        command = [sys.executable, "-m", "zhibu.cli", "import", str(yunling), *more]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    nowhere = tmp_path / "none" / "x.sqlite3"
    assert zhibu(f"sqlite:///{nowhere}", "--json").returncode == 0
    assert not nowhere.parent.exists()
    unwritable = zhibu(f"sqlite:///{nowhere}", "--report", "/proc/nope")
    assert unwritable.returncode == 2 and "换一个文件夹" in unwritable.stderr and "Traceback" not in unwritable.stderr
    strange = zhibu("mysql://x/y")
    assert strange.returncode == 2 and "DATABASE_URL" in strange.stderr and "Traceback" not in strange.stderr
