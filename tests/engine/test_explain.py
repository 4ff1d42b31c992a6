"""`zhibu explain`: what it says, what it refuses, and that it knows the results of another question from its own."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

from tests.engine.conftest import EVENTS, ORGANISATIONS, RULES, SCHEME
from zhibu.cli import main

RULE = "branch-life/general-meeting"
GRADES = "grades: [{grade: 好, min: 90}, {grade: 差}]\n"
PERIOD = ("--subject", "a", "--rule", RULE, "--period", "2025Q2")
Capture = pytest.CaptureFixture[str]


def ask(world: Path, *more: str, year: tuple[str, ...] = ("--year", "2025"), as_of: str = "2026-06-30") -> int:
    paths = ["--rules", str(world / "rules.yaml"), "--facts", str(world / "facts")]
    return main(["explain", *paths, *year, "--as-of", as_of, *more])


def scheme(world: Path, text: str = SCHEME + GRADES) -> tuple[str, str]:
    (world / "scheme.yaml").write_text(text, encoding="utf-8")
    return "--scheme", str(world / "scheme.yaml")


def evaluate(world: Path, *more: str) -> str:
    paths = ["--rules", str(world / "rules.yaml"), "--facts", str(world / "facts"), "--out", str(world / "out")]
    assert main(["evaluate", *paths, "--year", "2025", "--as-of", "2026-06-30", *more]) in (0, 1)
    return str(world / "out")


@pytest.mark.mechanism("M143")
def test_a_late_entry_is_marked_and_worth_less(world: Path, capsys: Capture) -> None:
    assert ask(world, *PERIOD, *scheme(world)) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "2025-08-11 才记录，晚于 2025-07-10，算迟完成" in said.out
    assert "组织生活：值 25.0000，得 12.5000" in said.out


def test_json_is_the_same_object(world: Path, capsys: Capture) -> None:
    assert ask(world, *PERIOD, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["verdict"]["status"], found["verdict"]["points"]) == ("verdict", "late", "1")
    assert [one["event_id"] for one in found["counted"]] == ["e2", "e4"]
    assert found["rule"]["name"] == RULE and found["arithmetic"][-1]["key"] == "points"


def test_the_printed_lines_of_a_score_sum_to_what_was_published(world: Path, capsys: Capture) -> None:
    out = evaluate(world, *scheme(world, SCHEME.replace("40", "7") + GRADES))
    capsys.readouterr()
    assert ask(world, "--subject", "a", *scheme(world, SCHEME.replace("40", "7") + GRADES), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    published = {row["org_id"]: row for row in pq.read_table(f"{out}/scores.parquet").to_pylist()}["a"]
    lines = [line for part in found["dimensions"] for rule in part["rules"] for line in rule["verdicts"]]
    lines += found["bonus"]["lines"] + found["deduction"]["lines"]
    amounts = [Decimal(line["shown"]) for line in lines] + [Decimal(found["floor_shown"]), Decimal(found["rounding"])]
    assert sum(amounts) == Decimal(str(published["total"])) == Decimal(found["total_shown"])
    assert sum(Fraction(line["got"]) for line in lines if "got" in line) == Fraction(75, 2)
    place = found["standing"]
    assert (place["rank"], place["grade"]) == (published["rank"], published["grade"])
    assert place["rungs"][0]["text"] == "要 90 分以上，没有达到"


def test_results_of_the_same_question_give_rank_and_grade(world: Path, capsys: Capture) -> None:
    out = evaluate(world, *scheme(world))
    capsys.readouterr()
    assert ask(world, "--subject", "a", *scheme(world)) == 0
    anew = capsys.readouterr().out
    assert ask(world, "--subject", "a", *scheme(world), "--results", out) == 0
    assert capsys.readouterr().out == anew and "3 个中" not in anew and "2 个中第 1 名" in anew
    assert ask(world, "--subject", "a", *scheme(world), "--no-rank") == 0
    assert "名次" not in capsys.readouterr().out


def test_results_of_another_question_are_refused(world: Path, capsys: Capture) -> None:
    asked = ("--subject", "a", *scheme(world), "--results", evaluate(world, *scheme(world)))
    capsys.readouterr()
    assert ask(world, *asked, as_of="2026-06-29") == 2
    assert "这份结果按 2026-06-30 所知，问的是 2026-06-29" in capsys.readouterr().err
    assert ask(world, *asked, year=("--from", "2025-01-01", "--to", "2025-06-30")) == 2
    assert "这份结果的区间是" in capsys.readouterr().err
    scheme(world, SCHEME + GRADES.replace("90", "91"))
    assert ask(world, *asked) == 2
    assert "考核办法不同：county-2025" in capsys.readouterr().err
    scheme(world)
    (world / "rules.yaml").write_text(RULES.replace("late: 1", "late: 1.5"), encoding="utf-8")
    assert ask(world, *asked) == 2
    assert "规则集不同：branch-life" in capsys.readouterr().err
    (world / "rules.yaml").write_text(RULES, encoding="utf-8")
    assert ask(world, *asked) == 0
    more = "e9,general_meeting,a,,,2025-11-10,2025-11-11,10,8,,,,\n"
    (world / "facts/events.csv").write_text(EVENTS + more, encoding="utf-8")
    assert ask(world, *asked) == 2
    assert "事实在评价以后变了" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rulebooks": [1, {"id": []}], "window": "x"}', "\udcff"])
def test_a_spoilt_results_folder(world: Path, capsys: Capture, text: str) -> None:
    out = evaluate(world, *scheme(world))
    Path(out, "run.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert ask(world, "--subject", "a", *scheme(world), "--results", out) == 2
    assert "run.json:1: " in capsys.readouterr().err
    shutil.rmtree(out)
    assert ask(world, "--subject", "a", *scheme(world), "--results", out) == 2


@pytest.mark.parametrize("spoil", ["gone", "cut", "other columns"])
def test_a_spoilt_table_of_scores(world: Path, capsys: Capture, spoil: str) -> None:
    out = Path(evaluate(world, *scheme(world)))
    table = pq.read_table(out / "scores.parquet")
    (out / "scores.parquet").unlink()
    if spoil == "cut":
        (out / "scores.parquet").write_bytes(b"PAR1")
    if spoil == "other columns":
        pq.write_table(table.drop_columns(["total"]), out / "scores.parquet")
    assert ask(world, "--subject", "a", *scheme(world), "--results", str(out)) == 2
    assert "scores.parquet:1: 不是可读的 Parquet 文件" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--subject", "a"), "请给出 --rule 和 --period"),
        (("--subject", "a", "--period", "2025Q1"), "给了 --period，也要给 --rule"),
        (("--subject", "a", "--rule", RULE), "请给出 --period。有结论的期次：2025Q1、2025Q2、2025Q3、2025Q4"),
        (("--subject", "a", "--rule", "branch-life/genral", "--period", "x"), f"是不是“{RULE}”"),
        (("--subject", "aa", "--rule", RULE, "--period", "x"), "相近的有：a"),
        (("--subject", "", "--rule", RULE, "--period", "x"), "里没有编号“”"),
        (("--subject", "a';--", "--rule", RULE, "--period", "x"), "里没有编号“a';--”"),
        (("--subject", "a", "--rule", RULE, "--period", "2025Q5"), "期次写作 2025Q1"),
        (("--subject", "a", "--rule", RULE, "--period", "0000Q1"), "期次写作 2025Q1"),
        (("--subject", "a", "--rule", RULE, "--period", "9999Q4"), "不在评价区间"),
    ],
)
def test_what_does_not_exist(world: Path, capsys: Capture, asked: tuple[str, ...], said: str) -> None:
    assert ask(world, *asked) == 2
    found = capsys.readouterr()
    assert found.out == "" and said in found.err and "Traceback" not in found.err


def test_a_draft_says_so(world: Path, capsys: Capture) -> None:
    (world / "rules.yaml").write_text(RULES.replace("every:", "evidence: memory\n    every:"), encoding="utf-8")
    assert ask(world, *PERIOD) == 2
    assert "是草稿，依据凭记忆，还没有人核对原文，不参加评价" in capsys.readouterr().err


def test_a_rulebook_not_in_effect_says_so(world: Path, capsys: Capture) -> None:
    (world / "rules.yaml").write_text(RULES.replace("2018-10-28}\nsources", "2025-05-01}\nsources"), encoding="utf-8")
    assert ask(world, *PERIOD) == 2
    assert "自 2025-05-01 起施行，没有盖住 2025-04-01 到 2025-06-30" in capsys.readouterr().err


def test_another_kind_of_subject_is_named(world: Path, capsys: Capture) -> None:
    people = "person_id,org_id,joined_on,left_on,valid_from,valid_to\np1,a,,,,\n"
    (world / "facts/people.csv").write_text(people, encoding="utf-8")
    assert ask(world, "--subject", "p1", "--rule", RULE, "--period", "2025Q1") == 2
    assert "表 people 里有它，但问的是党组织" in capsys.readouterr().err


def test_an_organisation_without_score_says_why(world: Path, capsys: Capture) -> None:
    assert ask(world, "--subject", "w", *scheme(world)) == 2
    assert "w 按 2025 年度考核办法 没有得分" in capsys.readouterr().err


def test_faults_of_all_files_come_together(world: Path, capsys: Capture) -> None:
    for name in ("rules.yaml", "scheme.yaml", "words.yaml"):
        (world / name).write_text("id: [", encoding="utf-8")
    assert ask(world, *PERIOD, "--scheme", str(world / "scheme.yaml"), "--words", str(world / "words.yaml")) == 2
    said = capsys.readouterr().err
    assert all(f"{name}:" in said for name in ("rules.yaml", "scheme.yaml", "words.yaml"))
    (world / "rules.yaml").write_text(RULES, encoding="utf-8")
    (world / "words.yaml").write_text("words: [1]", encoding="utf-8")
    assert ask(world, *PERIOD, "--words", str(world / "words.yaml")) == 2
    assert "words.yaml:1: words应是" in capsys.readouterr().err


def test_a_rejected_row_of_somebody_else_is_no_matter(world: Path, capsys: Capture) -> None:
    bad = EVENTS + "e7,general_meeting,b,,,2025-13-10,2025-02-11,10,8,,,,\n"
    (world / "facts/events.csv").write_text(bad, encoding="utf-8")
    assert ask(world, *PERIOD) == 0
    assert capsys.readouterr().err == ""


def test_a_bonus_in_a_bad_row_is_told(world: Path, capsys: Capture) -> None:
    rows = "subject_id,item,on,points,reason\na,表彰,2025-02-30,3,县级\na,表彰,2025-03-01,1,县级\nb,表彰,x,y,\n"
    (world / "facts/adjustments.csv").write_text(rows, encoding="utf-8")
    assert ask(world, "--subject", "a", *scheme(world)) == 0
    said = capsys.readouterr().out
    assert "没有计入：（没有日期）　表彰 +3（县级）\n      第 2 行有误，没有计入：on 不是有效日期" in said
    assert said.count("没有计入") == 2 and "加分（不封顶）：1.00" in said


def test_parquet_and_csv_say_the_same(world: Path, capsys: Capture) -> None:
    """The page of one subject's rows is the page of the whole table, row numbers aside: a CSV's count its heading."""
    assert ask(world, *PERIOD) == 0
    whole = capsys.readouterr().out
    for name in ("organisations", "events"):
        table = csv.read_csv(world / f"facts/{name}.csv", convert_options=csv.ConvertOptions(strings_can_be_null=True))
        pq.write_table(table, world / f"facts/{name}.parquet", row_group_size=1)
        (world / f"facts/{name}.csv").unlink()
    assert ask(world, *PERIOD) == 0
    assert capsys.readouterr().out == whole


def test_hostile_ids_are_only_text(world: Path, capsys: Capture) -> None:
    name = "'; DROP TABLE ids; --"
    rows = f'{ORGANISATIONS}"{name}",w,branch,2010-01-01,,,\n'
    (world / "facts/organisations.csv").write_text(rows, encoding="utf-8")
    assert ask(world, "--subject", name, "--rule", RULE, "--period", "2025Q1") == 0
    assert name in capsys.readouterr().out
