"""A city of ten thousand organisations on the cluster, also when a worker is killed on the way."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.generative.test_backends_agree import TABLES
from tests.spark.cluster import Cluster
from zhibu.cli import main

ROOT = Path(__file__).parents[2]
PATIENCE = 600  # seconds

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Facts, rules and scheme of a made-up city, and in `here` what the default backend says of it."""
    folder = tmp_path_factory.mktemp("city") / "facts"
    subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "generate.py", "city", folder], check=True, capture_output=True
    )
    assert pq.read_metadata(folder / "organisations.parquet").num_rows > 10_000
    assert evaluated(folder, "duckdb", folder.parent / "here") == 1
    return folder


def evaluated(folder: Path, backend: str, out: Path) -> int:
    command = ["evaluate", "--rules", str(folder / "rules"), "--facts", str(folder), "--year", "2025"]
    command += ["--as-of", "2026-01-10", "--scheme", str(folder / "scheme.yaml")]
    return main([*command, "--backend", backend, "--out", str(out)])


def assert_same(one: Path, two: Path) -> None:
    for name in TABLES:
        assert pq.read_table(one / f"{name}.parquet").equals(pq.read_table(two / f"{name}.parquet")), name


def test_a_city(city: Path, spark: Any, tmp_path: Path) -> None:
    assert spark.sparkContext.master.startswith("spark://")
    assert evaluated(city, "spark", tmp_path / "there") == 1
    assert_same(city.parent / "here", tmp_path / "there")


def test_a_killed_worker_does_not_change_the_answer(city: Path, spark: Any, cluster: Cluster, tmp_path: Path) -> None:
    """In the midst of it one of two workers goes, with what it had worked out; the other takes over."""
    executors = executor_count(spark)
    killed = threading.Thread(target=kill_in_the_midst, args=(spark, cluster))
    killed.start()
    try:
        assert evaluated(city, "spark", tmp_path / "there") == 1
    finally:
        killed.join()
        cluster.add_worker()
    assert executors == 2 and executor_count(spark) < 2
    assert_same(city.parent / "here", tmp_path / "there")


def executor_count(spark: Any) -> int:
    return len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1  # the driver is one


def kill_in_the_midst(spark: Any, cluster: Cluster) -> None:
    """When the tasks of a stage with several have begun to come back."""
    tracker, deadline = spark.sparkContext.statusTracker(), time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        if any(one and one.numTasks > 1 and one.numCompletedTasks > 0 for one in stages):
            break
        time.sleep(0.02)
    cluster.kill_worker()
