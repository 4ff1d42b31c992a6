"""Faults of rulebooks, schemes and holiday tables: every one found, in its file and on its line."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.conftest import RULES, SCHEME
from zhibu.engine import holidays, scheme
from zhibu.engine.errors import EngineError
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Between, Equals, Needs


def faults(folder: Path, text: str | bytes, name: str = "book.yaml") -> list[str]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(EngineError) as caught:
        load([path])
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


WRONG = [
    ("title: 支部党员大会", "titel: 支部党员大会", "book.yaml:9: 规则中有未知的键“titel”。是不是“title”?"),
    ("level: central", "level: planet", "book.yaml:3: level"),
    ("level: central\n", "", "book.yaml:1: 规则集缺少“level”"),
    ("from: 2018-10-28}", "from: 2018-02-30}", "book.yaml:4: from应是日期"),
    ("from: 2018-10-28}", "from: 2018-10-28, until: 2018-10-27}", "book.yaml:4: until（2018-10-27）早于"),
    ("ref: ZB", "ref: ZC", "book.yaml:10: 出处“ZC”不在 sources 中"),
    ("strength: soft", "strength: strong", "book.yaml:11: strength不能是“strong”"),
    ("subject: organisation", "subject: country", "book.yaml:12: subject不能是“country”"),
    ("every: quarter", "every: fortnight", "book.yaml:13: every 不能是“fortnight”"),
    ("every: quarter", "every: quarter\n    always: {kind: branch}", "规则有 2 个时钟"),
    ("    every: quarter\n", "", "book.yaml:8: 规则没有时钟"),
    ("every: quarter", "every: {months: 0, from: x}", "book.yaml:13: months应在 1 到"),
    ("every: quarter", "every: {months: 1}", "book.yaml:13: every缺少“from”"),
    ("every: quarter", "after: {event: x}", "book.yaml:13: 有 after 就要有 within"),
    ("every: quarter", "after: {event: x, date: y}\n    within: {days: 3}", "after 要写 event 或 date 中的一个"),
    ("every: quarter", "every: quarter\n    within: {days: 3}", "“within”只能与 after 一起用"),
    ("every: quarter", "always: {kind: branch}", "always 规则不能有 needs"),
    ("    needs: {event: [general_meeting], where: {attendance: {min: 0.5}}}\n", "", "book.yaml:8: 规则缺少 needs"),
    ("event: [general_meeting]", "event: general_meeting", "book.yaml:14: event应是一个列表"),
    ("event: [general_meeting]", "event: []", "book.yaml:14: event是空的"),
    ("min: 0.5", "mni: 0.5", "未知的键“mni”"),
    ("min: 0.5", "min: half", "book.yaml:14: min应是数字"),
    ("min: 0.5", "min: 1, max: 2025-01-01", "列 attendance 的界限有的是日期"),
    ("{min: 0.5}", "null", "不能是空值"),
    ("grace: {days: 10}", "grace: {days: -1}", "book.yaml:15: days应在 0 到"),
    ("grace: {days: 10}", "grace: {days: 1.5}", "book.yaml:15: days应是整数"),
    ("met: 2", "met: many", "book.yaml:16: met应是数字"),
    ("late: 1", "met: 1", "book.yaml:16: 键“met”重复，第 16 行已写过"),
    ("title: 党支部组织生活", "title: 2018", "book.yaml:2: title应是文字"),
    ("id: general-meeting", "id: a/b", "不能含空格"),
    ("min: 0.5", "min: 010", "min应是数字"),
    ("min: 0.5", "min: .inf", "min应是数字"),
    ("min: 0.5", "min: 1.0e-31", "太大或太长"),
    ("min: 0.5", "min: '0.5'", "min应是数字"),
    ("met: 2", "<<: 2", "points的 << 后面应是"),
]


@pytest.mark.parametrize(("right", "wrong", "fault"), WRONG)
def test_one_fault(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert right in RULES
    found = faults(tmp_path, RULES.replace(right, wrong, 1))
    assert any(fault in one for one in found), found


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RULES.replace("quarter", "x").replace("soft", "y"), encoding="utf-8")
    (tmp_path / "b.yml").write_text("id: [", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("hello: 1", encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        load([tmp_path])
    assert [Path(fault.place.file).name for fault in caught.value.faults] == ["a.yaml", "a.yaml", "b.yml", "c.yaml"]


def test_rule_ids_repeat_within_but_not_across_rulebooks(tmp_path: Path) -> None:
    entry = RULES[RULES.index("  - id") :]
    assert "第 8 行已用过" in faults(tmp_path, RULES + entry)[0]
    (tmp_path / "book.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(RULES.replace("branch-life", "other"), encoding="utf-8")
    assert [book.id for book in load([tmp_path])] == ["branch-life", "other"]


def test_versions_may_follow_but_not_overlap(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(RULES.replace("10-28}", "10-28, until: 2025-06-30}", 1), encoding="utf-8")
    new.write_text(RULES.replace("{from: 2018-10-28}", "{from: 2025-07-01}", 1), encoding="utf-8")
    assert len(load([old, new])) == 2
    new.write_text(RULES.replace("{from: 2018-10-28}", "{from: 2025-06-30}", 1), encoding="utf-8")
    with pytest.raises(EngineError, match=r"new\.yaml:1: .*重叠.*old\.yaml:1"):
        load([old, new])


BOMB = b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 110))
HOSTILE = {
    "GBK": RULES.encode("gbk"),
    "empty": b"",
    "too large": b"#" * 1_100_000,
    "deep": b"[" * 5000,
    "alias bomb": b"a: &a [x,x]\n" + BOMB,
    "inside itself": b"id: &a [*a]\nrules: []",
    "binary": bytes(range(256)),
    "a list": b"- 1\n- 2",
    "python object": b"id: !!python/object/apply:os.system ['true']\nrules: []",
    "two documents": b"a: 1\n---\nb: 2",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_is_a_fault(tmp_path: Path, content: bytes) -> None:
    assert faults(tmp_path, content)


def test_aliases_are_plain_yaml(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(RULES.replace("days: 10", "days: &ten 10").replace("met: 2", "met: *ten"), encoding="utf-8")
    assert load([path])[0].rules[0].points.met == 10


def test_byte_order_mark_and_memory_drafts(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text("\ufeff" + RULES.replace("strength: soft", "evidence: memory"), encoding="utf-8")
    rule = load([path])[0].rules[0]
    assert (rule.status, rule.strength, rule.partial) == ("draft", "hard", "exempt")
    path.write_text(RULES.replace("strength: soft", "evidence: memory\n    status: active"), encoding="utf-8")
    assert load([path])[0].rules[0].status == "active"


@pytest.mark.parametrize(
    "written", ["1.0e-05", "1.0e+00", ".5", "1_000", "+2", "1e5", "1.5E3", "0.123456789012345678901234567", "1_0.5"]
)
def test_numbers_as_yaml_writes_them(tmp_path: Path, written: str) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(RULES.replace("min: 0.5", f"min: {written}"), encoding="utf-8")
    needs = load([path])[0].rules[0].needs
    assert needs and isinstance(needs.where, Between) and needs.where.min == Decimal(written.replace("_", ""))


def test_merge_keys(tmp_path: Path) -> None:
    """What stands in the mapping itself comes first; an unknown key that is merged is still unknown."""
    path = tmp_path / "book.yaml"
    text = RULES.replace("points: {met: 2, late: 1, missed: 0}", "points: &p {met: 2, late: 1, missed: 0}")
    more = text[text.index("  - id") :].replace("id: general-meeting", "id: other")
    path.write_text(text + more.replace("&p {met: 2, late: 1, missed: 0}", "{met: 7, <<: *p}"), encoding="utf-8")
    points = load([path])[0].rules[1].points
    assert (points.met, points.late) == (7, 1)
    path.write_text(text + more.replace("&p {met: 2, late: 1, missed: 0}", "{<<: [*p, {x: 1}]}"), encoding="utf-8")
    with pytest.raises(EngineError, match="未知的键“x”"):
        load([path])


@pytest.mark.parametrize(
    "broken", ["a: [x", "a: b: c", "a: 'x", "\ta: 1", "a: *x", "- a\nb: 1", "a: @x", "a: ]", "!e!x y"]
)
def test_syntax_is_explained_in_chinese(tmp_path: Path, broken: str) -> None:
    said = faults(tmp_path, broken)[0].partition("语法错误：")[2]
    assert said and not re.search("[a-z]{3}", said)


def test_numbers_are_exact_and_words_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(RULES.replace("{attendance: {min: 0.5}}", "{code: '001'}"), encoding="utf-8")
    needs = load([path])[0].rules[0].needs
    assert isinstance(needs, Needs) and isinstance(needs.where, Equals) and needs.where.value == "001"


def test_nothing_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(EngineError):
            load([path])


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("weight: 40", "weight: 0", "weight 应大于 0"),
        ("weight: 40", "weight: a", "weight 应是数字"),
        ("rules: [branch-life/*]}", "rules: [branch-lief/*]}", "没有规则“branch-lief/*”。是不是“branch-life/*”"),
        ("rules: [branch-life/*]}", "rules: [branch-life/no]}", "没有规则“branch-life/no”"),
        ("id: life", "id: total", "与结果表的列同名"),
        ("steps: {1: 提醒}", "steps: {0: 提醒}", "steps 的键"),
        ("title: 组织生活", "name: 组织生活", "未知的键“name”"),
    ],
)
def test_scheme_faults(world: Path, right: str, wrong: str, fault: str) -> None:
    path = world / "scheme.yaml"
    path.write_text(SCHEME.replace(right, wrong), encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        scheme.read(path, load([world / "rules.yaml"]))
    assert fault in str(caught.value)


def test_holiday_table(tmp_path: Path) -> None:
    path = tmp_path / "h.yaml"
    path.write_text("years: {2030: {off: [2031-01-01], work: []}}")
    with pytest.raises(EngineError, match="2031-01-01 不在 2030 年"):
        holidays.read(path)
    assert holidays.official().years == frozenset(range(2018, 2027))
