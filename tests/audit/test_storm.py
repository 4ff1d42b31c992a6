"""Writers at once, roll-backs, sealers killed: no gap and no fork (A05). More of it by `make security-audit`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITERS = os.environ.get("ZHIBU_WRITERS", "6")


@pytest.mark.slow
def test_no_gap_and_no_fork(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/audit_storm.py", "--writers", WRITERS, "--lines", "15", "--kills", "6"]
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gaps: False" in done.stdout
