"""An explanation must bear its verdict out: status and points follow from its own lines."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from zhibu.engine.evaluate import evaluate
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import read
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.sentences import sentence
from zhibu.engine.trace import Explanation, NoVerdictError, explain, inquire

WINDOW = (date(2025, 1, 1), date(2025, 12, 31))
WORDS = {"branch": "党支部", "joint_branch": "联合党支部", "general_meeting": "支部党员大会"}
PACKS = Path(__file__).parents[2] / "packs"


def told(books: tuple[Rulebook, ...], facts: Facts, as_of: date, **which: str) -> Explanation:
    return explain(inquire(books, facts, WINDOW, as_of, words=WORDS), **which)


@pytest.mark.parametrize("as_of", [date(2025, 3, 1), date(2025, 7, 5), date(2025, 9, 30), date(2026, 6, 30)])
def test_status_and_points_follow_from_the_lines(world: Path, as_of: date) -> None:
    books, facts = load([world / "rules.yaml"]), read(world / "facts")
    verdicts = evaluate(books, facts, WINDOW, as_of, backend="memory").verdicts.to_pylist()
    assert len(verdicts) == 8
    for row in verdicts:
        which = {"rule": "branch-life/general-meeting", "subject_id": row["subject_id"], "period": row["period"]}
        found = told(books, facts, as_of, **which)
        assert (row["status"], row["points"]) == recomputed(found)
        assert row["evidence"] == [event.event_id for event in found.counted]


def recomputed(found: Explanation) -> tuple[str, float | None]:
    """The table of statuses, applied to nothing but the explanation's lines."""
    line = {step.key: step.value for step in found.arithmetic}
    timely = sum((event.amount for event in found.counted if event.timely), Fraction(0))
    total = sum((event.amount for event in found.counted), Fraction(0))
    assert (timely, total) == (line["timely"], line["total"])
    if line["exempt"] is not None:
        return "exempt", None
    if timely >= line["need"]:
        return "met", float(found.rule.points.met)
    if total >= line["need"]:
        return "late", float(found.rule.points.late)
    if line["as_of"] < line["starts_on"]:
        return "upcoming", None
    return ("open", None) if line["as_of"] <= line["deadline"] else ("missed", float(found.rule.points.missed))


def test_what_nearly_counted_and_what_can_be_done(world: Path) -> None:
    books, facts = load([world / "rules.yaml"]), read(world / "facts")
    which = {"rule": "branch-life/general-meeting", "subject_id": "a"}
    late = told(books, facts, date(2026, 6, 30), period="2025Q2", **which)
    assert [event.note for event in late.counted] == ["2025-08-11 才记录，晚于 2025-07-10，算迟完成", "补课，算迟完成"]
    missed = told(books, facts, date(2026, 6, 30), period="2025Q3", **which)
    assert {near.event_id: (near.misses, near.why) for near in missed.near} == {
        "e3": (("condition",), ("到会率是 30%，要求到会率不少于 50%",)),
        "e4": (("made_up",), ("是补 2025Q2 的",)),
    }
    assert [(remedy.status, remedy.until, remedy.gain) for remedy in missed.remedies] == [("late", None, 1)]
    soon = told(books, facts, date(2025, 11, 1), period="2025Q4", **which)
    assert [(remedy.status, remedy.until, remedy.gain) for remedy in soon.remedies] == [("met", date(2025, 12, 31), 2)]


def test_no_such_verdict(world: Path) -> None:
    with pytest.raises(NoVerdictError):
        told(
            load([world / "rules.yaml"]),
            read(world / "facts"),
            date(2026, 1, 1),
            rule="x/y",
            subject_id="a",
            period="p",
        )


def test_the_sentence(world: Path) -> None:
    rule = load([world / "rules.yaml"])[0].rules[0]
    wanted = "党支部、联合党支部每季度一般应至少召开 1 次支部党员大会（到会率不少于 50%），季末后 10 天内记录算按时。"
    assert sentence(rule, WORDS) == wanted


def test_every_rule_of_the_packs_has_a_sentence() -> None:
    sentences = [sentence(rule) for book in load([PACKS]) for rule in book.rules]
    assert all(one.endswith("。") for one in sentences)
