"""The peer groups as they stand: every organisation's total, its rank and grade, and what moves the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import pyarrow as pa

from zhibu.engine import scores
from zhibu.engine.live import grades
from zhibu.engine.live.change import Others, Standing
from zhibu.engine.live.order import Order
from zhibu.engine.scheme import GradeStep


class Ranking:
    def __init__(self, published: pa.Table, steps: tuple[GradeStep, ...]):
        """From the scores table of a full run."""
        self._steps = steps
        self._totals: dict[str, int] = {}  # organisation → cents
        self._group: dict[str, str | None] = {}
        members = defaultdict(list)
        names = (published[name].to_pylist() for name in ("org_id", "peer_group", "total"))
        for org, group, total in zip(*names, strict=True):
            self._totals[org], self._group[org] = round(total * 100), group
            members[group].append(self._totals[org])
        self._orders = defaultdict(Order, {group: Order(cents) for group, cents in members.items()})
        self._floors = {group: grades.floors(order, steps) for group, order in self._orders.items()}

    def standing(self, org: str, score: scores.Score | None = None) -> Standing | None:
        """Total, rank and grade, with the score given; None without one."""
        if org not in self._totals:
            return None
        group, cents = self._group[org], self._totals[org]
        order = self._orders[group]
        grade = grades.grade(cents, self._floors[group], self._steps)
        return Standing(group, Fraction(cents, 100), 1 + order.above(cents), order.size, grade, score)

    def organisations(self) -> Iterator[str]:
        """Those with a score."""
        return iter(self._totals)

    def move(self, told: Mapping[str, scores.Score | None]) -> tuple[Others, ...]:
        """To the scores told, None taking out. What becomes of the others."""
        differing = {org: score for org, score in told.items() if self._differs(org, score)}
        gone, come = self._leave(differing), self._enter(differing)
        others = []
        for group in {*gone, *come}:
            old, self._floors[group] = self._floors.get(group, ()), grades.floors(self._orders[group], self._steps)
            apart = [self._totals[org] for org in told if org in self._totals and self._group[org] == group]
            if found := self._others(group, old, (gone.get(group, []), come.get(group, [])), apart):
                others.append(found)
        return tuple(others)

    def _differs(self, org: str, score: scores.Score | None) -> bool:
        if score is None or org not in self._totals:
            return score is not None or org in self._totals
        return self._totals[org] != _cents(score.total) or self._group[org] != score.peer_group

    def _leave(self, told: Iterable[str]) -> dict[str | None, list[int]]:
        gone = defaultdict(list)
        for org in told:
            if org in self._totals:
                cents, group = self._totals.pop(org), self._group.pop(org)
                self._orders[group].remove(cents)
                gone[group].append(cents)
        return gone

    def _enter(self, told: Mapping[str, scores.Score | None]) -> dict[str | None, list[int]]:
        come = defaultdict(list)
        for org, score in told.items():
            if score is not None:
                cents = _cents(score.total)
                self._totals[org], self._group[org] = cents, score.peer_group
                self._orders[score.peer_group].add(cents)
                come[score.peer_group].append(cents)
        return come

    def _others(
        self, group: str | None, old: grades.Floors, moved: tuple[list[int], list[int]], apart: list[int]
    ) -> Others | None:
        order, new = self._orders[group], self._floors[group]
        ranks = grades.shifted(order, *moved, apart)
        regraded = grades.regraded(order, old, new, self._steps, apart) if old and old != new else {}
        return Others(group, ranks, regraded) if ranks or regraded else None


def _cents(total: Fraction) -> int:
    """Of a total rounded to cents."""
    return total.numerator * 100 // total.denominator
