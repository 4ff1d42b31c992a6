"""Results onto storage: a folder of Parquet files for every table, sorted through all of them; run.json at last."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from zhibu.engine.backends.spark import whole
from zhibu.engine.backends.spark.parcels import handed
from zhibu.engine.backends.spark.shelf import Shelf
from zhibu.engine.facts.rejections import Rejections
from zhibu.engine.output import TABLES
from zhibu.engine.plan import Plan
from zhibu.engine.results import REJECTED

PARCELS = 10  # of results in a file: up to a million rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written: rows by table, and the refused rows themselves."""

    rows: dict[str, int]
    rejected: Rejections


def write(
    shelf: Shelf, done: Any, plan: Plan, lost: Rejections, meta: dict[str, Any], seconds: Callable[[], float]
) -> Outcome:
    """`lost`: the rows refused before the parts were judged. A failure on the way leaves the shelf as it was."""
    rejected = (lost + whole.rejections(done)).ordered()
    draft = shelf.draft()
    try:
        parcels = {row["table"]: row["count"] for row in done.groupBy("table").count().collect()}
        for name, (found, _) in whole.tables(done, plan).items():
            _save(draft, name, _sorted(name, found, -(-parcels.get(name, 0) // PARCELS)))
        _save(draft, "rejected", handed(done.sparkSession, rejected.plain(REJECTED)).coalesce(1))
        rows = _counted(done.sparkSession, draft)
        run = meta | {"rows": rows, "seconds": round(seconds(), 3)}
        draft.write("run.json", json.dumps(run, ensure_ascii=False, indent=2) + "\n")
        shelf.take(draft, [*(f"{name}.parquet" for name in TABLES), "run.json"])
    finally:
        draft.remove()
    return Outcome(rows, rejected)


def _sorted(name: str, found: Any, files: int) -> Any:
    """File by file in the order of the table. Only for several must Spark look first where to cut."""
    order = whole.ORDER[name]
    cut = found.repartitionByRange(files, *order) if files > 1 else found.repartition(1)
    return cut.sortWithinPartitions(*order)


def _save(draft: Shelf, name: str, found: Any) -> None:
    found.write.option("compression", "zstd").parquet(draft.at(f"{name}.parquet"))


def _counted(spark: Any, draft: Shelf) -> dict[str, int]:
    from pyspark.sql import functions

    written = [
        spark.read.parquet(draft.at(f"{name}.parquet")).select(functions.lit(name).alias("table")) for name in TABLES
    ]
    counts = {
        row["table"]: row["count"]
        for row in reduce(lambda a, b: a.union(b), written).groupBy("table").count().collect()
    }
    return {name: counts.get(name, 0) for name in TABLES}
