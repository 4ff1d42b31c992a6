"""What a task does: the engine's default backend judges one part of the subjects. Runs on the workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.backends.spark.parcels import batches as made
from zhibu.engine.backends.spark.parcels import gathered, packed
from zhibu.engine.backends.spark.parts import TREE
from zhibu.engine.backends.spark.upward import alone, carried
from zhibu.engine.backends.spark.whole import score_columns
from zhibu.engine.evaluate import backend_module, rejections
from zhibu.engine.facts import ROW
from zhibu.engine.plan import Plan
from zhibu.engine.results import REJECTED
from zhibu.engine.retype import conform

LOCAL = "duckdb"
Batches = Iterable[pa.RecordBatch]


def judged(plan: Plan, dropped: frozenset[int] = frozenset()) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """From the parcels of a part to those of its results. `plan` comes without facts; `dropped`: events by `#row`."""
    return lambda batches: _judged(plan, dropped, batches)


def _judged(plan: Plan, dropped: frozenset[int], batches: Batches) -> Iterator[pa.RecordBatch]:
    os.environ.setdefault("ZHIBU_DUCKDB_THREADS", "1")  # Spark counts a task as one core
    found = gathered(batches)
    if not found:
        return
    own = _own(plan, dropped, found)
    tree = found.get(TREE, plan.tree)
    answer = backend_module(LOCAL).answer(replace(own, tree=alone(tree, own.facts["organisations"])), lambda: None)
    tables = {
        "verdicts": answer.verdicts,
        "scores": answer.scores.rename_columns(score_columns(plan).names),
        "rollups": carried(answer.rollups, tree),
        "escalations": answer.escalations,
        "rejected": rejections(own.facts).plain(REJECTED),
    }
    for name, rows in tables.items():
        yield from made(packed(0, name, rows))


def _own(plan: Plan, dropped: frozenset[int], found: dict[str, pa.Table]) -> Plan:
    """The plan of the part, its rows in the order of the table again, in the types the rules are bound to."""
    empty = plan.facts.tables
    tables = {name: found[name].select(empty[name].column_names) for name in empty if name in found}
    tables = empty | {name: rows.sort_by(ROW) for name, rows in tables.items()}
    tables["events"] = without(tables["events"], dropped)
    facts = conform(replace(plan.facts, tables=tables), plan.facts)
    return replace(plan, facts=facts)


def without(events: pa.Table, dropped: Iterable[int]) -> pa.Table:
    gone = pa.array(dropped, pa.int64())
    return events.filter(pc.invert(pc.is_in(events[ROW], gone))) if len(gone) else events
