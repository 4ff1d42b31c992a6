"""`zhibu whatif`: what is said, what is written, what is counted again, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.engine.conftest import RULES, SCHEME
from tests.engine.test_store import world as stored_world
from zhibu.cli import main
from zhibu.engine import holidays
from zhibu.engine import scheme as schemes
from zhibu.engine.evaluate import evaluate
from zhibu.engine.facts.load import read
from zhibu.engine.rulebooks.load import load
from zhibu.engine.whatif.comparison import Comparison, compare
from zhibu.engine.whatif.counted import SIDES, Counted
from zhibu.engine.whatif.movers import falling, rising
from zhibu.engine.whatif.parts import apportioned
from zhibu.engine.whatif.sides import Side, drafted
from zhibu.engine.whatif.summary import summary
from zhibu.engine.whatif.text import aligned

STRICT = RULES.replace("{attendance: {min: 0.5}}", "{attendance: {min: 0.85}}")
SECOND = """\
  - id: lecture
    title: 党课
    source: {ref: ZB, clause: 第十一条}
    status: draft
    applies_to: {subject: organisation, where: {kind: [branch, joint_branch]}}
    every: year
    needs: {event: [lecture]}
"""
TEAM = "\n  - {id: team, title: 队伍建设, weight: 20, rules: [branch-life/lecture]}"
WIDER = SCHEME.replace("rules: [branch-life/*]}", "rules: [branch-life/general-meeting]}" + TEAM, 1)


def whatif(world: Path, *more: str, rules: str = "", scheme: str = "") -> int:
    (world / "draft").mkdir(exist_ok=True)
    drafts: list[str] = []
    if rules:
        (world / "draft/rules.yaml").write_text(rules, encoding="utf-8")
        drafts += ["--draft-rules", str(world / "draft/rules.yaml")]
    if scheme:
        (world / "draft/scheme.yaml").write_text(scheme, encoding="utf-8")
        drafts += ["--draft-scheme", str(world / "draft/scheme.yaml")]
    paths = ["--rules", str(world / "rules.yaml"), "--facts", str(world / "facts")]
    paths += ["--scheme", str(world / "scheme.yaml"), "--year", "2025", "--as-of", "2026-06-30"]
    return main(["whatif", *paths, *drafts, *more])


def test_a_stricter_rule_is_told_in_words(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert whatif(world, rules=STRICT) == 0
    said = capsys.readouterr()
    assert said.err == ""
    for line in (
        "试算：2025 年度考核办法（草案）比 2025 年度考核办法（已发布）",
        "2025-01-01 至 2025-12-31，按 2026-06-30 所知；有得分的组织 2 个",
        "平均分  18.75 → 6.25",
        "得分    升 0　降 1　不变 1　新有得分 0　不再有得分 0",
        "  修改规则“支部党员大会”（branch-life/general-meeting）",
        "  支部党员大会的结论：按时完成 1→0，未完成 6→7",
        "  a　37.50 → 12.50（−25.00），同类第 1 → 1 名（2 个）",
        "      −25.00  支部党员大会：按时完成 1→0，未完成 2→3",
    ):
        assert line in said.out.splitlines(), said.out


def test_a_draft_rule_counts_in_the_draft_and_is_named(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert whatif(world, rules=RULES + SECOND, scheme=WIDER) == 0
    said = capsys.readouterr().out
    assert "草案里 status: draft 的规则在试算中当作启用：branch-life/lecture" in said
    assert "维度“队伍建设”的权重：没有这个维度 → 20" in said
    assert "新增规则“党课”（branch-life/lecture）" in said
    assert whatif(world, scheme=WIDER) == 0
    assert "当作启用" not in capsys.readouterr().out


def test_a_draft_rule_that_is_published_stays_a_draft(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "rules.yaml").write_text(RULES + SECOND, encoding="utf-8")
    assert whatif(world, "--json", rules=RULES + SECOND, scheme=WIDER) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["tried"] == ["branch-life/lecture"]
    assert [rule["how"] for rule in told["summary"]["rules"] if rule["rule"] == "lecture"] == ["added"]


def test_files_and_hashes(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert whatif(world, "--out", str(world / "out"), "--json", rules=STRICT, scheme=WIDER) == 0
    run = json.loads((world / "out/run.json").read_text(encoding="utf-8"))
    told = json.loads(capsys.readouterr().out)
    assert {key: run[key] for key in told} == told
    assert run["rows"] == {"organisations": 2, "reasons": pq.read_table(world / "out/reasons.parquet").num_rows}
    assert run["before"]["scheme"]["sha256"] != run["after"]["scheme"]["sha256"]
    assert run["before"]["rulebooks"][0]["sha256"] == load([world / "rules.yaml"])[0].digest
    assert run["after"]["rulebooks"][0]["sha256"] == load([world / "draft/rules.yaml"])[0].digest
    rows = pq.read_table(world / "out/organisations.parquet").to_pylist()
    assert [(row["org_id"], row["before_total"], row["after_total"], row["way"], row["loses"]) for row in rows] == [
        ("a", 37.5, 12.5, "fall", True),
        ("b", 0.0, 0.0, "stay", False),
    ]
    reasons = pq.read_table(world / "out/reasons.parquet").to_pylist()
    assert sum(row["points"] for row in reasons if row["org_id"] == "a") == -25


def test_top(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert whatif(world, "--top", "0", rules=STRICT) == 0
    assert "变差的（共 1 个）" not in capsys.readouterr().out  # no heading over nothing
    with pytest.raises(SystemExit):
        whatif(world, "--top", "-1", rules=STRICT)
    assert "“-1”不是个数" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("drafts", "wanted"),
    [
        ({}, "请给出 --draft-rules 或 --draft-scheme"),
        ({"rules": STRICT.replace("quarter", "fortnight")}, "draft/rules.yaml:13: every"),
        ({"scheme": SCHEME.replace("weight: 40", "weight: 四十")}, "draft/scheme.yaml:4: weight"),
        (
            {"rules": STRICT.replace("attendance", "attendence")},
            "draft/rules.yaml:14: 规则 branch-life/general-meeting",
        ),
        ({"scheme": SCHEME + "peer_group: sektor\n"}, "没有列“sektor”"),
    ],
)
def test_refusals(world: Path, drafts: dict[str, str], wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert whatif(world, "--out", str(world / "out"), **drafts) == 2
    said = capsys.readouterr()
    assert wanted in said.err and said.out == "" and not (world / "out").exists()


def test_faults_of_both_sides_come_together(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "rules.yaml").write_text(RULES.replace("quarter", "fortnight"), encoding="utf-8")
    assert whatif(world, rules=STRICT.replace("grace", "grase"), scheme="id: x\n") == 2
    said = capsys.readouterr().err
    assert all(f"{name}:" in said for name in ("rules.yaml", "draft/rules.yaml", "draft/scheme.yaml"))


def test_a_scheme_is_needed(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = ["--rules", str(world / "rules.yaml"), "--facts", str(world / "facts"), "--year", "2025"]
    assert main(["whatif", *paths, "--draft-rules", str(world / "rules.yaml")]) == 2
    assert "请给出 --scheme" in capsys.readouterr().err


def test_rows_left_out_give_status_1(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = world / "facts/events.csv"
    events.write_text(events.read_text(encoding="utf-8") + "e5,general_meeting,a,,,2025-13-01,,,,,,,\n", "utf-8")
    assert whatif(world, rules=STRICT) == 1
    assert "事实中有 2 处有误" in capsys.readouterr().err


# --- only what changed is counted -------------------------------------------------------------------------------------


def counted_(world: Path) -> Counted:
    return Counted(
        read(world / "facts"), (date(2025, 1, 1), date(2025, 12, 31)), date(2026, 6, 30), holidays.official()
    )


def side(world: Path, rules: str = RULES, scheme: str = SCHEME) -> Side:
    (world / "tried.yaml").write_text(rules, encoding="utf-8")
    (world / "tried-scheme.yaml").write_text(scheme, encoding="utf-8")
    return drafted(load([world / "tried.yaml"], strict=False), schemes.read(world / "tried-scheme.yaml", strict=False))


def test_only_rules_that_ask_something_else_are_counted_again(world: Path) -> None:
    counted, before = counted_(world), side(world, RULES + SECOND)
    compare(counted, before, before)
    assert counted.counted == ["branch-life/general-meeting", "branch-life/lecture"]
    for rules, scheme in ((RULES + SECOND, WIDER), (RULES.replace("met: 2", "met: 3") + SECOND, SCHEME)):
        compare(counted, before, side(world, rules.replace("支部党员大会", "大会"), scheme))
        assert len(counted.counted) == 2
    compare(counted, before, side(world, STRICT + SECOND))
    assert counted.counted[2:] == ["branch-life/general-meeting"]


def test_counts_of_drafts_long_gone_are_forgotten(world: Path) -> None:
    """The published side stays, whatever is tried."""
    counted, before = counted_(world), side(world)
    for days in range(20, 32):
        compare(counted, before, side(world, RULES.replace("grace: {days: 10}", f"grace: {{days: {days}}}")))
    assert len(counted.counted) == 13 and len(counted._groups) == SIDES
    compare(counted, before, before)
    assert len(counted.counted) == 13
    compare(counted, before, side(world, RULES.replace("grace: {days: 10}", "grace: {days: 20}")))
    assert len(counted.counted) == 14


def test_reasons_are_worked_out_only_where_verdicts_differ(world: Path) -> None:
    counted, before = counted_(world), side(world)
    found = compare(counted, before, side(world, STRICT))
    assert found.ids.take(found.moving).to_pylist() == ["a"]
    assert [values.tolist() for values in found.parts.cents] == [[-2500]]
    assert len(compare(counted, before, side(world, scheme=SCHEME.replace("40", "50"))).moving) == 2
    assert not len(compare(counted, before, before).moving)


def test_more_periods_than_a_narrow_word_holds(world: Path) -> None:
    window, monthly = (date(2019, 1, 1), date(2025, 12, 31)), RULES.replace("quarter", "month")
    facts, draft = read(world / "facts"), side(world, monthly.replace("days: 10", "days: 200"))
    found = compare(Counted(facts, window, date(2026, 6, 30), holidays.official()), side(world, monthly), draft)
    for own, scored in zip(found.sides, found.scored, strict=True):
        answer = evaluate(own.rulebooks, facts, window, date(2026, 6, 30), scheme=own.scheme, backend="memory")
        assert scored.table.to_pylist() == answer.scores.to_pylist()
        assert {column.dtype.name for group in scored.columns.groups for column in group.columns} == {"uint64"}
        missed = pc.sum(answer.rollups.filter(pc.field("org_id").isin(["a", "b"]))["missed"]).as_py()
        assert found.totals(found.moved[0], found.before.present)[own is draft]["missed"] == missed > 62


def test_a_new_version_counts_its_rule_as_a_whole(world: Path) -> None:
    """A run of missed periods goes across versions."""
    later = RULES.replace("from: 2018-10-28}\nsources", "from: 2025-07-01}\nsources").replace("days: 10", "days: 90")
    first = RULES.replace("from: 2018-10-28}\nsources", "from: 2018-10-28, until: 2025-06-30}\nsources")
    counted, before = counted_(world), side(world)
    compare(counted, before, before)
    (world / "two").mkdir()
    for name, text in (("one", first), ("other", later)):
        (world / "two" / f"{name}.yaml").write_text(text, encoding="utf-8")
    found = compare(counted, before, drafted(load([world / "two"]), before.scheme))
    assert counted.counted == ["branch-life/general-meeting"] * 2
    assert [(step.before, step.after) for step in [summary(found).mean]] == [(18.75, 18.75)]
    assert summary(found).steps == (("提醒", 2, 2),)


def test_counts_are_kept_beside_the_store(
    stored_world: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from zhibu.engine.whatif import counted as module

    monkeypatch.setenv("ZHIBU_STORE", str(stored_world / "store"))
    (stored_world / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    ran: list[int] = []
    kernel = module._kernel
    monkeypatch.setattr(module, "_kernel", lambda plan, *more: (ran.append(len(plan.rules)), kernel(plan, *more))[1])
    assert whatif(stored_world, rules=STRICT) == 1
    first = capsys.readouterr().out
    assert ran == [1, 1]
    assert whatif(stored_world, rules=STRICT) == 1
    assert ran == [1, 1] and capsys.readouterr().out == first
    (kept,) = (stored_world / "store.counts").iterdir()
    for file in kept.iterdir():
        file.write_bytes(b"broken")
    assert whatif(stored_world, rules=STRICT) == 1
    assert ran == [1, 1, 1, 1] and capsys.readouterr().out == first
    assert whatif(stored_world, "--as-of", "2026-01-10", rules=STRICT) == 1
    assert len(ran) == 6 and len(list((stored_world / "store.counts").iterdir())) == 2


def test_counts_of_other_facts_go(stored_world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_STORE", str(stored_world / "store"))
    (stored_world / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    assert whatif(stored_world, rules=STRICT) == 1
    (before,) = (stored_world / "store.counts").iterdir()
    events = next((stored_world / "facts/events").iterdir())
    pq.write_table(pq.read_table(events).slice(0, 500), events)
    assert whatif(stored_world, rules=STRICT) == 1
    (after,) = (stored_world / "store.counts").iterdir()
    assert before.name != after.name


# --- arithmetic and words ---------------------------------------------------------------------------------------------


def test_cents_left_over_go_to_the_largest_remainders() -> None:
    exact = np.array([[33.4, 0.0], [33.4, 10.6], [33.2, -10.6]])
    assert apportioned(exact, np.array([100, 0])).T.tolist() == [[34, 33, 33], [0, 11, -11]]
    assert apportioned(np.array([[2.9999999999]]), np.array([3])).tolist() == [[3]]


def test_weights_and_rules_share_a_difference(world: Path) -> None:
    """By hand: a dimension of 4 quarters worth 2 each, of which a got 3 points of 8, then 1 of 8. A second one, where a
    held the lecture that is asked, comes in with 20 of 60."""
    meetings = SCHEME.replace("branch-life/*]}", "branch-life/general-meeting]}", 1)
    counted, before = counted_(world), side(world, RULES + SECOND, meetings)
    found = compare(counted, before, side(world, STRICT + SECOND, WIDER))
    (a,) = [one for one in [*falling(found).page(0, 9), *rising(found).page(0, 9)] if one.org_id == "a"]
    assert (a.before.total, a.after.total) == (37.5, 41.67)  # 100·3/8, then (40·1/8 + 20·1/1)/60·100
    points = {(one.part.kind, one.part.dimension): one.points for one in a.reasons}
    # share of life 100 → 66.67, its loss 0.625 → 0.875: weight −(−33.33)·0.75, rule −83.33·0.25
    assert points == {("weight", "life"): 25.0, ("rule", "life"): -20.83}


def test_a_page_lines_up(world: Path) -> None:
    lines = aligned([["", "平均分"], ["镇", "1.00"], ["办事处", "100.00"]])
    assert lines == ["        平均分", "镇        1.00", "办事处  100.00"]


def test_nothing_is_compared_with_nothing(world: Path) -> None:
    """No organisation has a score on either side."""
    none = SCHEME.replace("rules: [branch-life/*]}", "rules: [branch-life/nothing]}", 1)
    found = compare(counted_(world), side(world, scheme=none), side(world, scheme=none))
    told = summary(found)
    assert (told.organisations, told.mean.before, told.regraded_share) == (0, None, 0.0)
    assert len(falling(found)) == 0 and isinstance(found, Comparison)
    assert pa.types.is_string(found.ids.type) and Decimal(0) == 0


# --- the manual -------------------------------------------------------------------------------------------------------

MANUAL = Path(__file__).parents[2] / "docs/manual/whatif.md"
WORDS = """\
words:
  kinds: {branch: 党支部, joint_branch: 联合党支部}
  events: {general_meeting: 支部党员大会, lecture: 党课}
"""
GRADED = "grades: [{grade: 好, min: 90}, {grade: 较好, min: 30}, {grade: 一般, min: 20}, {grade: 差}]\n"


def test_the_example_of_the_manual_is_what_is_printed(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "scheme.yaml").write_text(SCHEME + GRADED, encoding="utf-8")
    (world / "words.yaml").write_text(WORDS, encoding="utf-8")
    assert whatif(world, "--words", str(world / "words.yaml"), rules=STRICT + SECOND, scheme=WIDER + GRADED) == 0
    (printed,) = [part for part in MANUAL.read_text("utf-8").split("```\n") if part.startswith("试算：")]
    assert capsys.readouterr().out == printed
