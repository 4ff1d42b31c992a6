"""What-if over generated worlds: both sides equal two full evaluations, and the reasons sum to the difference.

`exact` takes a difference apart a second time, in fractions over single verdicts, as the manual states it.
ZHIBU_CASES=5000 for more cases, ZHIBU_FIRST_CASE for one again.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pytest

from tests.generative.dice import Dice
from tests.generative.drafts import drafted
from tests.generative.world import Case, case, written
from zhibu.engine.backends.duckdb import database
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.packed import native
from zhibu.engine.results import STATUSES
from zhibu.engine.scores import adjustments
from zhibu.engine.whatif.comparison import Comparison, compare
from zhibu.engine.whatif.counted import Counted
from zhibu.engine.whatif.movers import falling, rising
from zhibu.engine.whatif.sides import Side
from zhibu.engine.whatif.sides import drafted as tried
from zhibu.engine.whatif.summary import summary
from zhibu.engine.whatif.tables import organisations, reasons

FIRST, CASES = int(os.environ.get("ZHIBU_FIRST_CASE", "0")), int(os.environ.get("ZHIBU_CASES", "300"))
WAYS = ("on", "off", "sql") if native.library() else ("off", "sql")


@pytest.fixture(autouse=True)
def shared_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with duckdb.connect(":memory:", config={"threads": 1}) as shared:
        monkeypatch.setattr(database, "connect", lambda settings: shared.cursor())
        yield


@pytest.mark.parametrize("kernel", WAYS)
def test_a_comparison_equals_two_evaluations(kernel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_KERNEL", kernel)
    seen: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + (CASES if kernel == WAYS[0] else CASES // 15)):
        try:
            _check(case(seed), seen)
        except AssertionError as error:
            raise AssertionError(f"case {seed}: {error}") from error
    if CASES >= 300 and kernel == WAYS[0]:
        missing = EXPECTED - {word for word, times in seen.items() if times}
        assert not missing, f"never generated: {sorted(missing)}"


EXPECTED = {
    *("rise", "fall", "stay", "appear", "vanish", "up", "down", "other", "higher", "lower"),
    *("rule", "weight", "bonus", "deduction", "floor", "refused", "reused", "steps", "unmoved"),
    *("added", "removed", "changed", "points", "moved"),
}


def _check(one: Case, seen: Counter[str]) -> None:
    facts, (before, after) = one.facts_read(), _sides(one)
    counted = Counted(facts, one.window, one.as_of, one.holidays)
    if int(one.seed) % 8 and _is_dull(counted, before, after):
        return
    answers = [_evaluated(one, facts, side) for side in (before, after)]
    if any(isinstance(answer, str) for answer in answers):
        with pytest.raises(EngineError) as refused:
            compare(counted, before, after)
        assert str(refused.value) in answers
        seen["refused"] += 1
        return
    found = compare(counted, before, after)
    _check_one(found, answers, seen)
    _check_one(compare(counted, after, before), answers[::-1], seen)  # the other way round, for nothing
    _check_reuse(counted, before, after, seen)
    _check_some(found)


def _check_one(found: Comparison, answers: list[Any], seen: Counter[str]) -> None:
    for side, answer in zip(found.scored, answers, strict=True):
        assert side.table.schema == answer.scores.schema
        assert side.table.to_pylist() == answer.scores.to_pylist()
    _check_parts(found, answers, seen)
    _check_moves(found, answers, seen)
    _check_tables(found, answers)


def _is_dull(counted: Counted, before: Side, after: Side) -> bool:
    """Nearly half of all worlds: few organisations have a score, and none of them moves."""
    try:
        found = compare(counted, before, after)
    except EngineError:
        return False
    return not found.difference.any() or (found.before.present & found.after.present).sum() < 2


def _sides(one: Case) -> tuple[Side, Side]:
    books, scheme = drafted(Dice(f"draft-{one.seed}"), one)
    one_side, other = written(one.rulebooks, one.scheme), written(books, scheme)
    return Side(*one_side), tried(*other)


def _evaluated(one: Case, facts: Any, side: Side) -> Evaluation | str:
    try:
        return evaluate(
            *(side.rulebooks, facts, one.window, one.as_of),
            scheme=side.scheme,
            backend="memory",
            holidays=one.holidays,
        )
    except EngineError as error:
        return str(error)


def _check_reuse(counted: Counted, before: Side, after: Side, seen: Counter[str]) -> None:
    """A second look counts nothing; a draft counts only what it changes."""
    names = Counter(counted.counted)
    compare(counted, before, after)
    assert Counter(counted.counted) == names
    own = {rule.name: rule for book in before.rulebooks for rule in book.rules}
    seen["reused"] += any(names[name] == 1 for name in own)


# --- parts ------------------------------------------------------------------------------------------------------------


def _check_parts(found: Comparison, answers: list[Any], seen: Counter[str]) -> None:
    wanted = exact(found, answers)
    ids = found.ids.to_pylist()
    columns = {place: column for column, place in enumerate(found.moving.tolist())}
    for place in np.flatnonzero(found.before.present & found.after.present).tolist():
        mine = {
            (part.kind, part.dimension, (part.rulebook, part.rule) if part.rule else None): int(values[columns[place]])
            for part, values in zip(found.parts.parts, found.parts.cents, strict=True)
            if place in columns
        }
        assert sum(mine.values()) == found.difference[place]
        theirs = wanted[ids[place]]
        for key in mine.keys() | theirs.keys():
            assert abs(mine.get(key, 0) - 100 * theirs.get(key, Fraction(0))) < Fraction(1000001, 1000000), key
            assert theirs.get(key) or not mine.get(key), f"{key} moved, though nothing did"
        assert place in columns or not any(theirs.values())
        seen["unmoved"] += place not in columns
        seen.update(kind for (kind, _, _), cents in mine.items() if cents)


Key = tuple[str, str | None, tuple[str, str] | None]


def exact(found: Comparison, answers: list[Any]) -> dict[str, dict[Key, Fraction]]:
    """Organisation → reason → points, in fractions."""
    sides = [_exact_side(plan, answer) for plan, answer in zip(found.plans, answers, strict=True)]
    return {org: _apart(*(side[org] for side in sides)) for org in sides[0].keys() & sides[1].keys()}


def _exact_side(plan: Any, answer: Any) -> dict[str, Any]:
    """Organisation → (weights, {dimension: {rule: (lost, most)}}, bonus, deduction), of those with a score."""
    cells: dict[str, Any] = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: [Fraction(0), Fraction(0)])))
    rules = _worth(plan)
    for row in answer.verdicts.to_pylist():
        if row["subject"] == "organisation" and row["status"] in ("met", "late", "missed"):
            points, most = rules[row["rulebook"], row["rule"], row["starts_on"], row["ends_on"]](row["status"])
            for dimension in plan.scheme.dimensions:
                if any(one.fits(row["rulebook"], row["rule"]) for one in dimension.rules):
                    cell = cells[row["subject_id"]][dimension.id][row["rulebook"], row["rule"]]
                    cell[0] += most - points
                    cell[1] += most
    weights = {one.id: Fraction(one.weight) for one in plan.scheme.dimensions}
    extra = adjustments(plan, plan.scheme)
    return {
        org: (weights, cells[org], *extra.get(org, (Fraction(0), Fraction(0))))
        for org in answer.scores["org_id"].to_pylist()
    }


class _worth(dict):  # noqa: N801
    """(rulebook, rule, first day, last day) → status → (points, max points): versions have points of their own."""

    def __init__(self, plan: Any):
        super().__init__()
        self.plan = plan

    def __missing__(self, key: Any) -> Any:
        rulebook, rule, first, last = key
        own = next(
            bound.rule.points
            for bound in self.plan.rules
            if (bound.rule.rulebook, bound.rule.id) == (rulebook, rule) and bound.in_effect(first, last)
        )
        return lambda status: (Fraction(getattr(own, status)), Fraction(own.met))


def _apart(before: Any, after: Any) -> dict[Key, Fraction]:
    found: dict[Key, Fraction] = {}
    (weights, cells, bonus, deduction), (weights_, cells_, bonus_, deduction_) = before, after
    shares, shares_ = _shares(weights, cells), _shares(weights_, cells_)
    raw = []
    for name in {**weights, **weights_}:
        one, other = _sum(cells.get(name)), _sum(cells_.get(name))
        share, share_ = shares.get(name, Fraction(0)), shares_.get(name, Fraction(0))
        losses = [cell[0] / cell[1] if cell[1] else None for cell in (one, other)]
        loss, loss_ = (losses[at] if losses[at] is not None else losses[1 - at] or Fraction(0) for at in (0, 1))
        found["weight", name, None] = -(share_ - share) * (loss + loss_) / 2
        raw.append((share * loss, share_ * loss_))
        if one[1] and other[1]:
            for rule in {**cells[name], **cells_[name]}:
                lost, most = cells[name].get(rule, (0, 0))
                lost_, most_ = cells_[name].get(rule, (0, 0))
                change = (lost_ - lost) * (one[1] + other[1]) - (most_ - most) * (one[0] + other[0])
                found["rule", name, rule] = -(share + share_) / 2 * change / (2 * one[1] * other[1])
    found["bonus", None, None], found["deduction", None, None] = bonus_ - bonus, deduction - deduction_
    totals = [
        100 - sum((pair[at] for pair in raw), Fraction(0)) + plus - minus
        for at, (plus, minus) in enumerate(((bonus, deduction), (bonus_, deduction_)))
    ]
    found["floor", None, None] = max(-totals[1], Fraction(0)) - max(-totals[0], Fraction(0))
    assert sum(found.values()) == max(totals[1], Fraction(0)) - max(totals[0], Fraction(0))
    return found


def _sum(cells: Any) -> tuple[Fraction, Fraction]:
    values = list((cells or {}).values())
    return sum((one[0] for one in values), Fraction(0)), sum((one[1] for one in values), Fraction(0))


def _shares(weights: dict[str, Fraction], cells: Any) -> dict[str, Fraction]:
    present = {name: weight for name, weight in weights.items() if _sum(cells.get(name))[1]}
    return {name: 100 * weight / sum(present.values()) for name, weight in present.items()}


# --- moves, tables, summary -------------------------------------------------------------------------------------------


def _check_moves(found: Comparison, answers: list[Any], seen: Counter[str]) -> None:
    told = summary(found)
    one, other = ({row["org_id"]: row for row in answer.scores.to_pylist()} for answer in answers)
    ways: Counter[str] = Counter()
    for org in one.keys() | other.keys():
        ways.update(_ways(found, one.get(org), other.get(org)))
    names = ("rise", "fall", "stay", "appear", "vanish", "up", "down", "other", "higher", "lower")
    assert {name: getattr(told, name) for name in names} == {name: ways[name] for name in names}
    seen.update(ways)
    both = one.keys() & other.keys()
    matrix = Counter((one[org]["grade"], other[org]["grade"]) for org in both)
    assert {(before, after): count for before, after, count in told.grades} == dict(matrix)
    for at, rows in enumerate((one, other)):
        steps = Counter(row["step"] for row in answers[at].escalations.to_pylist())
        assert {step[0]: step[1 + at] for step in told.steps if step[1 + at]} == dict(steps)
        assert sum(line[1 + at] for line in told.bins) == len(rows)
        mean = (told.mean.before, told.mean.after)[at]
        assert mean is None if not rows else abs(mean - sum(row["total"] for row in rows.values()) / len(rows)) < 0.006
    seen["steps"] += bool(told.steps)
    seen.update(line.how for line in told.rules)


def _ways(found: Comparison, one: Any, other: Any) -> Iterator[str]:
    if one is None or other is None:
        yield "appear" if one is None else "vanish"
        return
    yield "rise" if other["total"] > one["total"] else "fall" if other["total"] < one["total"] else "stay"
    if one["grade"] != other["grade"]:
        order = [step.grade for step in found.sides[1].scheme.grades]
        places = [len(order) if row["grade"] is None else order.index(row["grade"]) if row["grade"] in order else -1
                  for row in (one, other)]  # fmt: skip
        yield "other" if min(places) < 0 else "up" if places[1] < places[0] else "down"
    before, after = (side.scheme.peer_group for side in found.sides)
    if before == after and one["peer_group"] == other["peer_group"] and one["rank"] != other["rank"]:
        yield "higher" if other["rank"] < one["rank"] else "lower"


def _check_tables(found: Comparison, answers: list[Any]) -> None:
    table = organisations(found)
    scored = sorted({org for answer in answers for org in answer.scores["org_id"].to_pylist()})
    assert table["org_id"].to_pylist() == scored
    sums: dict[str, float] = defaultdict(float)
    why = reasons(found).to_pylist()
    for row in why:
        sums[row["org_id"]] += row["points"]
    for row in table.to_pylist():
        assert round(sums[row["org_id"]], 2) == (row["difference"] or 0)
    counts = [_counts(answer) for answer in answers]
    for row in why:
        if row["kind"] == "rule":
            for at, side in enumerate(("before", "after")):
                mine = [row[f"{side}_{status}"] for status in STATUSES]
                assert mine == [counts[at][row["org_id"], row["rulebook"], row["rule"], one] for one in STATUSES]
    _check_listed(found, table.to_pylist(), sums)
    _check_every_change_is_told(counts, why)


def _counts(answer: Any) -> Counter[Any]:
    return Counter(
        (row["subject_id"], row["rulebook"], row["rule"], row["status"])
        for row in answer.verdicts.to_pylist()
        if row["subject"] == "organisation"
    )


def _check_every_change_is_told(counts: list[Counter[Any]], why: list[Any]) -> None:
    told = {(row["org_id"], row["rulebook"], row["rule"]) for row in why}
    differing = {key[:3] for key in counts[0].keys() | counts[1].keys() if counts[0][key] != counts[1][key]}
    assert differing <= told


def _check_listed(found: Comparison, rows: list[Any], sums: dict[str, float]) -> None:
    for listed, sign in ((falling(found), 1), (rising(found), -1)):
        people = listed.page(0, len(listed))
        assert all(
            sign * one.difference <= sign * other.difference
            for one, other in pairwise(people)
            if one.difference is not None and other.difference is not None
        )
        for one in people:
            assert round(sum(reason.points for reason in one.reasons), 2) == (one.difference or 0)
    assert {one.org_id for one in falling(found).page(0, 99)} == {row["org_id"] for row in rows if row["loses"]}


def _check_some(found: Comparison) -> None:
    """Only some organisations: their numbers add up with the others' to the whole."""
    chosen = np.arange(len(found.every)) % 2 == 0
    told, rest, whole = summary(found, chosen), summary(found, ~chosen), summary(found)
    for name in ("organisations", "rise", "fall", "up", "down", "losers"):
        assert getattr(told, name) + getattr(rest, name) == getattr(whole, name)
