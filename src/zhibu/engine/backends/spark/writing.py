"""Results onto storage: a folder of Parquet files for every table, sorted through all of them; run.json at last."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from zhibu.engine.backends.spark import whole
from zhibu.engine.backends.spark.shelf import Shelf
from zhibu.engine.evaluate import rejected_table
from zhibu.engine.facts import Facts, Rejected
from zhibu.engine.output import TABLES
from zhibu.engine.plan import Plan
from zhibu.engine.results import REJECTED

PARCELS = 10  # of results in a file: up to a million rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written: rows by table, and the refused rows themselves."""

    rows: dict[str, int]
    rejected: pa.Table


def write(
    shelf: Shelf, done: Any, plan: Plan, lost: Facts, meta: dict[str, Any], seconds: Callable[[], float]
) -> Outcome:
    """`lost`: with the rows refused before the parts were judged. A failure on the way leaves the shelf as it was."""
    rejected = _rejected(done, lost)
    draft = shelf.draft()
    try:
        rows = {name: _table(draft, name, found, done) for name, (found, _) in whole.tables(done, plan).items()}
        rows["rejected"] = _save(draft, "rejected", done.sparkSession.createDataFrame(rejected).coalesce(1))
        run = meta | {"rows": rows, "seconds": round(seconds(), 3)}
        draft.write("run.json", json.dumps(run, ensure_ascii=False, indent=2) + "\n")
        shelf.take(draft, [*(f"{name}.parquet" for name in TABLES), "run.json"])
    finally:
        draft.remove()
    return Outcome(rows, rejected)


def _rejected(done: Any, lost: Facts) -> pa.Table:
    """An event of three subjects may have been refused in three parts."""
    found = whole.rows(done, "rejected", REJECTED).distinct().toArrow().to_pylist()
    return rejected_table(replace(lost, rejected=(*lost.rejected, *(Rejected(**row) for row in found))))


def _table(draft: Shelf, name: str, found: Any, done: Any) -> int:
    parcels = done.where(f"`table` = '{name}'").count()
    order = whole.ORDER[name]
    return _save(
        draft, name, found.repartitionByRange(-(-parcels // PARCELS) or 1, *order).sortWithinPartitions(*order)
    )


def _save(draft: Shelf, name: str, found: Any) -> int:
    """Rows written."""
    path = draft.at(f"{name}.parquet")
    found.write.option("compression", "zstd").parquet(path)
    return int(found.sparkSession.read.schema(found.schema).parquet(path).count())
