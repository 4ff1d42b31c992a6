"""Generated rulebooks and facts on the cluster: the same tables as the reference, row for row.

ZHIBU_SPARK_CASES=300 pytest tests/spark        more cases (12 when not set); make test-spark CASES=300
ZHIBU_FIRST_CASE=1234 ZHIBU_SPARK_CASES=1 …     one case again
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.generative.test_backends_agree import TABLES, _table
from tests.generative.world import Case, _files, case
from zhibu.engine import scheme as schemes
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.facts.load import read
from zhibu.engine.rulebooks.load import load

FIRST, CASES = int(os.environ.get("ZHIBU_FIRST_CASE", "1")), int(os.environ.get("ZHIBU_SPARK_CASES", "12"))
STORED = -(-CASES // 3)  # an evaluation on storage takes several times as long

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("seed", range(FIRST, FIRST + CASES))
def test_from_memory(seed: int, spark: Any) -> None:
    assert spark.sparkContext.master.startswith("spark://127.0.0.1:")
    reference, found = case(seed).answers(("memory", "spark"))
    if isinstance(reference, str) or isinstance(found, str):
        assert found == reference
        return
    for name in TABLES:
        assert _table(found, name) == _table(reference, name), name


@pytest.mark.parametrize("seed", range(FIRST, FIRST + STORED))
def test_on_storage(seed: int, spark: Any, tmp_path: Path) -> None:
    one = case(f"stored {seed}")
    facts = stored(one, tmp_path / "facts")
    reference, found = here(one, facts), there(one, facts, tmp_path / "out", spark)
    if isinstance(reference, str) or isinstance(found, str):
        assert found == reference
        return
    for name in TABLES:
        assert found[name].equals(getattr(reference, name)), name


def stored(one: Case, folder: Path) -> Path:
    """The facts as Parquet: one file a table, but events in three of different lengths."""
    folder.mkdir()
    for name, table in one.tables().items():
        if name == "events":
            (folder / name).mkdir()
            for place, (start, end) in enumerate([(0, 1), (1, len(table) // 2), (len(table) // 2, len(table))]):
                pq.write_table(table.slice(start, max(0, end - start)), folder / name / f"{place}.parquet")
        else:
            pq.write_table(table, folder / f"{name}.parquet")
    return folder


def here(one: Case, facts: Path) -> Evaluation | str:
    books, scheme = texts(one)
    try:
        return evaluate(
            books, read(facts), one.window, one.as_of, scheme=scheme, backend="memory", holidays=one.holidays
        )
    except EngineError as error:
        return str(error)


def there(one: Case, facts: Path, out: Path, spark: Any) -> dict[str, pa.Table] | str:
    from zhibu.engine.backends.spark import intake, large

    books, scheme = texts(one)
    question = large.Question(books, one.window, one.as_of, scheme, "all", one.holidays)
    try:
        large.evaluate(intake.open_facts(spark, str(facts)), question, str(out), lambda: 0.0)
    except EngineError as error:
        assert not out.exists() or not list(out.iterdir())
        return str(error)
    return {name: pq.read_table(out / f"{name}.parquet") for name in TABLES}


def texts(one: Case) -> tuple[Any, Any]:
    with _files([*one.rulebooks, one.scheme]) as paths:
        return load(paths[:-1]), schemes.read(paths[-1])
