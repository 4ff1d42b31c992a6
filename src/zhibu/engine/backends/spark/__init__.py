"""The backend for a cluster: Spark distributes, the engine decides. Serves facts too large for one machine.

Subjects are cut into parts. What belongs to one subject is judged inside tasks by the engine's default backend, part
by part; what spans subjects (roll-ups, ranks, grades) Spark works out over the small results.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from zhibu.engine.backends.spark import judge, parcels, parts, whole
from zhibu.engine.backends.spark.session import session
from zhibu.engine.plan import Answer, Plan

ROWS = 200_000  # of facts in a part: a few seconds of one core, some hundred MB


def answer(plan: Plan, tick: Callable[[], None]) -> Answer:
    """Facts go out from this process and tables come back to it; for facts that do not fit, see storage.py."""
    spark = session()
    count = part_count(spark, sum(map(len, plan.facts.tables.values())))
    given = pa.Table.from_pylist(list(parts.parcels(plan, count)), parcels.SCHEMA)
    done = judged(spark.createDataFrame(given), count, plan).persist()
    try:
        return _taken(done, plan, tick)
    finally:
        done.unpersist()


def part_count(spark: Any, rows: int) -> int:
    return int(max(spark.sparkContext.defaultParallelism, -(-rows // ROWS)))


def judged(given: Any, count: int, plan: Plan) -> Any:
    """Parcels of results from parcels of facts."""
    together = given.repartitionById(count, "part")
    return together.mapInArrow(judge.judged(parts.emptied(plan)), parcels.SQL)


def _taken(done: Any, plan: Plan, tick: Callable[[], None]) -> Answer:
    found = {name: made.toArrow().cast(schema) for name, (made, schema) in whole.tables(done, plan).items()}
    for _ in plan.rules:  # parts are judged side by side, all rules of a part together
        tick()
    order = {name: [(column, "ascending") for column in whole.ORDER[name]] for name in found}
    return Answer(**{name: table.sort_by(order[name]) for name, table in found.items()})
