"""Whether a kind of hint is on: what was last measured of its method, as data. Below 95 % precision it is off."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from zhibu.web.hints import photos, similarity
from zhibu.web.hints.models import Hint

FOLDER = Path(__file__).parent / "data"
LEAST = 0.95  # of the hints, the share that is right
METHODS = {Hint.Kind.TEXT: similarity.METHOD, Hint.Kind.PHOTO: photos.METHOD}  # the others are plain facts


def measured(kind: str) -> dict[str, Any]:
    """The last measurement (`benchmarks/near_duplicates.py`, `same_photo.py`); empty when there is none to read."""
    return _read(FOLDER / f"{kind}.json")


@cache
def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text("utf-8"))
        return told | {"measured_on": date.fromisoformat(told["measured_on"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def is_on(kind: str) -> bool:
    """A measurement of another method than the present one is none."""
    if kind not in METHODS:
        return True
    told = measured(kind)
    return told.get("method") == METHODS[Hint.Kind(kind)] and told.get("precision", 0) >= LEAST


def off() -> list[str]:
    return [kind for kind in Hint.Kind.values if not is_on(kind)]
