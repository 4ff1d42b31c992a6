"""The list itself: every entry dated, sourced, no surer than its source, and with a pair that comes out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from scripts.manual import PAGE, formalism_page

from tests.formalism.given import TODAY, of_example
from zhibu.engine import formalism
from zhibu.engine.errors import EngineError
from zhibu.engine.formalism import pairs
from zhibu.engine.formalism.model import Entry
from zhibu.engine.formalism.read import LIST

OFFICIAL = formalism.official()
every_entry = pytest.mark.parametrize("entry", OFFICIAL.entries, ids=lambda entry: entry.id)
TEXT = LIST.read_text(encoding="utf-8")


def test_the_manual_has_this_chapter() -> None:
    assert PAGE.read_text(encoding="utf-8") == formalism_page(), "run: make manual"


def test_every_pair_comes_out() -> None:
    assert [str(fault) for fault in pairs.run(OFFICIAL)] == []
    assert len(OFFICIAL.entries) > 15


@every_entry
def test_an_entry_holds_on_its_days_and_not_before(entry: Entry) -> None:
    first = min(hold.since for hold in entry.holds)
    assert entry.on(first - timedelta(days=1)) is None
    assert not [one for one in of_example(OFFICIAL, entry.caught, first - timedelta(days=1)) if one.entry == entry.id]
    for hold in entry.holds:
        for day in (hold.since, hold.until or TODAY):
            found = [one for one in of_example(OFFICIAL, entry.caught, day) if one.entry == entry.id]
            assert found and {one.severity for one in found} == {hold.severity}
            assert all(hold.source.title in one.fault.wrong and hold.clause in one.fault.wrong for one in found)


@every_entry
def test_the_neighbour_is_left_alone_on_every_day(entry: Entry) -> None:
    for day in {TODAY, *(hold.since for one in OFFICIAL.entries for hold in one.holds)}:
        assert not of_example(OFFICIAL, entry.spared, day)


@every_entry
def test_an_entry_is_no_surer_than_its_source(entry: Entry) -> None:
    for hold in entry.holds:
        assert hold.source.title and hold.clause
        assert hold.severity == "warn" or hold.evidence == "text"
        assert hold.evidence == "text" or "待核对" in hold.clause
    for asked in entry.requirements:
        assert asked.evidence == "text" or "待核对" in asked.clause


@every_entry
def test_days_follow_one_another(entry: Entry) -> None:
    holds = sorted(entry.holds, key=lambda hold: hold.since)
    assert holds[-1].until is None
    for hold, following in pairwise(holds):
        assert hold.until == following.since - timedelta(days=1)


ENTRY = TEXT[TEXT.index("  - id: group-replies") : TEXT.index("  - id: online-appraisal")]
SMALL = TEXT[: TEXT.index("entries:")] + "entries:\n" + ENTRY
WRONG = [
    ("severity: warn", "severity: refuse", "依据只有 secondary，不能拒绝"),
    ("severity: warn", "severity: punish", "severity不能是“punish”"),
    ("ref: ZJ", "ref: ZX", "出处“ZX”不在 sources 中"),
    ("from: 2024-01-01", "from: 2024-13-01", "from应是日期"),
    ("from: 2024-01-01", "from: 2024-01-01, until: 2023-01-01", "早于 from"),
    ("    signs:", "      - {from: 2025-01-01, severity: warn, ref: ZJ, clause: 待核对, evidence: memory}\n    signs:",
     "的日期重叠"),
    ("    signs:", "    sings:", "未知的键“sings”"),
    ("words: [群接龙", "words: [群接龙, {a: 1}", "words应是文字"),
    ("dated: 2026-11-21", "dated: soon", "dated应是日期"),
    ("instead: ", "inst: ", "条目缺少“instead”"),
    ("spared:", "spare:", "条目缺少“spared”"),
    ("title: 工作群即时回复", "title: [1]", "title应是文字"),
    ("event: [group_reply]", "event: group_reply", "event应是一个列表"),
]  # fmt: skip


def test_the_small_list_is_right(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text(SMALL, encoding="utf-8")
    assert [entry.id for entry in formalism.read(tmp_path / "list.yaml").entries] == ["group-replies"]


@pytest.mark.parametrize(("right", "wrong", "fault"), WRONG)
def test_a_fault_of_the_list_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert right in SMALL
    path = tmp_path / "list.yaml"
    path.write_text(SMALL.replace(right, wrong), encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        formalism.read(path)
    told = [str(one) for one in caught.value.faults]
    assert any(fault in one for one in told), told
    assert all(one.startswith(f"{path}:") for one in told)


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("group_reply, instant_reply", "instant_reply", ""),
        ("即时回复, ", "", ""),
        ("title: 红歌接龙、意见建议限时答复", "title: 红歌群接龙", "误认了“群接龙、即时回复”旁边的例子"),
    ],
)
def test_a_pair_that_does_not_come_out_is_a_fault(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    """One sign may go while another still catches; without both the example is missed."""
    path = tmp_path / "list.yaml"
    path.write_text(SMALL.replace(right, wrong), encoding="utf-8")
    told = [str(one) for one in pairs.run(formalism.read(path))]
    assert [fault in one for one in told] == ([True] if fault else [])
    blind = SMALL.replace("group_reply, instant_reply", "instant_reply").replace("即时回复, ", "")
    path.write_text(blind, encoding="utf-8")
    assert "没有认出例子“工作群即时回复”" in str(pairs.run(formalism.read(path))[0])


def test_an_entry_that_holds_no_longer_needs_no_pair(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    old = SMALL.replace("from: 2024-01-01", "from: 2024-01-01, until: 2024-12-31").replace("即时回复", "X")
    path.write_text(old, encoding="utf-8")
    assert pairs.run(formalism.read(path)) == []
    assert formalism.read(path).entries[0].on(date(2025, 1, 1)) is None
