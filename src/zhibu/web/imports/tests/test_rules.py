"""Each rule of the books, with the smallest book that breaks it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from zhibu.web.imports.books.known import KnownMember, KnownOrganisation
from zhibu.web.imports.sample.mistakes import Formula
from zhibu.web.imports.tests.helpers import (
    COUNTY,
    EVENTS,
    GOOD_ID,
    MEMBERS,
    ORGANISATIONS,
    book,
    one_event,
    one_member,
    reasons,
    walk,
)

GOOD = ["张某", GOOD_ID, "1980.1.1", "正式党员", "甲村党支部", "2005.7.1", "2006.7.1"]
HELD = ["甲村党支部", "2026.3.5", "主题党日", "学习", 10, 9, "2026.3.6"]


def _with(cells: list, **changes: object) -> list:
    places = {"name": 0, "number": 1, "born": 2, "kind": 3, "branch": 4, "joined": 5, "full": 6}
    places |= (
        {"held": 1, "types": 2, "expected": 4, "present": 5, "recorded": 6} if len(changes) and cells is HELD else {}
    )
    changed = list(cells)
    for name, value in changes.items():
        changed[places[name]] = value
    return changed


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "姓名为空"),
        ({"name": Formula("=A1")}, "姓名为公式"),
        ({"name": "＝张某"}, "姓名为公式"),
        ({"name": "@张某"}, "姓名为公式"),
        ({"name": 12.0}, "不是文字"),
        ({"number": ""}, "身份证号没有填"),
        ({"number": "990001198001010018"}, "校验码"),
        ({"number": 9.90001198001010e17}, "末位已丢失"),
        ({"born": "1980.1.2"}, "出生日期与身份证不一致（表里 1980-01-02"),
        ({"kind": "积极分子"}, "人员类别“积极分子”未知"),
        ({"branch": "乙村党支部"}, "支部不存在：“乙村党支部”"),
        ({"branch": ""}, "所在党支部没有填"),
        ({"joined": "1997.12.31", "full": ""}, "未满18周岁"),
        ({"joined": ""}, "没有填"),
        ({"joined": "2005.7"}, "没有写到日"),
        ({"full": "2005.6.30"}, "转正早于入党"),
        ({"full": "2027.1.1"}, "还没有到"),
    ],
)
def test_members(tmp_path: Path, changes: dict, says: str) -> None:
    found = one_member(tmp_path, *_with(GOOD, **changes))
    assert not found.accepted
    assert says in found.reason


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"born": ""},
        {"born": "1980.1"},
        {"joined": "1998.1.1"},
        {"full": ""},
        {"kind": "", "full": "2006.7.1"},
        {"full": "2005.7.1"},
        {"branch": "甲村支部"},
    ],
)
def test_members_that_pass(tmp_path: Path, changes: dict) -> None:
    assert one_member(tmp_path, *_with(GOOD, **changes)).reason == ""


def test_sex_against_the_number_is_only_a_hint(tmp_path: Path) -> None:
    found = one_member(tmp_path, *GOOD, "女", headings=[*MEMBERS, "性别"])
    assert found.accepted
    assert "第 17 位不一致" in found.findings[0].reason


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"held": "2026.2.30"}, "不存在"),
        ({"held": "2026.11.22"}, "还没有到"),
        ({"held": ""}, "没有填"),
        ({"held": "无"}, "没有填"),
        ({"present": "1O"}, "不是人数"),
        ({"types": "茶话会"}, "类型未知"),
        ({"types": ""}, "没有填"),
        ({"present": 11}, "实到大于应到"),
        ({"present": -1}, "不是人数"),
        ({"present": "很多"}, "不是人数"),
        ({"recorded": "2026.3.4"}, "录入早于活动"),
    ],
)
def test_events(tmp_path: Path, changes: dict, says: str) -> None:
    found = one_event(tmp_path, *_with(HELD, **changes))
    assert not found.accepted
    assert says in found.reason


def test_an_activity_without_a_day_of_entry_is_entered_today(tmp_path: Path) -> None:
    found = one_event(tmp_path, *_with(HELD, recorded="", expected="10人"))
    assert found.accepted
    assert (found.value.recorded_on, found.value.given["expected"]) == (date(2026, 11, 21), 10)


@pytest.mark.parametrize("nothing", ["无", "/", "—", " - "])
def test_a_mark_for_nothing_is_an_empty_cell(tmp_path: Path, nothing: str) -> None:
    """What the check accepts, the database can hold: such a cell once passed the check and stopped the whole call."""
    found = one_event(tmp_path, *_with(HELD, recorded=nothing))
    assert found.accepted and found.value.recorded_on == date(2026, 11, 21)
    missing = one_member(tmp_path, *_with(GOOD, joined=nothing))
    assert not missing.accepted and "没有填" in missing.reason


def test_only_rows_equal_in_all_fields_are_one_activity(tmp_path: Path) -> None:
    rows = [EVENTS, HELD, [*HELD[:3], "另一个主题", *HELD[4:]], [HELD[0], "2026年3月5日", *HELD[2:]]]
    paths = [book(tmp_path / "o.xlsx", [ORGANISATIONS, *COUNTY]), book(tmp_path / "e.xlsx", rows)]
    assert reasons(walk(*paths)["events"]) == {4: "与第 2 行重复，各列都一样，删去一行"}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["", "党支部", "中共某县委员会"], "名称为空"),
        (["乙村党支部", "俱乐部", "中共某县委员会"], "类别“俱乐部”未知"),
        (["乙村党支部", "党支部", "中共别县委员会"], "上级党组织不存在：“中共别县委员会”"),
        (["乙村党支部", "党支部", ""], "上级党组织没有填"),
        (["乙村党支部", "党支部", "乙村党支部"], "填成了自己"),
        (["甲村党支部", "党支部", "中共某县委员会"], "与第 3 行重复"),
        (["乙村党支部", "党支部", "中共某县委员会", "村", "1999.13.45"], "不存在"),
        (["乙村党支部", "党支部", "中共某县委员会", "村", "2030.1.1"], "还没有到"),
        (["乙村党支部", "党支部", "中共某县委员会", "村", "2001.1.1", "2000.1.1"], "早于建立日期"),
        ([Formula("=A1"), "党支部", "中共某县委员会"], "名称是公式"),
    ],
)
def test_organisations(tmp_path: Path, row: list, says: str) -> None:
    found = walk(book(tmp_path / "o.xlsx", [ORGANISATIONS, *COUNTY, row]))["organisations"]
    assert reasons(found).keys() == {4}
    assert says in reasons(found)[4]


def test_superiors_in_a_circle_are_refused_and_so_is_who_hangs_on_them(tmp_path: Path) -> None:
    rows = [
        ["甲党委", "党委", "丙党委"],
        ["乙党委", "党委", "甲党委"],
        ["丙党委", "党委", "乙党委"],
        ["丁村党支部", "党支部", "甲党委"],
    ]
    found = walk(book(tmp_path / "o.xlsx", [ORGANISATIONS, *COUNTY, *rows]))["organisations"]
    assert {row: reason[:9] for row, reason in reasons(found).items()} == {
        4: "上级关系绕成了一圈",
        5: "上级关系绕成了一圈",
        6: "上级关系绕成了一圈",
        7: "上级党组织“甲党委",
    }


def test_a_superior_may_stand_further_down_and_be_written_short(tmp_path: Path) -> None:
    rows = [
        ["甲村党支部", "支部", "某县大营镇党委"],
        ["中共某县大营镇委员会", "党委", "中共某县委员会"],
        ["中共某县委员会", "党委", ""],
    ]
    found = walk(book(tmp_path / "o.xlsx", [ORGANISATIONS, *rows]))["organisations"]
    assert reasons(found) == {}


def test_a_row_without_superior_does_not_take_the_place_of_the_county(tmp_path: Path) -> None:
    rows = [["乙村党支部", "党支部", ""], *COUNTY]
    assert reasons(walk(book(tmp_path / "o.xlsx", [ORGANISATIONS, *rows]))["organisations"]).keys() == {2}


def test_the_countys_own_superior_need_not_be_in_the_book(tmp_path: Path) -> None:
    rows = [["中共某县委员会", "党委", "中共某市委员会"], COUNTY[1]]
    assert reasons(walk(book(tmp_path / "o.xlsx", [ORGANISATIONS, *rows]))["organisations"]) == {}


def test_a_number_already_in_the_roster_of_another_branch(tmp_path: Path) -> None:
    paths = [book(tmp_path / "o.xlsx", [ORGANISATIONS, *COUNTY]), book(tmp_path / "m.xlsx", [MEMBERS, GOOD])]
    for name, says in (("丙村党支部", "已在“丙村党支部”的名册里"), ("", "本范围以外")):
        found = walk(*paths, known=_Roster(KnownMember(5, 99, name)))
        assert says in found["members"][0].reason
    assert walk(*paths, known=_Roster(KnownMember(5, 2, "甲村党支部")))["members"][0].value.match == 5


class _Roster:
    may_plant_root = True

    def __init__(self, member: KnownMember):
        self._member = member

    def organisations(self):
        return [KnownOrganisation(1, "中共某县委员会", None), KnownOrganisation(2, "甲村党支部", 1, "中共某县委员会")]

    def members(self, numbers):
        return dict.fromkeys(numbers, self._member)
