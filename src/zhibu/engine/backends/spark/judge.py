"""What a task does: the engine's default backend judges one part of the subjects. Runs on the workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pyarrow as pa

from zhibu.engine.backends.spark.parcels import batch, gathered, packed
from zhibu.engine.backends.spark.parts import TREE
from zhibu.engine.evaluate import backend_module
from zhibu.engine.facts import ROW
from zhibu.engine.plan import Plan

LOCAL = "duckdb"
RESULTS = ("verdicts", "scores", "rollups", "escalations")

Batches = Iterable[pa.RecordBatch]


def judged(plan: Plan) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """From the parcels of a part to those of its results. `plan` comes without facts."""
    return lambda batches: _judged(plan, batches)


def _judged(plan: Plan, batches: Batches) -> Iterator[pa.RecordBatch]:
    os.environ.setdefault("ZHIBU_DUCKDB_THREADS", "1")  # Spark counts a task as one core
    found = gathered(batches)
    if not found:
        return
    answer = backend_module(LOCAL).answer(_own(plan, found), lambda: None)
    for name in RESULTS:
        for parcel in packed(0, name, getattr(answer, name)):
            yield batch([parcel])


def _own(plan: Plan, found: dict[str, pa.Table]) -> Plan:
    """The plan of the part, its rows in the order of the table again."""
    tables = {name: found[name].sort_by(ROW) if name in found else empty for name, empty in plan.facts.tables.items()}
    return replace(plan, facts=replace(plan.facts, tables=tables), tree=found.get(TREE, plan.tree))
