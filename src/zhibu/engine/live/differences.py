"""Verdicts before and after, side by side and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from zhibu.engine.live.change import NONE, Counts
from zhibu.engine.results import STATUSES
from zhibu.engine.verdict import Verdict


def paired(gone: Iterable[Verdict], new: Iterable[Verdict]) -> tuple[tuple[Verdict | None, Verdict | None], ...]:
    """Those of the same subject, rule and period side by side."""
    before, after = (_by_order(side) for side in (gone, new))
    return tuple((before.get(key), after.get(key)) for key in sorted(before | after))


def differing(old: Iterable[Verdict], new: Iterable[Verdict]) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    """Both without those that are on the two sides."""
    before, after = (_by_order(side) for side in (old, new))
    same = {key for key, one in before.items() if one == after.get(key)}
    gone, come = (tuple([one for key, one in side.items() if key not in same]) for side in (before, after))
    return gone, come


def _by_order(verdicts: Iterable[Verdict]) -> dict[Any, Verdict]:
    return {ORDER(one): one for one in verdicts}


ORDER = attrgetter("subject", "subject_id", "rulebook", "rule", "starts_on", "ends_on")  # Verdict.order
PLACES = {status: place for place, status in enumerate(STATUSES)}
BY_RULE, STATUS = attrgetter("rulebook", "rule"), attrgetter("status")


def deltas(
    gone: Iterable[Any],
    new: Iterable[Any],
    cell: Callable[[Any], Any] = BY_RULE,
    status: Callable[[Any], str] = STATUS,
) -> dict[Any, Counts]:
    """By cell (default: by rule), how many verdicts of each status there are more or, below zero, fewer."""
    found: dict[Any, list[int]] = {}
    for verdicts, sign in ((new, 1), (gone, -1)):
        for one in verdicts:
            found.setdefault(cell(one), list(NONE))[PLACES[status(one)]] += sign
    return {one: tuple(counts) for one, counts in found.items() if any(counts)}
