"""The table of uploads (`uploads.yaml`), for those who check: no Django here, the children that decode read it too."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
MB = 1 << 20


@cache
def most(upload: str) -> int:
    """Bytes of all files of one request to a page that takes `upload`."""
    table = TABLE[upload]
    return int(table["files"] * max(kind["file_mb"] for kind in table["types"].values()) * MB)
