"""Publishing: what is refused on the day of publication is not published; what is warned of is shown with the rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from zhibu.engine.errors import EngineError
from zhibu.engine.formalism.read import LIST
from zhibu.web.burden.estimates import minutes
from zhibu.web.config.commands import main
from zhibu.web.conftest import Cast
from zhibu.web.regulations.actions import publish
from zhibu.web.regulations.models import Rule, Rulebook, Scheme

pytestmark = pytest.mark.django_db
BOOK = """\
id: county-habits
title: 某县制度
level: county
effective: {from: 2026-01-01}
sources: {TZ: {title: 某县通知, issuer: 某县委组织部}}
rules:
  - id: habit
    title: TITLE
    source: {ref: TZ, clause: 第一项}
    applies_to: {subject: organisation, where: {kind: branch}}
    every: month
    needs: {event: [EVENT]}
"""
SCHEME = """\
id: county-2026
title: 2026年度考核办法
dimensions: [{id: a, title: 工作, weight: 1, rules: [RULES]}]
"""


def book(folder: Path, title: str = "集体学习", event: str = "study") -> Path:
    path = folder / "book.yaml"
    path.write_text(BOOK.replace("TITLE", title).replace("EVENT", event), encoding="utf-8")
    return path


def estimated(folder: Path) -> Path:
    path = folder / "minutes.yaml"
    text = "minutes: 某县委组织部\nestimated_on: 2026-01-05\nrules: {county-habits/habit: 15}\n"
    path.write_text(text, encoding="utf-8")
    return path


def scheme(folder: Path, rules: str) -> Path:
    path = folder / "scheme.yaml"
    path.write_text(SCHEME.replace("RULES", rules), encoding="utf-8")
    return path


def test_what_is_forbidden_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"book\.yaml:7: 规则“学习打卡”（county-habits/habit）要求打卡签到"):
        publish(paths=[book(tmp_path, "学习打卡")])
    assert not Rulebook.objects.exists()


def test_a_scheme_that_scores_persons_is_not_published(tmp_path: Path) -> None:
    central = Path(settings.PACKS) / "central"
    with pytest.raises(EngineError, match="给个人计分"):
        publish(paths=[central, scheme(tmp_path, "dues/member-dues")])
    assert not Rulebook.objects.exists() and not Scheme.objects.exists()
    publish(paths=[central])
    with pytest.raises(EngineError, match="给个人计分"):  # the rule in force already, the scheme new
        publish(paths=[scheme(tmp_path, "dues/member-dues")])
    publish(paths=[scheme(tmp_path, "branch-life/theme-day")])
    assert Scheme.objects.get().scheme == "county-2026"


def test_there_must_be_something_to_publish(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="路径不存在"):
        publish(paths=[tmp_path / "nowhere"])
    with pytest.raises(EngineError, match="没有可发布的"):
        publish(paths=[LIST])


@pytest.mark.parametrize(("day", "status"), [("2023-12-31", ""), ("2025-06-01", "提醒"), ("2026-01-25", "拒绝")])
def test_the_day_of_publication_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, status: str) -> None:
    monkeypatch.setenv("ZHIBU_TODAY", day)
    path = book(tmp_path, "学习打卡")
    if status == "拒绝":
        with pytest.raises(EngineError):
            publish(paths=[path])
        return
    done = publish(paths=[path])
    assert len(done.rulebooks) == 1 and len(done.warnings) == bool(status)


def test_what_is_in_force_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text published before the rule against it may be there when others are published; a new version may not."""
    monkeypatch.setenv("ZHIBU_TODAY", "2025-06-01")
    old = book(tmp_path, "学习打卡")
    publish(paths=[old, scheme(tmp_path, "county-habits/habit")])
    monkeypatch.setenv("ZHIBU_TODAY", "2026-11-21")
    done = publish(paths=[old, tmp_path / "scheme.yaml", Path(settings.PACKS) / "central"])
    assert not done.warnings and Rulebook.objects.filter(rulebook="county-habits").count() == 1
    old.write_text(old.read_text("utf-8").replace("every: month", "every: year"), encoding="utf-8")
    with pytest.raises(EngineError):
        publish(paths=[old])


def test_local_rules_are_compared_with_the_central_ones_in_force(tmp_path: Path) -> None:
    publish(paths=[Path(settings.PACKS) / "central"])
    done = publish(paths=[book(tmp_path, "党员大会", "general_meeting")])
    assert "每年多 8 次（对象：党支部）" in str(done.warnings[0])


def test_the_command_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", str(book(tmp_path, "学习打卡"))]) == 2
    assert "book.yaml:7: 规则“学习打卡”" in capsys.readouterr().err
    given = ["--minutes", str(estimated(tmp_path))]
    assert main(["publish", str(book(tmp_path, "信息", "information")), *given]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("提醒：") and "活动类型 信息报送" in said.err and "发布了 1 部规则书" in said.out
    own = tmp_path / "list.yaml"
    own.write_text(LIST.read_text(encoding="utf-8").replace("severity: refuse", "severity: warn"), encoding="utf-8")
    assert main(["publish", str(book(tmp_path, "学习打卡")), "--formalism", str(own), *given]) == 0
    assert "要求打卡签到" in capsys.readouterr().err
    assert main(["publish", str(book(tmp_path)), "--formalism", str(tmp_path / "none.yaml")]) == 2


def test_local_rules_without_minutes_are_not_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """B9: the issuer says first what a duty takes."""
    assert main(["publish", str(book(tmp_path))]) == 2
    assert "1 条规则没有估时，什么都没有发布：county-habits/habit" in capsys.readouterr().err
    assert not Rulebook.objects.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("minutes: 某部\nrules: {a/b: 5}", "estimated_on 写日期"),
        ("minutes: 某部\nestimated_on: 2026-01-05\nrules: {ab: 5}", "应写成 规则书/规则"),
        ("minutes: 某部\nestimated_on: 2026-01-05\nrules: {a/b: 0}", "应是 1 到 6000 的整数"),
        ("minutes: 某部\nestimated_on: 2026-01-05\nrules: {a/b: true}", "应是 1 到 6000 的整数"),
        ("[", "读不出来"),
        ("", "应有 minutes"),
    ],
)
def test_a_file_of_minutes_that_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    file = tmp_path / "minutes.yaml"
    file.write_text(text, encoding="utf-8")
    assert main(["publish", str(book(tmp_path)), "--minutes", str(file)]) == 2
    assert says in capsys.readouterr().err


def test_the_issuer_sees_what_it_costs_and_agrees(
    year: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eight villages and the neighbour, twelve months, fifteen minutes each; read by nobody at a terminal: refused."""
    told = ["publish", str(book(tmp_path)), "--minutes", str(estimated(tmp_path))]
    assert main(told) == 2
    said = capsys.readouterr()
    assert "集体学习：9 个组织，共 108 次 × 15 分钟 = 27 小时" in said.out
    assert "哪条都适用的组织，每月约 15 分钟" in said.out and "什么都没有发布" in said.err
    assert not Rulebook.objects.filter(rulebook="county-habits").exists()
    assert main([*told, "--yes"]) == 0
    assert Rulebook.objects.filter(rulebook="county-habits").exists()
    assert minutes({"rule:county-habits/habit"})["rule:county-habits/habit"].who == "某县委组织部"


def test_the_example_county_has_its_minutes(capsys: pytest.CaptureFixture[str]) -> None:
    packs = Path(settings.PACKS)
    assert main(["publish", str(packs / "central"), str(packs / "county-example")]) == 0


def test_the_page_of_the_rulebook_shows_it(year: Cast) -> None:
    response = year.client("secretary").get("/regulations/county-committees/")
    text = response.content.decode()
    assert text.count("减负提醒：") == 1
    hint = Rule.objects.get(book__rulebook="county-committees", rule="information").hints[0]
    assert hint in text and "活动类型 信息报送" in hint and "county-committees" not in hint
    assert "减负提醒" not in year.client("secretary").get("/regulations/branch-life/").content.decode()
