"""Words catch what they mean, however it is written, and nothing that only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.formalism.given import PACKS, judged, rule
from zhibu.engine.formalism.names import among, ident, text

ROOT = Path(__file__).parents[2]
INNOCENT = [
    line
    for line in (Path(__file__).with_name("innocent.txt")).read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
MISSION = [line.split(maxsplit=2)[2] for line in (ROOT / "docs/mission.txt").read_text(encoding="utf-8").splitlines()]
WORDS = yaml.safe_load((PACKS / "words.yaml").read_text(encoding="utf-8"))["words"]
NAMES = [word for name, group in WORDS.items() if name != "short" for word in group.values()]


def entries(tmp_path: Path, *rules: dict[str, object], words: dict[str, str] | None = None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in judged(tmp_path, *rules, words=words):
        found.setdefault(one.rule.removeprefix("county/"), set()).add(one.entry)
    return found


def test_ordinary_names_raise_no_alarm(tmp_path: Path) -> None:
    assert len(INNOCENT) > 150
    rules = [rule(f"r{n}", title) for n, title in enumerate(INNOCENT)]
    found = entries(tmp_path, *rules)
    assert {INNOCENT[int(name[1:])]: what for name, what in found.items()} == {}


def test_the_missions_own_names_raise_the_alarms_they_deserve(tmp_path: Path) -> None:
    """Walls, boards and papers are the very complaint (M375); monthly information is a burden (M330)."""
    names = [*MISSION, *NAMES]
    found = entries(tmp_path, *(rule(f"r{n}", title) for n, title in enumerate(names)))
    assert {names[int(name[1:])]: what for name, what in found.items()} == {
        "上墙上板发文件": {"boards"},
        "信息报送": {"papers"},
    }


@pytest.mark.parametrize(
    ("title", "entry"),
    [
        ("学习打卡", "check-in"), ("学习 打　卡", "check-in"), ("学习打\u200b卡", "check-in"),
        ("党员学习ＡＰＰ安装", "installs"), ("党员学习app安装", "installs"), ("月登录次数", "online-time"),
        ("公众号点赞转发", "likes"), ("点赞", "likes"), ("文章阅读量", "likes"), ("党员积分榜", "person-ranking"),
        ("工作照片上传", "photos"), ("现场照片", "photos"), ("走访定位打卡", "tracks"), ("会议刷脸", "faces"),
        ("学习笔记", "papers"), ("市级媒体刊发", "media"), ("制度上墙", "boards"), ("每周报送报表", "forms"),
        ("会议精神落实情况报告", "implementation-reports"), ("通知秒回", "group-replies"),
        ("线上督查", "online-appraisal"),
    ],
)  # fmt: skip
def test_a_name_that_says_it_is_caught(tmp_path: Path, title: str, entry: str) -> None:
    assert entry in entries(tmp_path, rule("a", title))["a"]


def test_ids_are_read_however_they_are_written() -> None:
    assert {ident(one) for one in ("photoCount", "photo-count", "Photo_Count", "photo.count")} == {"photo_count"}
    assert among("photo_num", frozenset({"photo"})) and not among("photography", frozenset({"photo"}))
    assert not among("number", frozenset({"photo"}))
    assert text(" 点 赞\u200b ") == "点赞"


@pytest.mark.parametrize(
    ("where", "entry"),
    [
        ({"topics": {"has": "打卡"}}, "check-in"),
        ({"form": "photo_upload"}, "photos"),
        ({"form": ["talk", "online_vote"]}, "likes"),
        ({"not": {"any": [{"has_photo": False}]}}, "photos"),
        ({"点赞数": {"min": 10}}, "likes"),
        ({"loginCount": {"more_than": 3}}, "online-time"),
    ],
)
def test_conditions_are_looked_through(tmp_path: Path, where: dict[str, object], entry: str) -> None:
    found = judged(tmp_path, rule("ok"), rule("a", needs={"where": where}))
    assert [(one.rule, one.entry) for one in found] == [("county/a", entry)]
    assert found[0].fault.place.line == 8  # the condition's own line


def test_the_clock_and_the_basis_are_looked_at(tmp_path: Path) -> None:
    after = {"after": {"event": "check_in"}, "within": {"days": 3}}
    clocked = {key: value for key, value in rule("a").items() if key != "every"} | after
    basis = rule("b", needs={"at_least": {"column": "app_users"}})
    standing = {key: value for key, value in rule("c").items() if key not in ("every", "needs")}
    found = entries(tmp_path, clocked, basis, standing | {"always": {"track": {"known": True}}})
    assert found == {"a": {"check-in"}, "b": {"installs"}, "c": {"tracks"}}


def test_chinese_names_of_ids_are_read_too(tmp_path: Path) -> None:
    assert not entries(tmp_path, rule("a", event="e17"))
    found = judged(tmp_path, rule("a", event="e17"), words={"e17": "点赞转发"})
    assert [one.entry for one in found] == ["likes"] and "活动类型“点赞转发”" in found[0].fault.wrong
