"""Those we are compared with answer as we do, and what measures them sees what a process does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.conftest import BENCHMARKS

COMMON = """
import sys; from pathlib import Path; import answers
print(answers.restricted(Path(sys.argv[1]), Path(sys.argv[2]), answers.common))
"""
OURS = "import sys, json; from pathlib import Path; import answers; print(json.dumps(answers.ours(Path(sys.argv[1]))))"


def python(*words: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(BENCHMARKS)}
    done = subprocess.run([sys.executable, *words], env=environment, cwd=BENCHMARKS, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def ours(town: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    work = tmp_path_factory.mktemp("ours")
    python("-c", COMMON, str(town), str(work / "rules"))
    words = ["--rules", str(work / "rules"), "--facts", str(town), "--scheme", str(town / "scheme.yaml")]
    words += ["--year", "2025", "--as-of", "2026-01-10", "--verdicts", "none", "--out", str(work / "out")]
    python("-m", "zhibu.cli", "evaluate", *words)
    return json.loads(python("-c", OURS, str(work / "out")))


def test_sqlite_and_django_answer_as_we_do(town: Path, ours: dict[str, int], tmp_path: Path) -> None:
    assert ours["met"] > ours["missed"] > ours["late"] > 0
    database = str(tmp_path / "facts.sqlite")
    python("-m", "peers.sqlite_peer", "load", str(town), database)
    assert json.loads(python("-m", "peers.sqlite_peer", "run", str(town), database)) == ours
    assert json.loads(python("-m", "peers.django_peer", str(town), database)) == ours


def test_measured_with_its_children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import measuring

    child = "x = bytearray(200_000_000)\nfor n in range(10**7): pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    run = measuring.measure([sys.executable, "-c", parent], os.environ, tmp_path, limit=60)
    assert not run.failed and run.peak > 200_000_000 and 0 < run.cpu <= 2 * run.wall


def test_one_that_fails_or_never_ends_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import measuring

    broken = [sys.executable, "-c", "raise SystemExit('no such')"]
    told = measuring.measure(broken, os.environ, tmp_path, limit=60)
    assert (told.failed, told.output) == ("exit 1", "no such\n")
    assert measuring.measure(broken, os.environ, tmp_path, limit=60, fine=(0, 1)).failed == ""
    endless = measuring.measure([sys.executable, "-c", "import time; time.sleep(60)"], os.environ, tmp_path, limit=0.3)
    assert endless.failed == "not done after 0 s"
