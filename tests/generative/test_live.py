"""Changes one by one equal a full run: random changes of generated worlds, all four tables compared after each.

ZHIBU_CHANGES=5000 pytest tests/generative/test_live.py        more changes (400 when not set)
ZHIBU_FIRST_CASE=1234 ZHIBU_CHANGES=1 pytest …                 one world again, by the seed a failure names
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from tests.generative.changes import World, change
from tests.generative.dice import Dice
from tests.generative.world import case
from zhibu.engine import rollups, verdict
from zhibu.engine.backends import memory
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.live import Change, Difference, Live, Reference, Standing
from zhibu.engine.results import STATUSES

CHANGES, FIRST = int(os.environ.get("ZHIBU_CHANGES", "400")), int(os.environ.get("ZHIBU_FIRST_CASE", "0"))
EACH = 20  # changes of one world
ENOUGH = 400
Tables = dict[str, list[dict[str, Any]]]


class Twin:
    """One world told twice: by `Live`, and by full runs over its rows."""

    def __init__(self, seed: int):
        self.case = one = case(seed)
        self.books, self.scheme = one.books(), one.read_scheme()
        self.world = World(one, sorted(rule.name for book in self.books for rule in book.rules))
        facts = self.world.opened()
        self.reference = Reference(self.books, facts, one.window, one.as_of, scheme=self.scheme, holidays=one.holidays)
        self.live = Live(self.reference, memory.answer(self.reference.plan, lambda: None))

    def anew(self) -> Evaluation:
        one = self.case
        return evaluate(
            self.books, self.world.facts(), one.window, one.as_of,
            scheme=self.scheme, backend="memory", holidays=one.holidays,
        )  # fmt: skip

    def at_once(self) -> Tables:
        """The four tables as `Live` holds them."""
        live = self.live
        here = {*(org for org, _ in self.reference.places()), *live.tree.parents().values()}
        orgs = sorted(here | {v.subject_id for v in self.own()})
        return {
            "verdicts": verdict.table(self.reference.every()).to_pylist(),
            "scores": [self._score(org) for org in sorted(live.ranking.organisations())],
            "rollups": [
                rollups.row((org, *name), dict(zip(STATUSES, counts, strict=True)))
                for org in orgs
                for name, counts in sorted(live.rollups.of(org).items())
            ],
            "escalations": [dict(live.escalations[key]) for key in sorted(live.escalations)],
        }

    def own(self) -> list[verdict.Verdict]:
        return [one for one in self.reference.every() if one.subject == "organisation"]

    def _score(self, org: str) -> dict[str, Any]:
        score, place = self.live.score(org), self.live.ranking.standing(org)
        assert score and place and self.scheme and score.total == place.total
        names = [dimension.id for dimension in self.scheme.dimensions]
        parts = {name: None if one is None else float(one) for name, one in zip(names, score.dimensions, strict=True)}
        sides = {"bonus": float(score.bonus), "deduction": float(score.deduction), "total": float(score.total)}
        place_ = {"rank": place.rank, "group_size": place.group_size, "grade": place.grade}
        return {"org_id": org, "peer_group": place.group} | parts | sides | place_


def test_changes_one_by_one_equal_a_full_run() -> None:
    seen: Counter[str] = Counter()
    seed, left = FIRST, CHANGES
    while left > 0:
        try:
            twin = Twin(seed)
        except EngineError:
            seed += 1
            continue
        _walk(twin, seed, min(EACH, left), seen)
        seed, left = seed + 1, left - EACH
    if CHANGES >= ENOUGH:
        wanted = ["refused", "verdicts", "standings", "rollups", "escalations", "ranks", "grades", "moves"]
        wanted += ["bound anew"]
        assert not [one for one in wanted if not seen[one]], seen


def test_changes_together_equal_a_full_run() -> None:
    """Some at once, of rows of their own; where they are refused, nothing has changed."""
    seen: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + CHANGES // 4):
        try:
            twin = Twin(seed)
        except EngineError:
            continue
        dice, before = Dice(f"together {seed}"), twin.at_once()
        some = {(one.table, one.number or -n): one for n, one in enumerate(change(dice, twin.world) for _ in range(4))}
        try:
            twin.live.apply(list(some.values()))
        except EngineError:
            assert twin.at_once() == before, seed
            seen["refused"] += 1
            continue
        for one in some.values():
            twin.world.make(one)
        assert twin.at_once() == _tables(twin.anew()), (seed, some)
        seen["applied"] += 1
    if CHANGES >= ENOUGH:
        assert seen["refused"] and seen["applied"] > seen["refused"], seen


def _walk(twin: Twin, seed: int, count: int, seen: Counter[str]) -> None:
    dice, before = Dice(f"changes {seed}"), _tables(twin.anew())
    assert twin.at_once() == before, seed
    for _ in range(count):
        one, plan = change(dice, twin.world), twin.reference.plan
        after, told = _both(twin, one)
        seen["refused"] += told is None
        assert twin.at_once() == after, (seed, one)
        _compare(told or Difference(), before, after, (seed, one))
        _count(told or Difference(), one, seen)
        seen["bound anew"] += twin.reference.plan is not plan
        before = after


def _both(twin: Twin, one: Change) -> tuple[Tables, Difference | None]:
    """The change in both. Where a full run refuses it or leaves its row out, `Live` must have refused it too."""
    back = twin.world.make(one)
    try:
        told = twin.live.apply([one])
    except EngineError:
        assert _is_refused(twin, back), f"refused without reason: {one}"
        twin.world.make(back)
        return _tables(twin.anew()), None
    return _tables(twin.anew()), told


def _is_refused(twin: Twin, back: Change) -> bool:
    try:
        left_out = {(row["table"], row["row"]) for row in twin.anew().rejected.to_pylist()}
    except EngineError:
        return True
    numbers = sorted(twin.world.rows[back.table])
    return back.number in numbers and (back.table, numbers.index(back.number) + 1) in left_out


def _tables(found: Evaluation) -> Tables:
    return {name: getattr(found, name).to_pylist() for name in ("verdicts", "scores", "rollups", "escalations")}


# --- what `Live` says has changed, against what has ----------------------------------------------------------------


def _compare(told: Difference, before: Tables, after: Tables, about: object) -> None:
    pairs = _changed(before["verdicts"], after["verdicts"], "subject", "subject_id", "rulebook", "rule", "starts_on",
                     "ends_on")  # fmt: skip
    said = {(one or other).order: (_written(one), _written(other)) for one, other in told.verdicts}  # type: ignore[union-attr]
    assert {key: pair for key, pair in said.items() if pair[0] != pair[1]} == pairs, about
    cells = _changed(before["rollups"], after["rollups"], "org_id", "rulebook", "rule")
    assert told.rollups == {key: tuple(map(_counts, pair)) for key, pair in cells.items()}, about
    steps = _changed(before["escalations"], after["escalations"], "org_id", "rulebook", "rule")
    assert told.escalations == steps, about
    _compare_standings(told, _changed(before["scores"], after["scores"], "org_id"), about)


def _compare_standings(told: Difference, moved: dict[Any, Any], about: object) -> None:
    """Of those the change concerns, the standing; of all others only how many moved, and how far."""
    for (org,), pair in moved.items():
        if org in told.standings:
            assert tuple(map(_place, told.standings[org])) == tuple(map(_place, pair)), about
    rest = [(old, new) for (org,), (old, new) in moved.items() if org not in told.standings]
    ranks = Counter((new["peer_group"], new["rank"] - old["rank"]) for old, new in rest if new["rank"] != old["rank"])
    grades = Counter(
        (new["peer_group"], (old["grade"], new["grade"])) for old, new in rest if new["grade"] != old["grade"]
    )
    assert ranks == {(one.group, step): n for one in told.others for step, n in one.ranks.items()}, about
    assert grades == {(one.group, pair): n for one in told.others for pair, n in one.grades.items()}, about


def _changed(before: list[dict], after: list[dict], *key: str) -> dict[tuple, tuple[Any, Any]]:
    old, new = ({tuple(row[name] for name in key): row for row in rows} for rows in (before, after))
    return {one: (old.get(one), new.get(one)) for one in old | new if old.get(one) != new.get(one)}


def _written(one: verdict.Verdict | None) -> dict[str, Any] | None:
    return verdict.table([one]).to_pylist()[0] if one else None


def _counts(row: dict[str, Any] | None) -> tuple[int, ...]:
    return tuple(row[status] if row else 0 for status in STATUSES)


def _place(one: Standing | dict[str, Any] | None) -> tuple[Any, ...] | None:
    if one is None:
        return None
    if isinstance(one, Standing):
        return one.group, float(one.total), one.rank, one.group_size, one.grade
    return tuple(one[name] for name in ("peer_group", "total", "rank", "group_size", "grade"))


def _count(told: Difference, one: Change, seen: Counter[str]) -> None:
    for name in ("verdicts", "standings", "rollups", "escalations"):
        seen[name] += bool(getattr(told, name))
    for other in told.others:
        seen["ranks"] += bool(other.ranks)
        seen["grades"] += bool(other.grades)
    seen["moves"] += one.table == "organisations" and bool(told.rollups) and not told.verdicts


def test_a_difference_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live state that forgets the way up must be caught, or the comparison compares nothing."""
    monkeypatch.setattr("zhibu.engine.live.tree.Tree.upward", lambda self, org: iter(()))
    with pytest.raises(AssertionError):
        test_changes_one_by_one_equal_a_full_run()
