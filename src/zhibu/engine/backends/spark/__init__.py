"""The backend for a cluster: Spark distributes, the engine decides. Serves facts too large for one machine.

Subjects are cut into parts. What belongs to one subject is judged inside tasks by the engine's default backend, part
by part; what spans subjects (roll-ups, ranks, grades) Spark works out over the small results.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhibu.engine.backends.spark import judge, parts, whole
from zhibu.engine.backends.spark.parcels import SQL, frame
from zhibu.engine.backends.spark.session import connected
from zhibu.engine.plan import Answer, Plan


def answer(plan: Plan, tick: Callable[[], None]) -> Answer:
    """Facts go out from this process and tables come back to it; what does not fit here goes by way of large.py."""
    spark = connected()
    count = parts.count(spark, sum(map(len, plan.facts.tables.values())))
    given = frame(spark, parts.parcels(plan, count)).repartitionById(count, "part")
    done = given.mapInArrow(judge.judged(parts.emptied(plan)), SQL).persist()
    try:
        return _taken(done, plan, tick)
    finally:
        done.unpersist()


def _taken(done: Any, plan: Plan, tick: Callable[[], None]) -> Answer:
    found = {name: made.toArrow().cast(schema) for name, (made, schema) in whole.tables(done, plan).items()}
    for _ in plan.rules:  # parts are judged side by side, all rules of a part together
        tick()
    order = {name: [(column, "ascending") for column in whole.ORDER[name]] for name in found}
    return Answer(**{name: table.sort_by(order[name]) for name, table in found.items()})
