"""Generated rulebooks and facts: every explanation equals its verdict, every score's lines sum to its total exactly.

And the facts of one subject alone, read from Parquet by predicate, explain exactly what all facts explain.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from tests.generative.world import Case, case
from zhibu.engine import verdict as verdicts
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.facts.numbers import number
from zhibu.engine.facts.one import read_one
from zhibu.engine.scores import adjustments, peer_groups
from zhibu.engine.trace import Explanation, Inquiry, NoScoreError, NoVerdictError, explain, explain_score, inquire
from zhibu.engine.trace.record import as_json
from zhibu.engine.trace.standing import standing
from zhibu.engine.trace.text import score_page, verdict_page
from zhibu.engine.uses import of_rule

FIRST = int(os.environ.get("ZHIBU_FIRST_CASE", "0"))
CASES = max(1, int(os.environ.get("ZHIBU_CASES", "300")) // 5)
ENOUGH = 60  # from so many cases on, everything must have been seen
SAMPLED = 8  # explanations of a case: each builds the world of its subject anew


class Asked:
    """A case that the reference answers, with everything an explanation needs."""

    def __init__(self, one: Case, answer: Evaluation, inquiry: Inquiry):
        self.case, self.answer, self.inquiry, self.chance = one, answer, inquiry, Random(str(one.seed))
        self.rows = answer.verdicts.to_pylist()

    def sample(self, rows: list[dict]) -> list[dict]:
        """Some of each status first."""
        mixed = self.chance.sample(rows, len(rows))
        firsts = list({row["status"]: row for row in mixed}.values())
        return (firsts + [row for row in mixed if row not in firsts])[:SAMPLED]


def asked(one: Case) -> Asked | None:
    one = replace(one, facts=one.facts | {"events": twins(one)})
    books, facts, scheme = one.opened()
    options = {"scheme": scheme, "holidays": one.holidays}
    try:
        answer = evaluate(books, facts, one.window, one.as_of, backend="memory", **options)
        return Asked(one, answer, inquire(books, facts, one.window, one.as_of, **options))
    except EngineError:
        return None


def twins(one: Case) -> list[dict]:
    """The events, a few with the id of another one, of the same subject or not."""
    chance, events = Random(f"twins {one.seed}"), one.facts["events"]
    twice = {place: chance.choice(events)["event_id"] for place in range(len(events)) if chance.random() < 0.1}
    return [event | {"event_id": twice.get(place, event["event_id"])} for place, event in enumerate(events)]


@pytest.fixture(scope="module")
def cases() -> list[Asked]:
    found = [asked(case(seed)) for seed in range(FIRST, FIRST + CASES)]
    return [one for one in found if one is not None]


def test_every_explanation_equals_its_verdict(cases: list[Asked]) -> None:
    seen = set()
    for one in cases:
        for row in one.sample(one.rows):
            found = explain(one.inquiry, f"{row['rulebook']}/{row['rule']}", row["subject_id"], row["period"])
            assert verdicts.table([found.verdict]).to_pylist() == [row], one.case.seed
            assert [event.event_id for event in found.counted] == row["evidence"]
            if row["need"] is not None:
                assert (row["status"], row["points"]) == recomputed(found), one.case.seed
            assert not {event.event_id for event in found.counted} & {
                near.event_id for near in found.near if "rejected" not in near.misses
            }
            assert row["period"] in verdict_page(found) and as_json(found)
            seen |= {row["status"], *(miss for near in found.near for miss in near.misses)}
    misses = {"type", "condition", "unseen", "made_up", "before", "after", "rejected"}
    assert CASES < ENOUGH or seen >= misses | {"met", "late", "missed", "exempt", "open", "upcoming"}


def recomputed(found: Explanation) -> tuple[str, float | None]:
    """The table of statuses, applied to nothing but the explanation's lines."""
    line = {step.key: step.value for step in found.arithmetic}
    points = {name: float(getattr(found.rule.points, name)) for name in ("met", "late", "missed")}
    if line["exempt"] is not None:
        return "exempt", None
    if line["timely"] >= line["need"]:
        return "met", points["met"]
    if line["total"] >= line["need"]:
        return "late", points["late"]
    if line["as_of"] < line["starts_on"]:
        return "upcoming", None
    return ("open", None) if line["as_of"] <= line["deadline"] else ("missed", points["missed"])


def test_where_there_is_no_verdict_the_reason_is_known(cases: list[Asked]) -> None:
    labels = ["2024-02", "2024Q2", "2024H1", "2024", "2023", "2030-01", "2024-02-30..2024-03-01", "", "上月"]
    for one in cases[::3]:
        known = {(row["rulebook"], row["rule"], row["subject_id"], row["period"]) for row in one.rows}
        periods = sorted({row["period"] for row in one.rows}) + labels
        rules = sorted({(rule.name, rule.subject) for book in one.inquiry.books for rule in book.rules})
        for name, subject in rules:
            for identity in subjects(one, subject)[:1]:
                for label in one.chance.sample(periods, min(5, len(periods))):
                    if (*name.split("/"), identity, label) not in known:
                        with pytest.raises(NoVerdictError) as error:
                            explain(one.inquiry, name, identity, label)
                        assert "原因不明" not in str(error.value), (one.case.seed, str(error.value))


def subjects(one: Asked, subject: str) -> list[str]:
    table, column = {"organisation": ("organisations", "org_id"), "person": ("people", "person_id")}.get(
        subject, ("units", "unit_id")
    )
    return sorted(set(one.inquiry.plan.facts[table][column].to_pylist()))


# --- scores -------------------------------------------------------------------------------------------------


def test_the_lines_of_every_score_sum_to_the_published_total(cases: list[Asked]) -> None:
    seen = set()
    for one in cases:
        plan = one.inquiry.plan
        rows = {row["org_id"]: row for row in one.answer.scores.to_pylist()}
        for identity in subjects(one, "organisation"):
            if identity not in rows:
                with pytest.raises(NoScoreError):
                    explain_score(one.inquiry, identity)
                continue
            row, found = rows[identity], explain_score(one.inquiry, identity)
            group = peer_groups(plan).get(identity)
            assert group == row["peer_group"]
            totals = {org: number(peer["total"]) for org, peer in rows.items() if peer["peer_group"] == group}
            place = standing(plan.scheme, identity, group, totals)
            found = replace(found, standing=place)
            assert (place.rank, place.group_size, place.grade) == (row["rank"], row["group_size"], row["grade"])
            assert {part.id: part.published and float(part.published) for part in found.dimensions} == {
                part.id: row[part.id] for part in found.dimensions
            }
            assert float(found.bonus.published) == row["bonus"] and float(found.deduction.published) == row["deduction"]
            assert adjustments(plan, plan.scheme).get(identity, (0, 0)) == (found.bonus.total, found.deduction.total)
            assert float(found.total) == row["total"], one.case.seed
            assert printed_sum(found) == found.total_shown == Decimal(str(row["total"])).quantize(Decimal("0.01"))
            assert sum(part.should for part in found.present) == 100
            assert lines_of(score_page(found, {})) == found.total_shown
            seen |= {"floor"} if found.floor else set()
            seen |= {"capped"} if any("上限" in line.why for line in found.bonus.lines) else set()
            seen |= {"outside"} if any("区间" in line.why for line in found.bonus.lines) else set()
            seen |= {"closed"} if any(rung.closed_by for rung in place.rungs) else set()
            seen |= {"rounded"} if found.rounding else set()
    assert CASES < ENOUGH or seen == {"floor", "capped", "outside", "closed", "rounded"}


def printed_sum(found) -> Decimal:
    """Every printed amount, one by one."""
    amounts = [share.shown for part in found.dimensions for rule in part.rules for share in rule.verdicts]
    amounts += [line.shown for side in (found.bonus, found.deduction) for line in side.lines]
    return sum([*amounts, found.floor_shown, found.rounding], Decimal(0))


def lines_of(page: str) -> Decimal:
    """The column of amounts as a reader adds it up: all but sub-totals and the total."""
    rows = [found for line in page.splitlines() if (found := re.fullmatch(r"(.*\S) +(-?\d+\.\d{4})", line))]
    return sum((Decimal(row[2]) for row in rows if row[1].strip() not in ("维度小计", "总分")), Decimal(0))


# --- one subject alone --------------------------------------------------------------------------------------


def test_the_facts_of_one_subject_explain_what_all_facts_explain(cases: list[Asked]) -> None:
    for one in cases[::2]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(one, folder)
            for row in one.sample(one.rows)[:3]:
                alone = narrowed(one, folder, row["subject"], row["subject_id"])
                which = (f"{row['rulebook']}/{row['rule']}", row["subject_id"], row["period"])
                assert explain(alone, *which) == explain(one.inquiry, *which), (one.case.seed, which)
            for identity in subjects(one, "organisation")[:1]:
                alone = narrowed(one, folder, "organisation", identity)
                assert peer_groups(alone.plan).get(identity) == peer_groups(one.inquiry.plan).get(identity)
                assert score_of(alone, identity) == score_of(one.inquiry, identity), one.case.seed


def write(one: Asked, folder: Path) -> None:
    """As CSV where the case says so, else as Parquet: one file or a folder of parts, row groups of a few rows."""
    if one.case.written:
        return one.case.write(folder)
    for name, table in one.case.tables().items():
        if one.chance.random() < 0.5:
            pq.write_table(table, folder / f"{name}.parquet", row_group_size=one.chance.choice([1, 3, 100]))
            continue
        (folder / name).mkdir()
        middle = one.chance.randrange(len(table) + 1)
        for place, part in enumerate((table.slice(0, middle), table.slice(middle))):
            pq.write_table(part, folder / name / f"{place}.parquet", row_group_size=2)


def narrowed(one: Asked, folder: Path, subject: str, identity: str) -> Inquiry:
    plan, books = one.inquiry.plan, one.inquiry.books
    uses = [use for book in books for rule in book.rules if rule.status == "active" for use in of_rule(rule)]
    facts = read_one(folder, subject, identity, uses)
    return inquire(books, facts, plan.window, plan.as_of, scheme=plan.scheme, holidays=plan.holidays)


def score_of(inquiry: Inquiry, identity: str) -> object:
    try:
        return explain_score(inquiry, identity)
    except NoScoreError as error:
        return str(error)
