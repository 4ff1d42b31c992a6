"""What a run of generated cases really contained. A generator that never makes a late verdict tests no late verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from zhibu.engine.evaluate import Evaluation
from zhibu.engine.rulebooks.model import After, Always, Anchored, Basis, Calendar, Rule, Rulebook

CALENDAR = ("month", "quarter", "half_year", "year")
MEASURED = (*CALENDAR, "anchored", "after event", "after date")
SPANS = ("days", "months", "working_days")

EXPECTED = {
    *(f"{clock}: {status}" for clock in MEASURED for status in ("met", "missed", "exempt")),
    *(f"{clock}: late" for clock in ("month", "quarter", "anchored", "after event", "after date")),
    *(
        f"{clock}: {status}"
        for clock in ("month", "quarter", "anchored", "after event")
        for status in ("open", "upcoming")
    ),
    *(f"always: {status}" for status in ("met", "missed", "exempt")),
    *(
        f"{measure}: {status}"
        for measure in ("count", "days", "hours", "topics", "people")
        for status in ("met", "missed")
    ),
    *(f"basis, round {how}: {status}" for how in ("up", "down", "None") for status in ("met", "missed")),
    *(f"subject {subject}: met" for subject in ("organisation", "person", "unit")),
    *(f"within {span}" for span in SPANS),
    *(f"not before {span}" for span in SPANS),
    *(f"reason {reason}" for reason in ("partial", "no basis", "整顿", "a'b")),
    *(f"strength {strength}" for strength in ("hard", "soft", "may")),
    *(f"grade {grade}" for grade in ("好", "较好", "一般", "差", "None")),
    *(f"step {step}" for step in ("提醒", "警告", "通报")),
    *("made up", "provisional", "several pieces of evidence", "fraction needed", "second version", "partial but due"),
    *("conditions on events", "conditions on subjects"),
    *("bonus", "deduction", "total at zero", "dimension absent", "shared rank", "no peer group", "rate", "subtree"),
    *("rejected", "refused: 不在表中", "refused: 成了环"),
}


class Census:
    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def missing(self) -> set[str]:
        return EXPECTED - self.seen.keys()

    def refused(self, message: str) -> None:
        self.seen.update(f"refused: {word}" for word in ("不在表中", "成了环") if word in message)

    def answered(self, books: tuple[Rulebook, ...], found: Evaluation) -> None:
        rules = [(book, rule) for book in books for rule in book.rules]
        for row in found.verdicts.to_pylist():
            self.seen.update(_verdict(row, *_rule(rules, row)))
        for row in found.scores.to_pylist():
            self.seen.update(_score(row))
        ranks = Counter((row["peer_group"], row["rank"]) for row in found.scores.to_pylist())
        self.seen["shared rank"] += max(ranks.values(), default=0) > 1
        self.seen.update(f"step {row['step']}" for row in found.escalations.to_pylist())
        self.seen["rate"] += any(row["rate"] is not None and 0 < row["rate"] < 1 for row in found.rollups.to_pylist())
        own = Counter((row["subject_id"], row["rulebook"], row["rule"]) for row in found.verdicts.to_pylist())
        keys = [(row["org_id"], row["rulebook"], row["rule"]) for row in found.rollups.to_pylist()]
        self.seen["subtree"] += any(key not in own for key in keys)
        self.seen["rejected"] += found.rejected.num_rows > 0
        self.seen = +self.seen  # what was counted zero times was not seen


def _rule(rules: list[tuple[Rulebook, Rule]], row: dict[str, Any]) -> tuple[Rule, bool]:
    """The rule of a verdict, and whether it stands in a second version."""
    for book, rule in rules:
        in_effect = book.since <= row["starts_on"] and row["ends_on"] <= (book.until or date.max)
        if in_effect and (book.id, rule.id) == (row["rulebook"], row["rule"]):
            return rule, any(other.id == book.id and other.since < book.since for other, _ in rules)
    raise AssertionError(f"no rule gives {row}")


def _verdict(row: dict[str, Any], rule: Rule, second: bool) -> Iterator[str]:
    yield f"{_clock(rule)}: {row['status']}"
    yield f"subject {row['subject']}: {row['status']}"
    yield f"reason {row['reason']}"
    yield f"strength {row['strength']}"
    yield from _span(rule)
    if rule.needs:
        yield f"{rule.needs.measure}: {row['status']}"
        if isinstance(rule.needs.at_least, Basis):
            yield f"basis, round {rule.needs.at_least.round}: {row['status']}"
        if rule.needs.where and row["evidence"]:
            yield "conditions on events"
    seen = {
        "conditions on subjects": rule.where is not None,
        "made up": row["total"] is not None and row["total"] > row["timely"],
        "several pieces of evidence": len(row["evidence"]) > 1,
        "provisional": row["provisional"],
        "fraction needed": row["need"] is not None and row["need"] % 1 > 0,
        "second version": second,
        "partial but due": rule.partial == "due",
    }
    yield from (name for name, true in seen.items() if true)


def _clock(rule: Rule) -> str:
    match rule.clock:
        case Calendar(unit):
            return unit
        case Anchored():
            return "anchored"
        case After(event, _, _, _):
            return "after event" if event else "after date"
        case Always():
            return "always"


def _span(rule: Rule) -> Iterator[str]:
    if isinstance(rule.clock, After):
        yield f"within {rule.clock.within.unit}"
        if rule.clock.not_before:
            yield f"not before {rule.clock.not_before.unit}"


def _score(row: dict[str, Any]) -> Iterator[str]:
    yield f"grade {row['grade']}"
    seen = {
        "bonus": row["bonus"] > 0,
        "deduction": row["deduction"] > 0,
        "total at zero": row["total"] == 0,
        "dimension absent": None in list(row.values())[2:-6],
        "no peer group": row["peer_group"] is None,
    }
    yield from (name for name, true in seen.items() if true)
