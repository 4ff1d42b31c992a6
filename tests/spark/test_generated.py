"""Generated rulebooks and facts on the cluster: the same tables as the reference, row for row.

ZHIBU_SPARK_CASES=300 pytest tests/spark        more cases (20 when not set); make test-spark CASES=300
ZHIBU_FIRST_CASE=1234 ZHIBU_SPARK_CASES=1 …     one case again
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.generative.test_backends_agree import TABLES, _table
from tests.generative.world import case

FIRST, CASES = int(os.environ.get("ZHIBU_FIRST_CASE", "0")), int(os.environ.get("ZHIBU_SPARK_CASES", "20"))

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("seed", range(FIRST, FIRST + CASES))
def test_generated(seed: int, spark: Any) -> None:
    assert spark.sparkContext.master.startswith("spark://127.0.0.1:")
    reference, found = case(seed).answers(("memory", "spark"))
    if isinstance(reference, str) or isinstance(found, str):
        assert found == reference
        return
    for name in TABLES:
        assert _table(found, name) == _table(reference, name), name
