"""What spans the parts: roll-ups, and ranks and grades within peer groups, by Spark over the results of the parts.

Scores and roll-ups of a part are right but for the rest of the country: a total needs nobody else, the counts of a
subtree are the sum of what its parts count, rank and grade need everybody's totals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from zhibu.engine.backends.spark import upward
from zhibu.engine.backends.spark.parcels import opened
from zhibu.engine.facts.rejections import KEPT, Rejections
from zhibu.engine.plan import Plan
from zhibu.engine.results import ESCALATIONS, REJECTED, ROLLUPS, VERDICTS, scores_schema
from zhibu.engine.scheme import GradeStep
from zhibu.engine.scores import graded_ties

KINDS = {
    pa.string(): "string",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.bool_(): "boolean",
    pa.list_(pa.string()): "array<string>",
}
PLACES = pa.schema(
    [("peer_group", pa.string()), ("total", pa.float64())]
    + [("rank", pa.int64()), ("group_size", pa.int64()), ("grade", pa.string())]
)


ORDER = {
    "verdicts": ("subject", "subject_id", "rulebook", "rule", "starts_on", "ends_on"),
    "scores": ("org_id",),
    "rollups": ("org_id", "rulebook", "rule"),
    "escalations": ("org_id", "rulebook", "rule"),
}


def tables(results: Any, plan: Plan) -> dict[str, tuple[Any, pa.Schema]]:
    """The four tables of an answer with their schemas, in no order."""
    return {
        "verdicts": (rows(results, "verdicts", VERDICTS), VERDICTS),
        "scores": (scores(results, plan), scores_schema(_dimensions(plan))),
        "rollups": (rollups(results), ROLLUPS),
        "escalations": (rows(results, "escalations", ESCALATIONS), ESCALATIONS),
    }


def rollups(results: Any) -> Any:
    """An organisation's counts, added up over the parts its subtree is spread over."""
    from pyspark.sql import functions

    counts = rows(results, "rollups", upward.SCHEMA).groupBy(*upward.KEYS)
    summed = counts.agg(*(functions.sum(name).alias(name) for name in upward.COUNTS))
    done = functions.col("met") + functions.col("late")
    concluded = done + functions.col("missed")
    return summed.withColumn("rate", functions.when(concluded > 0, done / concluded))


def scores(results: Any, plan: Plan) -> Any:
    """Rank and grade follow from how often each total occurs in a group, and that is a small table."""
    from pyspark.sql import functions

    own = rows(results, "scores", score_columns(plan)).drop(*PLACES.names[2:])
    ties = own.groupBy("peer_group", "total").agg(functions.count("*").alias("size"))
    steps = plan.scheme.grades if plan.scheme else ()
    places = ties.groupBy("peer_group").applyInArrow(placed(steps), ddl(PLACES)).alias("places")
    same = functions.col("own.peer_group").eqNullSafe(functions.col("places.peer_group")) & (
        functions.col("own.total") == functions.col("places.total")
    )
    found = own.alias("own").join(places, same).drop(functions.col("places.peer_group"), functions.col("places.total"))
    return found.select(*score_columns(plan).names).toDF(*scores_schema(_dimensions(plan)).names)


def score_columns(plan: Plan) -> pa.Schema:
    """Scores on their way: ids of dimensions may hold any character, so their columns are d0, d1, …"""
    return scores_schema([f"d{place}" for place in range(len(_dimensions(plan)))])


def _dimensions(plan: Plan) -> list[str]:
    return [dimension.id for dimension in plan.scheme.dimensions] if plan.scheme else []


def placed(steps: tuple[GradeStep, ...]) -> Callable[[pa.Table], pa.Table]:
    """Rank, size and grade of every total of one peer group."""
    return lambda ties: _placed(ties.sort_by([("total", "descending")]).to_pylist(), steps)


def _placed(ties: list[dict[str, Any]], steps: tuple[GradeStep, ...]) -> pa.Table:
    totals = [(Fraction(Decimal(repr(tie["total"]))), tie["size"]) for tie in ties]
    grades = graded_ties(totals, steps)
    size = sum(number for _, number in totals)
    found, rank = [], 1
    for tie, (total, number) in zip(ties, totals, strict=True):
        found.append({**tie, "rank": rank, "group_size": size, "grade": grades[total]})
        rank += number
    return pa.Table.from_pylist(found, PLACES)


# --- results of the parts as rows ---------------------------------------------------------------------------


def rows(results: Any, table: str, schema: pa.Schema) -> Any:
    """One table of the results, opened: from here on Spark sees columns."""
    from pyspark.sql import functions

    return results.where(functions.col("table") == table).select("rows").mapInArrow(unpacked(schema), ddl(schema))


def unpacked(schema: pa.Schema) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    return lambda batches: _unpacked(schema, batches)


def _unpacked(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for one in batches:
        for parcel in one["rows"]:
            yield from opened(parcel).select(schema.names).to_batches(max_chunksize=10_000)


def ddl(schema: pa.Schema) -> str:
    """A schema as Spark writes it."""
    return ", ".join(f"`{field.name}` {KINDS[field.type]}" for field in schema)


def rejections(results: Any) -> Rejections:
    """Rows refused in the tasks, each once: an event of three subjects may have been refused in three parts."""
    found = rows(results, "rejected", REJECTED).distinct().toArrow()
    return Rejections(found.select(KEPT.names).cast(KEPT))
