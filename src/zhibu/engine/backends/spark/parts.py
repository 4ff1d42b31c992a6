"""Facts and tree cut into parts, on the driver. Serves speed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.backends.spark.parcels import Places, addressed, packed, place, shared
from zhibu.engine.facts import ROW, SHAPES
from zhibu.engine.facts.cells import plain
from zhibu.engine.plan import Plan
from zhibu.engine.uses import of_rule

TREE = "tree"
ROWS = 200_000  # of facts in a part: some seconds of one core, some hundred MB


def count(spark: Any, rows: int) -> int:
    """How many parts: enough for every core, none too large for one. What Spark sums up it cuts into as many."""
    found = int(max(spark.sparkContext.defaultParallelism, -(-rows // ROWS)))
    spark.conf.set("spark.sql.shuffle.partitions", found)
    return found


def parcels(plan: Plan, parts: int, tables: Iterable[str] = SHAPES) -> Iterator[dict[str, Any]]:
    """The plan's facts and tree, addressed to the parts."""
    for table in tables:
        for part, rows in addressed(table, read(plan, table), parts):
            yield from packed(part, table, rows)
    yield from tree(plan, parts)


def tree(plan: Plan, parts: int) -> Iterator[dict[str, Any]]:
    """To each part its organisations and all that stand above them: enough to carry its verdicts upwards."""
    for part, rows in shared(_chains(plan.tree, parts), plan.tree):
        yield from packed(part, TREE, rows)


def read(plan: Plan, table: str) -> pa.Table:
    """The columns that rules read."""
    used = {use.column for bound in plan.rules for use in of_rule(bound.rule) if use.table == table}
    fixed = {column.name for column in SHAPES[table].columns} | {ROW}
    rows = plan.facts[table]
    return rows.select([name for name in rows.column_names if name in fixed | used])


def emptied(plan: Plan) -> Plan:
    """The plan without its facts, as it travels to the tasks; the tables keep their columns and types."""
    tables = {table: read(plan, table).schema.empty_table() for table in SHAPES}
    facts = replace(plan.facts, tables=tables, files={}, rejected=())
    return replace(plan, facts=facts, tree=plan.tree.schema.empty_table())


def _chains(rows: pa.Table, parts: int) -> Places:
    """part × len(rows) + row for every organisation of a part and every one above it, sorted."""
    count = len(rows)
    above = pc.fill_null(pc.index_in(rows["parent_id"], plain(rows["org_id"])), -1).to_numpy().astype(np.int64)
    found = level = np.unique(place(rows["org_id"], parts) * count + np.arange(count))
    while len(level):
        part, at = np.divmod(level, count)
        at = above[at]
        level = np.setdiff1d(part[at >= 0] * count + at[at >= 0], found)
        found = np.union1d(found, level)
    return found
