"""`zhibu rules check` and `zhibu scheme check`: warnings and refusals with file and line; evaluate refuses nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.formalism.given import PACKS, rule, write, write_scheme
from zhibu.cli import main
from zhibu.engine.formalism.read import LIST

ALL = [str(PACKS)]
Capture = pytest.CaptureFixture[str]


def lines(capsys: Capture) -> list[str]:
    return [re.sub(r"^.*/packs/", "", line) for line in capsys.readouterr().err.splitlines()]


def test_what_we_ship_is_warned_of_rightly_and_nothing_else(capsys: Capture) -> None:
    """A lesson a quarter is local (the regulation names no number); information is asked for every month."""
    assert main(["rules", "check", *ALL, "--as-of", "2026-11-21"]) == 0
    told = [line.split("：")[:2] for line in lines(capsys)]
    assert told == [
        ["county-example/branches/regulation.yaml:43: 提醒", "规则“党课”（county-branches/lecture）要求的次数比法规多"],
        ["county-example/committees/regulation.yaml:18: 提醒",
         "规则“信息报送”（county-committees/information）按发文、报信息、交材料、记笔记的数量要求"],
        ["county-example/scheme-2025.yaml:34: 提醒",
         "维度“学习教育”计入的规则“党课”（county-branches/lecture）要求的次数比法规多"],
        ["county-example/scheme-2026.yaml:33: 提醒",
         "维度“学习教育”计入的规则“党课”（county-branches/lecture）要求的次数比法规多"],
    ]  # fmt: skip


def test_a_warning_gives_source_grade_and_what_to_write_instead(capsys: Capture) -> None:
    main(["rules", "check", *ALL, "--as-of", "2026-11-21"])
    said = lines(capsys)[1]
    assert "依据《整治形式主义为基层减负若干规定》第8项（待核对）（二手来源，待核对）" in said
    assert "请改为：确需上报的，用已有记录生成" in said


BOOKS = sorted(path.relative_to(PACKS) for path in PACKS.glob("*/*/regulation.yaml"))


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.parent.name)
def test_a_planted_violation_is_caught_in_every_pack(book: Path, tmp_path: Path, capsys: Capture) -> None:
    shutil.copytree(PACKS, tmp_path / "packs")
    path = tmp_path / "packs" / book
    text = path.read_text(encoding="utf-8")
    ref = re.search(r"^  (\w+):", text[text.index("sources:") :], re.MULTILINE)[1]
    planted = rule("planted", "党员每日打卡", "check_in", source={"ref": ref, "clause": "第一项"}, grace={"days": 10})
    path.write_text(text.rstrip() + "\n  - " + str(planted).replace("'", '"') + "\n", encoding="utf-8")
    line = path.read_text(encoding="utf-8").count("\n")
    assert main(["rules", "check", str(tmp_path / "packs"), "--as-of", "2026-11-21"]) == 2
    refusals = [one for one in lines(capsys) if "提醒：" not in one]
    assert len(refusals) == 1 and refusals[0].startswith(f"{book}:{line}: 规则“党员每日打卡”")
    assert "禁止事项（二）（条次待核对）（见到原文）" in refusals[0]


@pytest.mark.parametrize("name", ["scheme-2025.yaml", "scheme-2026.yaml"])
def test_a_planted_violation_is_caught_in_every_scheme(name: str, tmp_path: Path, capsys: Capture) -> None:
    """A member's own hours, put into a dimension: a person is scored, and by hours."""
    shutil.copytree(PACKS, tmp_path / "packs")
    path = tmp_path / "packs/county-example" / name
    text = path.read_text(encoding="utf-8").replace("branch-life/talks", "member-education/study-hours", 1)
    path.write_text(text, encoding="utf-8")
    line = text[: text.index("member-education/study-hours")].count("\n") + 1
    rules = ["--rules", str(tmp_path / "packs/central"), str(tmp_path / "packs/county-example")]
    assert main(["scheme", "check", str(path), *rules, "--as-of", "2026-11-21"]) == 2
    refusals = [one for one in lines(capsys) if "提醒：" not in one]
    start = f"county-example/{name}:{line}: 维度“组织生活”计入的规则“集中学习培训”（member-education/study-hours）"
    assert [one.removeprefix(start)[:10] for one in refusals] == ["把学习时长当作考评依", "给个人计分或按个人分"]


def test_the_day_decides(tmp_path: Path, capsys: Capture) -> None:
    path = str(write(tmp_path, rule("a", "学习打卡")))
    for day, status, word in [("2023-12-31", 0, ""), ("2024-01-01", 0, "指尖"), ("2026-01-25", 2, "政务移动互联网")]:
        assert main(["rules", "check", path, "--as-of", day]) == status
        said = capsys.readouterr().err
        assert (word in said) if word else not said
        assert ("提醒：" in said) == (day == "2024-01-01")


def test_drafts_are_only_warned_of(tmp_path: Path, capsys: Capture) -> None:
    path = write(tmp_path, rule("a", "学习打卡", status="draft"))
    assert main(["rules", "check", str(path), "--as-of", "2026-11-21"]) == 0
    said = capsys.readouterr()
    assert "提醒：规则“学习打卡”" in said.err and "；有 1 处提醒" in said.out


def test_a_county_may_give_another_list(tmp_path: Path, capsys: Capture) -> None:
    path, own = str(write(tmp_path, rule("a", "学习打卡"))), tmp_path / "own" / "list.yaml"
    own.parent.mkdir()
    text = LIST.read_text(encoding="utf-8")
    own.write_text(text.replace("打卡, 每日签到", "每日签到", 1).replace("title: 学习打卡", "title: 每日签到"), "utf-8")
    assert main(["rules", "check", path, "--as-of", "2026-11-21"]) == 2
    assert main(["rules", "check", path, "--as-of", "2026-11-21", "--formalism", str(own)]) == 0
    assert main(["rules", "check", str(own)]) == 0, capsys.readouterr().err
    own.write_text(text.replace("打卡, 每日签到", "每日签到", 1), encoding="utf-8")
    capsys.readouterr()
    assert main(["rules", "check", str(own)]) == 2
    assert "没有认出例子“学习打卡”" in capsys.readouterr().err
    own.write_text(text.replace("severity: refuse", "severity: forbid"), encoding="utf-8")
    assert main(["rules", "check", path, "--formalism", str(own)]) == 2
    assert main(["rules", "check", path, "--formalism", str(tmp_path / "none.yaml")]) == 2


def test_a_scheme_is_checked_with_and_without_its_rules(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "rules").mkdir()
    write(tmp_path / "rules", rule("a", "信息", "information"))
    scheme = write_scheme(tmp_path, more="bonus: {cap: 5}\n")
    arguments = ["scheme", "check", str(scheme), "--as-of", "2026-11-21"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert "计入的规则 county/*没有载入，这里没有看" in said.out and not said.err
    assert "加分至多 5，减分不封顶；加减分的事项在事实的 adjustments 表里，这里看不到" in said.out
    assert main([*arguments, "--rules", str(tmp_path / "rules")]) == 0
    said = capsys.readouterr()
    assert "没有载入" not in said.out and "scheme.yaml:4: 提醒：维度“组织生活”计入的规则“信息”" in said.err
    assert main(["scheme", "check", str(tmp_path / "rules")]) == 2
    assert "这里没有考核办法" in capsys.readouterr().err
    assert main(["scheme", "check", str(tmp_path / "nowhere")]) == 2


def test_a_scheme_that_names_what_is_not_there(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, rule("a"))
    write_scheme(tmp_path, rules="county/b")
    assert main(["scheme", "check", str(tmp_path / "scheme.yaml"), "--rules", str(tmp_path / "county.yaml")]) == 2
    assert "scheme.yaml:4: 没有规则“county/b”" in capsys.readouterr().err


def test_words_beside_the_rules_are_read(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, rule("a", event="e17"))
    (tmp_path / "words.yaml").write_text("words: {events: {e17: 学习打卡}}\n", encoding="utf-8")
    assert main(["rules", "check", str(tmp_path), "--as-of", "2026-11-21"]) == 2
    assert "活动类型“学习打卡”" in capsys.readouterr().err
    (tmp_path / "words.yaml").write_text("words: {events: [1]}\n", encoding="utf-8")
    assert main(["rules", "check", str(tmp_path), "--as-of", "2026-11-21"]) == 2
    assert "words.yaml:1: events应是“键: 值”的形式" in capsys.readouterr().err


def test_evaluate_refuses_nothing(tmp_path: Path, capsys: Capture) -> None:
    """It must reproduce what was judged in the past, by rules that would be refused today."""
    facts = tmp_path / "facts"
    facts.mkdir()
    (facts / "organisations.csv").write_text(
        "org_id,parent_id,kind,founded_on,dissolved_on,valid_from,valid_to\nb,,branch,2010-01-01,,,\n", "utf-8"
    )
    columns = "event_id,types,org_id,person_id,unit_id,held_on,recorded_on,expected,present,days,hours,topics,makes_up"
    (facts / "events.csv").write_text(f"{columns}\ne,check_in,b,,,2025-01-05,2025-01-05,,,,,,\n", "utf-8")
    path = write(tmp_path, rule("a", "学习打卡", "check_in"))
    arguments = ["--rules", str(path), "--facts", str(facts), "--year", "2025", "--as-of", "2026-11-21"]
    assert main(["evaluate", *arguments, "--backend", "memory", "--out", str(tmp_path / "out")]) == 0
    assert "打卡" not in capsys.readouterr().err
