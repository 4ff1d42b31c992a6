"""A Spark cluster on this machine: a master and two workers of one core each, for as long as the block lasts."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PORT = 17077
MASTER = f"spark://127.0.0.1:{PORT}"


def installed() -> bool:
    return find_spec("pyspark") is not None and bool(os.environ.get("JAVA_HOME") or shutil.which("java"))


@contextmanager
def running(folder: Path, memory: str = "6g") -> Iterator[list[int]]:
    """Yields the process ids of its three parts; ends them afterwards."""
    spec = find_spec("pyspark")
    assert spec is not None and spec.origin is not None
    home = Path(spec.origin).parent
    env = os.environ | {"SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    launch = [str(home / "bin" / "spark-class"), "org.apache.spark.deploy"]
    master = ["master.Master", "--host", "127.0.0.1", "--port", str(PORT), "--webui-port", "0"]
    worker = ["worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", memory]
    parts = []
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for nth, words in enumerate((master, [*worker, MASTER], [*worker, MASTER])):
            with (folder / f"{nth}.log").open("w") as log:
                command = [launch[0], f"{launch[1]}.{words[0]}", *words[1:]]
                parts.append(subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log))
            _wait(folder / f"{nth}.log", "I have been elected leader" if nth == 0 else "Successfully registered")
        yield [part.pid for part in parts]
    finally:
        for part in reversed(parts):
            part.terminate()
            part.wait(30)


def _wait(log: Path, words: str) -> None:
    for _ in range(600):
        if words in log.read_text():
            return
        time.sleep(0.1)
    raise TimeoutError(f"{log}: {words}")


def free() -> bool:
    """Nobody else listens where the master would."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", PORT)) != 0
