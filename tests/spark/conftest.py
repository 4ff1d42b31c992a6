"""One cluster and one session for all tests here.

Without pyspark or Java they are skipped, unless ZHIBU_SPARK=required.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.spark.cluster import Cluster

MISSING = [name for name in ("pyspark", "pandas") if not find_spec(name)]
MISSING += [] if shutil.which("java") or os.environ.get("JAVA_HOME") else ["java"]

# Small partitions for small facts; a driver and two executors beside everything else that runs on the machine.
SUBMIT = """--conf spark.executor.memory=600m --conf spark.executor.cores=1
--conf spark.task.maxFailures=8 --driver-memory 1g pyspark-shell"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if MISSING and os.environ.get("ZHIBU_SPARK") != "required":
        reason = f"needs {', '.join(MISSING)}: make setup-spark"
        for item in items:
            if item.get_closest_marker("spark"):
                item.add_marker(pytest.mark.skip(reason))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    from tests.spark.cluster import Cluster

    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="session")
def spark(cluster: Cluster) -> Iterator[Any]:
    """The session that the backend finds: at the cluster's address, by the same variables a user sets."""
    from zhibu.engine.backends.spark.session import MASTER, connected

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MASTER, cluster.address)
        patch.setenv("PYSPARK_SUBMIT_ARGS", " ".join(SUBMIT.split()))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        found = connected()
        try:
            yield found
        finally:
            found.stop()
            shut_down()


def shut_down() -> None:
    """The driver's Java process, which would otherwise live as long as the tests."""
    from pyspark import SparkContext

    if gateway := SparkContext._gateway:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(20)
        SparkContext._gateway = SparkContext._jvm = None
