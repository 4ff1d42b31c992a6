"""A made-up town of a hundred organisations, as the generator writes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def generate(folder: Path, *words: str) -> Path:
    command = [sys.executable, str(BENCHMARKS / "generate.py"), "town", str(folder), *words]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("facts") / "town")
