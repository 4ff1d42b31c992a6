"""More than the regulation asks: times a year against the central rule of the same event, kind by kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.formalism.given import PACKS, judge, rule, write
from zhibu.engine.formalism.beyond import allowed
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rule

CENTRAL = load([PACKS / "central"])


def said(tmp_path: Path, *rules: dict[str, object], central: tuple = CENTRAL, level: str = "county") -> list[str]:
    books = load([write(tmp_path, *rules, level=level)])
    return [one.fault.wrong for one in judge(books, beside=central) if one.entry == "beyond"]


def test_the_arithmetic_is_shown(tmp_path: Path) -> None:
    (found,) = said(tmp_path, rule("a", "党员大会", "general_meeting", needs={"at_least": 2}))
    assert (
        "这里要求每月 2 次，2 × 12 = 每年 24 次；《中国共产党支部工作条例（试行）》第十一条（待核对）要求每季度 1 次，"
        in found
    )
    assert "1 × 4 = 每年 4 次，每年多 20 次（对象：branch）" in found


@pytest.mark.parametrize(
    ("every", "at_least", "more"),
    [("quarter", 1, ""), ("year", 4, ""), ("half_year", 2, ""), ("half_year", 3, "多 2 次"), ("month", 1, "多 8 次"),
     ({"months": 2, "from": "elected_on"}, 1, "1 × 12 ÷ 2 = 每年 6 次"), ({"years": 1, "from": "elected_on"}, 4, "")],
)  # fmt: skip
def test_times_a_year_are_compared(tmp_path: Path, every: object, at_least: int, more: str) -> None:
    found = said(tmp_path, rule("a", "党员大会", "general_meeting", every=every, needs={"at_least": at_least}))
    assert (len(found) == 1 and more in found[0]) if more else found == []


def test_without_the_central_rulebooks_the_table_speaks(tmp_path: Path) -> None:
    (found,) = said(tmp_path, rule("a", "党员大会", "general_meeting"), central=())
    assert "第十一条（待核对）要求每季度 1 次" in found and "每年多 8 次" in found
    assert said(tmp_path, rule("a", "支委会", "committee_meeting"), central=()) == []
    (found,) = said(tmp_path, rule("a", "党课", "party_lecture", every="year"), central=())
    assert "第十六条（待核对）没有规定次数" in found


def test_a_loaded_rulebook_goes_before_the_table(tmp_path: Path) -> None:
    """A later regulation asks for a general meeting a month: then a month is not too much."""
    later = load([write(tmp_path, rule("a", "党员大会", "general_meeting"), id_="later", level="central")])
    assert said(tmp_path, rule("a", "党员大会", "general_meeting"), central=later) == []


@pytest.mark.parametrize(
    "other",
    [
        {"applies_to": {"subject": "organisation", "where": {"kind": "group"}}},  # other subjects
        {"applies_to": {"subject": "person"}},
        {"needs": {"event": ["own_meeting"]}},
        {"needs": {"event": ["general_meeting"], "measure": "topics"}},
        {"needs": {"event": ["general_meeting"], "at_least": {"column": "members"}}},
        {"every": "year"},
    ],
)
def test_what_cannot_be_compared_is_not(tmp_path: Path, other: dict[str, object]) -> None:
    assert said(tmp_path, rule("a", "会议", "general_meeting") | other) == []


def test_kinds_are_told_apart(tmp_path: Path) -> None:
    """Branches are asked for one a quarter, groups for one a month; the local rule asks both for one a month."""
    rules = [
        rule("branches", event="study", every="quarter"),
        rule("groups", event="study", applies_to={"subject": "organisation", "where": {"kind": "group"}}),
    ]
    central = load([write(tmp_path, *rules, id_="c", level="central")])
    both = {"subject": "organisation", "where": {"kind": ["branch", "group"]}}
    (found,) = said(tmp_path, rule("a", event="study", applies_to=both), central=central)
    assert "（对象：branch）" in found
    (found,) = said(tmp_path, rule("a", event="study", applies_to={"subject": "organisation"}), central=central)
    assert "（对象：branch）" in found


def test_other_columns_that_exclude_one_another(tmp_path: Path) -> None:
    where = {"kind": "branch", "sector": "village"}
    village = rule("v", event="study", every="year", applies_to={"subject": "organisation", "where": where})
    central = load([write(tmp_path, village, id_="c", level="central")])
    organs = {"subject": "organisation", "where": where | {"sector": "organ"}}
    assert said(tmp_path, rule("a", event="study", applies_to=organs), central=central) == []
    assert len(said(tmp_path, rule("a", event="study"), central=central)) == 1


def test_only_local_rules_are_compared_and_only_with_active_central_ones_of_their_time(tmp_path: Path) -> None:
    assert said(tmp_path, rule("a", "党员大会", "general_meeting"), level="central") == []
    draft = write(tmp_path, rule("a", event="study", every="year", status="draft"), id_="c", level="central")
    assert said(tmp_path, rule("a", event="study"), central=load([draft])) == []
    past = write(tmp_path, rule("a", event="study", every="year"), id_="c", level="central")
    past.write_text(past.read_text("utf-8").replace("from: 2025-01-01", "from: 2020-01-01, until: 2024-12-31"), "utf-8")
    assert said(tmp_path, rule("a", event="study"), central=load([past])) == []


def test_before_the_regulation_nothing_is_said(tmp_path: Path) -> None:
    books = load([write(tmp_path, rule("a", "党员大会", "general_meeting"))])
    assert not judge(books, beside=CENTRAL, on=date(2024, 8, 5))


def test_what_a_condition_confines_a_column_to(tmp_path: Path) -> None:
    def confined(where: dict[str, object]) -> frozenset[str] | None:
        one: Rule = load([write(tmp_path, rule(applies_to={"subject": "organisation", "where": where}))])[0].rules[0]
        return allowed(one.where, "kind")

    assert confined({"kind": "branch"}) == {"branch"}
    assert confined({"all": [{"kind": ["a", "b"]}, {"kind": ["b", "c"]}]}) == {"b"}
    assert confined({"any": [{"kind": "a"}, {"kind": "b", "sector": "x"}]}) == {"a", "b"}
    assert confined({"any": [{"kind": "a"}, {"sector": "x"}]}) is None
    assert confined({"not": {"kind": "a"}}) is None
