"""Counts by the default backend's SQL, for rules that no kernel covers.

Roll-ups of a tree without branches are each organisation's own counts. A rule in two versions has one row there, so
each version is evaluated by itself; runs of missed periods go across versions, so they come from all together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.errors import Place
from zhibu.engine.packed.lanes import MOST, packed
from zhibu.engine.packed.native import Numbers
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.results import STATUSES
from zhibu.engine.scheme import Dimension, Escalation, Pattern, Scheme

NOWHERE = Place("", 1)


@dataclass(frozen=True, slots=True)
class Counts:
    """`rollups[n]`: of the n-th version of every rule; `escalations`: every run of missed periods."""

    ids: pa.StringArray
    rollups: tuple[pa.Table, ...]
    escalations: pa.Table

    def of(self, rulebook: str, rule: str, version: int) -> Numbers:
        """A column: words where they are wide enough (counted.py)."""
        rows = _of(self.rollups[version], rulebook, rule)
        found = np.zeros((len(self.ids), len(STATUSES)), np.int64)
        place = self._places(rows)
        for number, status in enumerate(STATUSES):
            found[place, number] = rows[status].to_numpy()
        if found.max(initial=0) > MOST:
            return found
        return packed(found)

    def runs(self, rulebook: str, rule: str) -> tuple[Numbers, Numbers]:
        """(place of the organisation, length of its run)"""
        rows = _of(self.escalations, rulebook, rule)
        return self._places(rows).astype(np.int32), rows["run"].to_numpy().astype(np.int32)

    def _places(self, rows: pa.Table) -> Numbers:
        return np.asarray(pc.index_in(rows["org_id"].combine_chunks(), self.ids), np.int64)


def _of(table: pa.Table, rulebook: str, rule: str) -> pa.Table:
    return table.filter(pc.and_(pc.equal(table["rulebook"], rulebook), pc.equal(table["rule"], rule)))


def counts(plan: Plan, ids: pa.StringArray) -> Counts:
    from zhibu.engine.backends import duckdb  # heavy, and seldom needed

    alone = plan.tree.set_column(1, "parent_id", pa.nulls(len(plan.tree), pa.string()))
    plan = replace(plan, tree=alone, keep="none", scheme=_every_run(plan))
    versions = _versions(plan)
    rollups = [duckdb.sql(replace(plan, rules=rules), _silent).rollups for rules in versions]
    return Counts(ids, tuple(rollups), duckdb.sql(plan, _silent).escalations)


def _silent() -> None:
    pass


def _versions(plan: Plan) -> list[tuple[Bound, ...]]:
    """The first versions of all rules, the second ones, and so on."""
    found: list[list[Bound]] = []
    met: dict[tuple[str, str], int] = {}
    for bound in plan.rules:
        name = bound.rule.rulebook, bound.rule.id
        met[name] = met.get(name, -1) + 1
        if met[name] == len(found):
            found.append([])
        found[met[name]].append(bound)
    return [tuple(rules) for rules in found]


def _every_run(plan: Plan) -> Scheme:
    """A ladder whose first step is one missed period, for all rules."""
    rules = tuple(Pattern(name, None, NOWHERE) for name in sorted({bound.rule.rulebook for bound in plan.rules}))
    dimension = Dimension("all", "", Decimal(1), rules)
    return Scheme("runs", "", None, (dimension,), None, None, (), Escalation(rules, ((1, "1"),)), NOWHERE, "")
