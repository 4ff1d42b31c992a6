"""The answer of a plan by the kernel: the same four tables as any backend's (plan.py)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.packed import compiled, escalations, judged, rollups, scores, verdicts
from zhibu.engine.packed.compiled import Compiled
from zhibu.engine.packed.judged import Judged
from zhibu.engine.packed.subjects import gathered
from zhibu.engine.plan import EXCEPTIONS, Answer, Keep, Plan
from zhibu.engine.results import ESCALATIONS, ROLLUPS, STATUSES, VERDICTS, scores_schema

KEPT: dict[Keep, frozenset[int]] = {
    "all": frozenset(range(len(STATUSES))),
    "exceptions": frozenset(map(STATUSES.index, EXCEPTIONS)),
    "none": frozenset(),
}


def answer(plan: Plan, tick: Callable[[], None]) -> Answer:
    """Raises Unfit where the kernel does not cover the plan or its facts."""
    found = {kind: _judged(plan, kind) for kind in SUBJECTS if any(one.rule.subject == kind for one in plan.rules)}
    for _ in plan.rules:
        tick()
    rows = [table for kind in sorted(found) for table in _verdicts(*found[kind])]
    return Answer(pa.concat_tables([VERDICTS.empty_table(), *rows]).combine_chunks(), *_overall(plan, found))


def _judged(plan: Plan, kind: str) -> tuple[Compiled, list[Judged]]:
    rules = compiled.compile_plan(plan, gathered(plan.facts, kind))
    return rules, list(judged.chunks(rules, KEPT[plan.keep]))


def _verdicts(rules: Compiled, found: list[Judged]) -> list[pa.Table]:
    writer = verdicts.Writer(rules)
    return [writer.table(one) for one in found]


def _overall(plan: Plan, found: dict[str, tuple[Compiled, list[Judged]]]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Scores, roll-ups, escalations: of organisations only."""
    scheme = plan.scheme
    names = [dimension.id for dimension in scheme.dimensions] if scheme else []
    if "organisation" not in found:
        return scores_schema(names).empty_table(), ROLLUPS.empty_table(), ESCALATIONS.empty_table()
    rules, parts = found["organisation"]
    counts = np.concatenate([part.counts for part in parts]) if parts else np.zeros((0, len(rules.bounds)), np.uint64)
    ids = rules.subjects.ids
    scored = scores.table(plan, scheme, ids, scores.summed(rules, scheme, counts)) if scheme else None
    rolled = rollups.tables(rules, counts, rollups.Tree.of(ids, plan.tree))
    ladder = scheme.escalation if scheme else None
    escalated = escalations.tables(rules, parts, ladder) if ladder else ()
    return (
        scored if scored is not None else scores_schema([]).empty_table(),
        pa.concat_tables([ROLLUPS.empty_table(), *rolled]).combine_chunks(),
        pa.concat_tables([ESCALATIONS.empty_table(), *escalated]).combine_chunks(),
    )
