"""Votes and elections: every row of the chapter, and the arithmetic against an oracle that counts instead."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import pytest

from tests.spec.chapter import HERE, _tables
from zhibu.engine import ballots
from zhibu.engine.ballots import Candidate, Decision, Election, Impossible, LeftOut, Share, decide, elect

TABLES = _tables((HERE / "14-ballots.md").read_text("utf-8"))
YES = {True: "是", False: "否"}


def rows(name: str) -> list:
    return [pytest.param(row, id="-".join(row.values())) for row in TABLES[name]]


def number(row: dict[str, str], name: str) -> int:
    return int(row.get(name) or 0)


def test_every_table_of_the_chapter_is_run() -> None:
    assert set(TABLES) == {"branch", "admission", "surplus", "quorum", "left_out", "election", "impossible"}
    assert all(len(table) > 1 for table in TABLES.values())


@pytest.mark.parametrize(("name", "rule"), [("branch", ballots.BRANCH), ("admission", ballots.ADMISSION)])
def test_decisions(name: str, rule: ballots.DecisionRule) -> None:
    for row in TABLES[name]:
        given = {key: number(row, key) for key in ("due", "present", "against", "abstained")}
        written = {key: number(row, key) for key in ("written_for", "written_against")}
        found = decide(Decision(for_=number(row, "for"), **given, **written), rule)
        assert (YES[found.quorum], YES[found.passed]) == (row["quorum"], row["passed"]), row


def test_surplus() -> None:
    assert {int(row["seats"]): int(row["candidates"]) for row in TABLES["surplus"]} == {
        seats: ballots.candidates_needed(seats) for seats in map(int, (row["seats"] for row in TABLES["surplus"]))
    }


def test_both_readings_of_the_quorum() -> None:
    for row in TABLES["quorum"]:
        base, present = int(row["voters"]), int(row["present"])
        for name, share in (("at_least", ballots.AT_LEAST_FOUR_FIFTHS), ("over", ballots.OVER_FOUR_FIFTHS)):
            assert YES[election(row, quorum=share).findings[0].holds] == row[name] == YES[share.holds(present, base)]


def test_left_out() -> None:
    for row in TABLES["left_out"]:
        out = [LeftOut("frail", True)] * int(row["approved"]) + [LeftOut("abroad", False)] * int(row["refused"])
        found = election(row, left_out=tuple(out))
        assert (found.due, YES[found.findings[0].holds]) == (int(row["due"]), row["quorum"]), row


@pytest.mark.parametrize("row", rows("election"))
def test_elections(row: dict[str, str]) -> None:
    found = election(row)
    assert (YES[found.counts], "、".join(found.elected), "、".join(found.tied), str(found.vacant)) == (
        row["counts"], row["elected"], row["tied"], row["vacant"],
    )  # fmt: skip
    assert found.next
    assert all(one.clause.grade in ("secondary", "verify") for one in found.findings)


@pytest.mark.parametrize("row", rows("impossible"))
def test_impossible_numbers(row: dict[str, str]) -> None:
    with pytest.raises(Impossible, match=re.escape(row["says"])):
        election(row)


def election(row: dict[str, str], **more: object) -> ballots.ElectionResult:
    votes = [one.split() for one in row.get("votes", "").split("、") if one]
    present = number(row, "present")
    return elect(
        Election(
            voters=number(row, "voters"), present=present, issued=number(row, "issued") or present,
            returned=number(row, "returned") or present, spoiled=number(row, "spoiled"),
            seats=int(row.get("seats", 1)), candidates=tuple(Candidate(name, int(count)) for name, count in votes),
            **more,
        )
    )  # fmt: skip


# --- hostile input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [-1, True, 1.5, "3", None, 10**9])
def test_only_whole_numbers(bad: object) -> None:
    with pytest.raises(Impossible, match="整数"):
        decide(Decision(due=bad, present=0, for_=0))  # type: ignore[arg-type]
    with pytest.raises(Impossible, match="整数"):
        elect(Election(9, 9, 9, 9, bad, (Candidate("甲", 1),)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("vote", "says"),
    [
        (Decision(0, 0, 0), "应到会人数是 0"),
        (Decision(5, 6, 0), "比应到会 5 人多"),
        (Decision(5, 5, 3, 2, 1), "共 6 人，比实到会 5 人多"),
        (Decision(5, 4, 3, written_for=2), "比没有到会的 1 人多"),
        (Decision(5, 4, 3, written_for=1), "不计书面意见"),
    ],
)
def test_impossible_votes(vote: Decision, says: str) -> None:
    with pytest.raises(Impossible, match=says):
        decide(vote)


def test_a_share_is_one_comparison() -> None:
    for both in ({}, {"over": Fraction(1, 2), "at_least": Fraction(1, 2)}):
        with pytest.raises(ValueError, match="either"):
            Share("due", **both)


def test_an_unknown_reason_for_leaving_out() -> None:
    with pytest.raises(Impossible, match="只有五种"):
        elect(Election(9, 9, 9, 9, 1, (), left_out=(LeftOut("busy", True),)))


def test_equal_numbers_for_secretary_and_deputies() -> None:
    one = Election(9, 9, 9, 9, 1, (Candidate("甲", 9),), surplus=False)
    assert elect(one).findings[2].holds
    two = Election(9, 9, 9, 9, 1, (Candidate("甲", 8), Candidate("乙", 1)), surplus=False)
    assert not elect(two).findings[2].holds
    assert "先向上级党组织报告" in elect(two).next[0]
    written_in = Election(9, 9, 9, 9, 1, (Candidate("甲", 8), Candidate("乙", 1, nominated=False)), surplus=False)
    assert elect(written_in).findings[2].holds


def test_sentences_show_base_comparison_and_arithmetic() -> None:
    found = elect(Election(20, 16, 16, 16, 1, (Candidate("甲", 9), Candidate("乙", 7))))
    assert found.findings[0].sentence == (
        "实到会 16 人，应到会人数 20：16 ÷ 20 = 80%，要不少于应到会人数的 4/5，即至少 16 人，够"
    )
    assert found.findings[3].sentence == (
        "得赞成票 9 票，实到会人数 16：9 ÷ 16 = 约 56.2%，要超过实到会人数的 1/2，即至少 9 票，够"
    )
    assert "待核对" in str(found.findings[0].clause)


def test_a_percentage_is_never_rounded_up() -> None:
    assert (ballots.percent(4999, 10_000), ballots.percent(2, 3), ballots.percent(0, 0)) == (
        "约 49.9%",
        "约 66.6%",
        "--",
    )


# --- the naive oracle: it counts heads one by one and knows no fractions -------------------------------------


def test_against_an_oracle_that_counts() -> None:
    dice, seen = random.Random(20261126), set()
    for _ in range(4000):
        voters = dice.randint(1, 9)
        present = dice.randint(voters * 7 // 10, voters)
        returned = dice.randint(present * 9 // 10, present)
        seats = dice.randint(1, 5)
        people = [f"人{place}" for place in range(dice.randint(0, seats + 3))]
        sizes = [dice.choice([0, seats - 1, seats, seats, seats, seats + 1]) for _ in range(returned)]
        papers = [dice.sample(people, min(len(people), size)) for size in sizes]
        good = [paper for paper in papers if len(paper) <= seats]
        counted = {name: sum(name in paper for paper in good) for name in people}
        found = elect(
            Election(
                voters, present, present, returned, seats, tuple(Candidate(name, counted[name]) for name in people),
                spoiled=len(papers) - len(good),
            )
        )  # fmt: skip
        assert (set(found.elected), set(found.tied), found.vacant) == naive(voters, present, seats, counted)
        assert len(found.elected) + found.tied_seats + found.vacant == seats
        seen.add((bool(found.elected), bool(found.tied), bool(found.vacant)))
    assert len(seen) == 5  # nobody is torn where a seat stays vacant


def naive(voters: int, present: int, seats: int, counted: dict[str, int]) -> tuple[set[str], set[str], int]:
    if 5 * present < 4 * voters:
        return set(), set(), seats
    names = [name for name in counted if counted[name] + counted[name] > present]
    better = {name: sum(counted[other] > counted[name] for other in names) for name in names}
    equal = {name: sum(counted[other] == counted[name] for other in names) for name in names}
    sure = {name for name in names if better[name] + equal[name] <= seats}
    torn = {name for name in names if better[name] < seats < better[name] + equal[name]}
    return sure, torn, 0 if torn else seats - len(sure)


def test_decisions_against_heads() -> None:
    for due in range(1, 13):
        for present in range(due + 1):
            for for_ in range(present + 1):
                found = decide(Decision(due, present, for_))
                absent, others = due - present, due - for_
                assert (found.quorum, found.passed) == (present > absent, present > absent and for_ > others)


def test_the_least_number_is_the_first_that_holds() -> None:
    for share in (ballots.AT_LEAST_FOUR_FIFTHS, ballots.OVER_FOUR_FIFTHS, ballots.BRANCH.quorum):
        for base in range(1, 200):
            assert share.least(base) == next(count for count in range(base + 2) if share.holds(count, base))
