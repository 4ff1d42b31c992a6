"""The Spark session: where the cluster is, and the settings that keep the answer the same everywhere."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from zhibu.engine.errors import Unavailable

MASTER = "ZHIBU_SPARK_MASTER"

SETTINGS = {
    "spark.sql.caseSensitive": "true",  # a file may have columns A and a
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "false",  # a part is a partition, and stays one
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
DEFAULTS = {
    "spark.app.name": "zhibu",
    "spark.master": "local[*]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@contextmanager
def running() -> Iterator[Any]:
    """The session, ended afterwards if it was not there before. What goes wrong on the cluster is told as such."""
    there = _module().SparkSession.getActiveSession() is not None
    spark = connected()
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield spark
    except (PySparkException, Py4JError) as error:
        raise Unavailable(f"集群上的计算没有完成，什么都没有写出：{brief(error)}") from error
    finally:
        if not there:
            spark.stop()


def connected() -> Any:
    """The running session, or a new one at ZHIBU_SPARK_MASTER (default: this machine).

    What spark-submit, spark-defaults.conf or PYSPARK_SUBMIT_ARGS say goes before our defaults. Raises Unavailable.
    """
    sql = _module()
    return sql.SparkSession.getActiveSession() or _started(sql)


def brief(error: Exception) -> str:
    """The line of what Java said that tells."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if "[" in line), lines[0] if lines else "")[:300]


def _module() -> Any:
    if missing := [name for name in ("pyspark", "pandas") if not find_spec(name)]:
        wrong = f"后端 spark 还不能用：缺少模块 {'、'.join(missing)}"
        raise Unavailable(f"{wrong}。请运行 make setup-spark，或 pip install 'zhibu[spark]'")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        right = "请安装 Java 17 或更新的版本（Debian：apt install openjdk-17-jre-headless），或设 JAVA_HOME"
        raise Unavailable(f"后端 spark 还不能用：找不到 java。{right}")
    from pyspark import sql

    return sql


def _started(sql: Any) -> Any:
    # Without this, workers take whatever `python3` is on their path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from py4j.protocol import Py4JError
    from pyspark import SparkConf
    from pyspark.errors import PySparkException

    try:
        conf = SparkConf()
        if os.environ.get(MASTER):
            conf.set("spark.master", os.environ[MASTER])
        for key, value in (DEFAULTS | _loopback(conf.get("spark.master", "local"))).items():
            conf.setIfMissing(key, value)
        conf.setAll(list(SETTINGS.items()))
        return sql.SparkSession.builder.config(conf=conf).getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise Unavailable(f"Spark 起不来，请检查 {MASTER} 和 Java 的版本（17 或更新）：{brief(error)}") from error


def _loopback(master: str) -> dict[str, str]:
    """On one machine, its network name need not mean anything."""
    alone = master.startswith(("local", "spark://127.0.0.1", "spark://localhost"))
    return dict.fromkeys(("spark.driver.host", "spark.driver.bindAddress"), "127.0.0.1") if alone else {}
