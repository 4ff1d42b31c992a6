"""A real standalone cluster on loopback: a master and workers, each a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

DEPLOY = "org.apache.spark.deploy"
PATIENCE = 120  # seconds until a process must have said that it is up

# The processes end with us, however we end: their input closes then.
WATCHED = ["sh", "-c", '"$@" & cat >/dev/null; kill $!', "sh"]


def home() -> Path:
    """The Spark that comes with pyspark."""
    found = find_spec("pyspark")
    assert found and found.origin
    return Path(found.origin).parent


class Cluster:
    def __init__(self, folder: Path, workers: int = 2):
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        log = self._start("master", "master.Master", "--port", "0")
        self.address = self._said(log, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> None:
        name = f"worker{len(self._started)}"
        size = ("--cores", "1", "--memory", "1g", "--work-dir", str(self._folder / name))
        log = self._start(name, "worker.Worker", *size, self.address)
        self._said(log, r"Successfully registered with master (\S+)")

    def kill_worker(self) -> None:
        """The oldest worker still running and its executors, at once and without a word."""
        victim = next(one for one in self._started[1:] if one.poll() is None)
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()

    def stop(self) -> None:
        for process in self._started:
            if process.stdin:
                process.stdin.close()
        for process in self._started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, name: str, main: str, *arguments: str) -> Path:
        command = [str(home() / "bin" / "spark-class"), f"{DEPLOY}.{main}", "--host", "127.0.0.1", "--webui-port", "0"]
        env = os.environ | {"SPARK_HOME": str(home()), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "300m"}
        log = self._folder / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*WATCHED, *command, *arguments],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
        self._started.append(process)
        return log

    def _said(self, log: Path, pattern: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := re.search(pattern, log.read_text(errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise TimeoutError(f"{log.name} never said {pattern}:\n{log.read_text(errors='replace')[-2000:]}")
