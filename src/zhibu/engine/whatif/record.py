"""A comparison as plain data: for run.json, for --json, for a page. Serves machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zhibu.engine.phrases import Words
from zhibu.engine.whatif.comparison import Comparison
from zhibu.engine.whatif.movers import Mover, falling, rising
from zhibu.engine.whatif.sides import Side
from zhibu.engine.whatif.summary import summary
from zhibu.engine.whatif.words import because, changes


def record(found: Comparison, top: int, words: Words) -> dict[str, Any]:
    """Both sides by hash, the summary, and the `top` of those that fall and rise, each with its reasons."""
    plan = found.plans[0]
    return {
        "before": _side(found.sides[0]),
        "after": _side(found.sides[1]),
        "window": [str(day) for day in plan.window],
        "as_of": str(plan.as_of),
        "tried": list(found.sides[1].tried),
        "changes": [asdict(one) for one in changes(found, words)],
        "summary": asdict(summary(found)),
        "falling": [_mover(found, one) for one in falling(found).page(0, top)],
        "rising": [_mover(found, one) for one in rising(found).page(0, top)],
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "rulebooks": [{"id": book.id, "from": str(book.since), "sha256": book.digest} for book in side.rulebooks],
        "scheme": {"id": side.scheme.id, "sha256": side.scheme.digest},
    }


def _mover(found: Comparison, one: Mover) -> dict[str, Any]:
    told = asdict(one)
    for reason, text in zip(told["reasons"], one.reasons, strict=True):
        reason["text"] = because(found, text)
    return told
