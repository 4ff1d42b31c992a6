"""What follows from the verdicts of all organisations, moved by one change at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from zhibu.engine import scores
from zhibu.engine.conditions import Row
from zhibu.engine.escalation import proposed, watched
from zhibu.engine.live.change import (
    Applied,
    Change,
    Counts,
    Difference,
    Evaluator,
    Moved,
    Name,
    Others,
    Standing,
)
from zhibu.engine.live.differences import deltas, paired
from zhibu.engine.live.ranking import Ranking
from zhibu.engine.live.rollups import Rollups
from zhibu.engine.live.scoring import Scoring
from zhibu.engine.live.tree import Tree
from zhibu.engine.plan import Answer
from zhibu.engine.verdict import Verdict

Key = tuple[str, str, str]  # org_id, rulebook, rule


class Live:
    """Opened from the tables of a full run (`Answer`); its verdicts stay with the evaluator."""

    def __init__(self, evaluator: Evaluator, published: Answer):
        self.evaluator, self.scheme = evaluator, evaluator.plan.scheme
        self.tree = Tree(evaluator.places(), evaluator.exists)
        rules = {(bound.rule.rulebook, bound.rule.id) for bound in evaluator.plan.rules}
        self.rollups = Rollups(self.tree, published.rollups, rules)
        self._scoring = Scoring(self.scheme, evaluator.plan.rules, self.rollups.rules) if self.scheme else None
        self._unsure = self._scoring is not None and not self._scoring.always  # numbers may not tell that points moved
        self.escalations: dict[Key, Row] = {_key(row): row for row in published.escalations.to_pylist()}
        self.ranking = Ranking(published.scores, self.scheme.grades if self.scheme else ())

    # --- what is, as of now ---

    def score(self, org: str) -> scores.Score | None:
        """With its dimensions; from the numbers of its verdicts, where their points tell, else from the verdicts."""
        if self.scheme is None or self._scoring is None:
            return None
        group, adjusted, numbers = self.tree.group(org), self.evaluator.adjusted(org), self.rollups.alone(org)
        if self._scoring.sure(numbers):
            return self._scoring.score(org, group, numbers, adjusted)
        return scores.score(self.scheme, org, group, self.evaluator.verdicts(org), adjusted)

    # --- changes ---

    def apply(self, changes: Sequence[Change]) -> Difference:
        """Raises EngineError with nothing changed when a row is not fit or the tree would break."""
        applied = self.evaluator.apply(changes)
        organisations = [one for one in applied.moved if one.subject == "organisation"]
        placed = [one for one in organisations if one.before != one.after]
        if any(change.table == "organisations" for change in changes) and (
            placed or len(organisations) > 1 or any(change.new is None for change in changes)
        ):
            self._check(organisations, applied)  # one without a row that day may be the superior of another
        counted = {one.identity: deltas(one.gone, one.new) for one in organisations}
        self._roll(counted, placed)
        every = self._unsure or any(change.table == "adjustments" for change in changes)
        scored = [one for one in organisations if every or counted[one.identity] or one.before != one.after]
        standings, others = self._rescore(scored)
        pairs = [pair for one in applied.moved for pair in paired(one.gone, one.new)]
        return Difference(tuple(pairs), standings, others, self.rollups.moved(), self._escalate(organisations))

    def _check(self, organisations: list[Moved], applied: Applied) -> None:
        try:
            self.tree.check(organisations)
        except Exception:
            self.evaluator.apply(applied.undo)
            raise

    def _roll(self, counted: Mapping[str, Mapping[Name, Counts]], placed: list[Moved]) -> None:
        """Verdicts first, where the organisations were; then whole subtrees to where they are."""
        for org, moved in counted.items():
            self.rollups.add(org, moved)
        leaving = self.tree.leaving(placed)
        if len(leaving) == 1:
            self.rollups.carry(leaving[0], lambda: self.tree.move(placed))
            return
        for org in leaving:
            self.rollups.part(org)
        self.tree.move(placed)
        for org in leaving:
            self.rollups.join(org)

    # --- scores ---

    def _rescore(self, organisations: list[Moved]) -> tuple[dict[str, Pair], tuple[Others, ...]]:
        told = {one.identity: self.score(one.identity) for one in organisations}
        before = {org: self.ranking.standing(org) for org in told}
        others = self.ranking.move(told)
        return {org: (before[org], self.ranking.standing(org, score)) for org, score in told.items()}, others

    # --- escalations ---

    def _escalate(self, organisations: list[Moved]) -> dict[Key, tuple[Row | None, Row | None]]:
        ladder = self.scheme.escalation if self.scheme else None
        found: dict[Key, tuple[Row | None, Row | None]] = {}
        for one in organisations if ladder else ():
            for name in sorted({own[:2] for own in _statuses(one.gone) ^ _statuses(one.new)}):
                key = (one.identity, *name)
                if ladder and watched(ladder, *name):
                    own, before = self.evaluator.run(one.identity, name), self.escalations.pop(key, None)
                    after = proposed(ladder, key, *own) if own else None
                    if after is not None:
                        self.escalations[key] = after
                    if before != after:
                        found[key] = (before, after)
        return found


Pair = tuple[Standing | None, Standing | None]


def _key(row: Mapping[str, Any]) -> Key:
    return row["org_id"], row["rulebook"], row["rule"]


def _statuses(verdicts: Iterable[Verdict]) -> set[tuple[str, str, date, date, str]]:
    """What a run of missed verdicts is read from."""
    return set(map(RUN, verdicts))


RUN = attrgetter("rulebook", "rule", "starts_on", "ends_on", "status")
