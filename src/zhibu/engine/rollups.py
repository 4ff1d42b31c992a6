"""Roll-ups: the verdicts of an organisation and of all under it, counted by status. Serves the meaning."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from zhibu.engine.plan import Plan
from zhibu.engine.results import ROLLUPS, STATUSES
from zhibu.engine.verdict import Verdict

DUE = ("met", "late", "missed", "open", "upcoming")
Key = tuple[str, str, str]  # org_id, rulebook, rule


def table(plan: Plan, verdicts: Iterable[Verdict]) -> pa.Table:
    """One row per organisation and rule with a verdict in its subtree, by the tree of the evaluation day."""
    parents = dict(zip(*(plan.tree[name].to_pylist() for name in ("org_id", "parent_id")), strict=True))
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        if verdict.subject == "organisation":
            for org in upward(parents, verdict.subject_id):
                counts[org, verdict.rulebook, verdict.rule][verdict.status] += 1
    return pa.Table.from_pylist([row(key, counts[key]) for key in sorted(counts)], schema=ROLLUPS)


def upward(parents: Mapping[str, str | None], org: str) -> Iterator[str]:
    """The organisation and all above it; one that is not in the tree stands alone."""
    here: str | None = org
    while here is not None:
        yield here
        here = parents.get(here)


def row(key: Key, count: Mapping[str, int]) -> dict[str, Any]:
    """The row of ROLLUPS from the number of verdicts of each status."""
    concluded = count["met"] + count["late"] + count["missed"]
    named = dict(zip(("org_id", "rulebook", "rule"), key, strict=True))
    numbers = {status: count[status] for status in STATUSES}
    rate = (count["met"] + count["late"]) / concluded if concluded else None
    return named | numbers | {"due": sum(count[status] for status in DUE), "rate": rate}
