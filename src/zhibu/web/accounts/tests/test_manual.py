"""The table in the manual and the settings say the same."""

from __future__ import annotations

import re
from pathlib import Path

from zhibu.web.config import settings as real

MANUAL = Path(__file__).resolve().parents[5] / "docs/manual/accounts.md"


def test_the_limits_of_the_manual_are_those_of_the_settings() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| `(\d+/\d+[smhd])` \|$", MANUAL.read_text("utf-8"), re.MULTILINE)
    assert dict(rows) == real.LIMITS
