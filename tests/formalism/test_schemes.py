"""Schemes: what they say themselves, and what the rules they name count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.formalism.given import PACKS, judge, read_scheme, rule, write, write_scheme
from zhibu.engine.rulebooks.load import load


def found(tmp_path: Path, *rules: dict[str, object], on: date = date(2026, 11, 21), **scheme: str) -> list[tuple]:
    books = load([write(tmp_path, *rules)]) if rules else ()
    one = read_scheme(write_scheme(tmp_path, **scheme))
    return [(f.entry, f.severity, f.rule) for f in judge((), (one,), beside=books, on=on)]


PERSON = {"applies_to": {"subject": "person"}}


def test_persons_are_not_scored(tmp_path: Path) -> None:
    assert found(tmp_path, rule("a", **PERSON)) == [("person-scoring", "refuse", "county/a")]
    assert found(tmp_path, rule("a")) == []


def test_nor_compared_with_one_another(tmp_path: Path) -> None:
    assert found(tmp_path, more="peer_group: secretary_id\n") == [("person-scoring", "refuse", "")]
    assert found(tmp_path, more="peer_group: sector\n") == []


def test_hours_are_not_scored(tmp_path: Path) -> None:
    hours = rule("a", needs={"measure": "hours", "at_least": 8})
    assert found(tmp_path, hours) == [("study-hours", "refuse", "county/a")]
    assert found(tmp_path, hours, on=date(2025, 6, 1)) == [("study-hours", "warn", "county/a")]
    assert found(tmp_path, rule("a", needs={"measure": "days", "at_least": 8})) == []


def test_escalation_counts_as_well(tmp_path: Path) -> None:
    ladder = "escalation: {rules: [county/b], steps: {1: 提醒}}\n"
    rules = [rule("a"), rule("b", event="photo_upload")]
    assert found(tmp_path, *rules, rules="county/a", more=ladder) == [("photos", "refuse", "county/b")]
    named = judge((), (read_scheme(tmp_path / "scheme.yaml"),), beside=load([tmp_path / "county.yaml"]))
    assert "逐级提醒所用的规则" in named[0].fault.wrong and named[0].fault.place.line == 5


@pytest.mark.mechanism("M375")
def test_boards_and_papers_are_no_indicators(tmp_path: Path) -> None:
    rules = [rule("a", event="display_board"), rule("b", event="information")]
    assert found(tmp_path, *rules) == [("boards", "warn", "county/a"), ("papers", "warn", "county/b")]


@pytest.mark.parametrize(
    ("scheme", "entry"),
    [
        ({"title": "党员积分考核办法"}, "person-ranking"),
        ({"dimension": "学习时长"}, "study-hours"),
        ({"dimension": "平台登录次数"}, "online-time"),
        ({"more": "grades: [{grade: 打卡达人}]\n"}, "check-in"),
        ({"more": "escalation: {rules: [county/a], steps: {1: 群内回复}}\n"}, "group-replies"),
        ({"more": "peer_group: 登录次数\n"}, "online-time"),
    ],
)
def test_its_own_words(tmp_path: Path, scheme: dict[str, str], entry: str) -> None:
    assert [one[0] for one in found(tmp_path, **scheme)] == [entry]


def test_a_rule_that_asks_too_much_is_told_where_it_is_counted(tmp_path: Path) -> None:
    central = load([PACKS / "central"])
    book = load([write(tmp_path, rule("a", "党员大会", "general_meeting"))])
    one = judge((), (read_scheme(write_scheme(tmp_path)),), beside=(*book, *central))
    assert [(f.entry, f.severity) for f in one] == [("beyond", "warn")]
    assert "每年多 8 次" in one[0].fault.wrong and "维度“组织生活”计入的规则“某项工作”" not in one[0].fault.wrong


def test_a_draft_is_only_warned_of(tmp_path: Path) -> None:
    draft = rule("a", "学习打卡", status="draft")
    assert found(tmp_path, draft) == [("check-in", "warn", "county/a")]
    (own,) = judge(load([tmp_path / "county.yaml"]))
    assert own.severity == "warn" and "还是草案，先提醒" in own.fault.wrong
