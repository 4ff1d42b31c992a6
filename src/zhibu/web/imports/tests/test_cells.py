"""Cells, dates, numbers, names: the spellings of a county's books, one line each."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from zhibu.web.imports.books import vocabulary
from zhibu.web.imports.books.cells import blank, person_name, squeeze, text, whole_number
from zhibu.web.imports.books.dates import NotADate, read_date
from zhibu.web.imports.books.identity import read_identity
from zhibu.web.imports.books.names import Directory, Entry, loose
from zhibu.web.members.identity import BadNumber, of_age

GOOD = "11010519491231002X"


@pytest.mark.parametrize(
    "cell",
    [
        "2025.3.4",
        "2025-03-04",
        "2025/3/4",
        "2025年3月4日",
        "20250304",
        "２０２５．３．４",
        " 2025. 3. 4 ",
        "2025年03月04号",
        "2025.3.4.",
        "2025-03-04 00:00:00",
        "二〇二五年三月四日",
        45720,
        45720.0,
        "45720",
        20250304,
        20250304.0,
        date(2025, 3, 4),
        datetime(2025, 3, 4, 15, 0),
    ],
)
def test_a_date_in_its_spellings(cell: object) -> None:
    assert read_date(cell) == date(2025, 3, 4)


@pytest.mark.parametrize("cell", ["", None, "  ", "\u3000", "/", "无"])
def test_no_date(cell: object) -> None:
    assert read_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2025.2.30", "不存在"),
        ("1999.13.45", "不存在"),
        ("20250431", "不存在"),
        ("2025.3", "没有写到日"),
        (2025.3, "没有写到日"),
        (2025, "没有写到日"),
        ("2025年", "没有写到日"),
        ("25.3.4", "四位"),
        ("2025.3.1-3.5", "一段时间"),
        ("去年", "不是日期"),
        ("0203.1.1", "年份"),
        (-5, "不是日期"),
        ("2025.3.4abc", "不是日期"),
    ],
)
def test_what_is_no_date_says_why(cell: object, says: str) -> None:
    with pytest.raises(NotADate, match=says):
        read_date(cell)


@pytest.mark.parametrize(
    "cell", [GOOD, GOOD.lower(), "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002x", f"'{GOOD}"]
)
def test_an_identity_number_in_its_spellings(cell: str) -> None:
    found = read_identity(cell)
    assert (found.number, found.born_on, found.sex) == (GOOD, date(1949, 12, 31), "f")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("110105194912310021", "校验码"),
        (9.90101199001011e17, "末位已丢失"),
        ("9.90E+17", "末位已丢失"),
        ("12345", "有 5 位"),
        ("110105491231002", "15 位旧号"),
        ("11010519491331002X", "校验码|不存在"),
        ("身份证", "以外的字"),
    ],
)
def test_what_is_no_identity_number_says_why(cell: object, says: str) -> None:
    with pytest.raises(BadNumber, match=says):
        read_identity(cell)


def test_who_was_born_on_29_february_is_eighteen_on_1_march() -> None:
    assert not of_age(date(2000, 2, 29), date(2018, 2, 28))
    assert of_age(date(2000, 2, 29), date(2018, 3, 1))


def test_text_is_folded_and_trimmed() -> None:
    assert text(" 石门镇\u3000光明村\u200b ") == "石门镇 光明村"
    assert squeeze("党 支 部") == "党支部"
    assert person_name("卢\u3000英") == "卢英"
    assert person_name("阿卜杜拉•买买提") == "阿卜杜拉·买买提"
    assert person_name("John  Smith") == "John Smith"
    assert text(13993338073.0) == "13993338073"
    assert blank("\u3000\u200b") and not blank(0)


@pytest.mark.parametrize(
    ("cell", "number"), [(23, 23), (23.0, 23), ("23人", 23), ("２３", 23), ("应到23", 23), ("-3", -3)]
)
def test_whole_numbers(cell: object, number: int) -> None:
    assert whole_number(cell) == number


@pytest.mark.parametrize("cell", [2.5, "2.5", "二十", "12/13", "", True])
def test_no_whole_number(cell: object) -> None:
    assert whole_number(cell) is None


@pytest.mark.parametrize(
    ("cell", "types"),
    [
        ("支部党员大会暨主题党日", ["general_meeting", "theme_day"]),
        ("主题党日+党员大会", ["theme_day", "general_meeting"]),
        ("主题党日＋党课", ["theme_day", "party_lecture"]),
        ("组织生活会暨民主评议党员", ["life_meeting", "appraisal"]),
        ("支委会、党小组会", ["committee_meeting", "group_meeting"]),
        ("党员固定活动日", ["theme_day"]),
        ("专题党课", ["party_lecture"]),
        ("主题党日 活动（七一）", ["theme_day"]),
        ("第一季度党员大会", ["general_meeting"]),
        ("与出国(境)党员联系", ["contact_abroad"]),
        ("“七一”专题主题党日活动", ["theme_day"]),
        ("支部书记讲廉政党课", ["party_lecture"]),
    ],
)
def test_combined_activities_count_for_each_part(cell: str, types: list[str]) -> None:
    assert vocabulary.event_types(cell) == (types, [])


def test_an_unknown_part_is_named() -> None:
    assert vocabulary.event_types("主题党日+联欢会") == (["theme_day"], ["联欢会"])


def test_kinds_long_and_short() -> None:
    assert {vocabulary.kind(word) for word in ("党支部", "支部", "党 支 部", "党支部（单建）")} == {"branch"}
    assert {vocabulary.kind(word) for word in ("党总支", "总支", "党总支部")} == {"general_branch"}
    assert vocabulary.kind("俱乐部") is None


@pytest.mark.parametrize("word", ["茶话会", "座谈会", "联谊会", "观影", "拔河比赛", "党员之家"])
def test_what_is_no_activity_of_the_regime(word: str) -> None:
    assert vocabulary.event_types(word) == ([], [word])


def test_names_of_organisations_are_found_by_their_short_forms() -> None:
    directory = Directory()
    directory.add(Entry(("db", 1), "中共云岭县大营镇委员会"))
    directory.add(Entry(("db", 2), "大营镇槐树村党支部"))
    assert directory.find("云岭县大营镇党委").ref == ("db", 1)
    assert directory.find(" 大营镇槐树村支部\u3000").ref == ("db", 2)
    assert "是不是“大营镇槐树村党支部”" in str(directory.find("大营镇槐村党支部"))
    assert loose("中国共产党云岭县委员会") == loose("云岭县委")


def test_two_of_one_name_are_told_apart() -> None:
    directory = Directory()
    directory.add(Entry(("db", 1), "机关党支部", "甲镇党委"))
    directory.add(Entry(("db", 2), "机关党支部", "乙镇党委"))
    assert "甲镇党委" in str(directory.find("机关党支部"))


def test_every_activity_of_the_packs_is_understood() -> None:
    """As every check of books begins: the names of the packs are learned first."""
    packs = Path(__file__).parents[5] / "packs" / "words.yaml"
    names = yaml.safe_load(packs.read_text(encoding="utf-8"))["words"]["events"]
    vocabulary.learn(names)
    assert {key: vocabulary.event_types(word) for key, word in names.items()} == {key: ([key], []) for key in names}
