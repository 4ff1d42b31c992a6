"""Escalation: how many times in a row an organisation missed a rule, and the step that proposes. Serves the meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from zhibu.engine.plan import Plan
from zhibu.engine.results import ESCALATIONS
from zhibu.engine.scheme import Escalation
from zhibu.engine.verdict import CONCLUDED, Verdict


def table(plan: Plan, verdicts: Iterable[Verdict]) -> pa.Table:
    """One row per organisation and rule whose latest run of missed verdicts reaches a step."""
    ladder = plan.scheme.escalation if plan.scheme else None
    if ladder is None:
        return ESCALATIONS.empty_table()
    own = defaultdict(list)
    for one in verdicts:
        if one.subject == "organisation" and one.status in CONCLUDED and watched(ladder, one.rulebook, one.rule):
            own[one.subject_id, one.rulebook, one.rule].append(one)
    rows = [row for key in sorted(own) if (row := proposal(ladder, key, own[key]))]
    return pa.Table.from_pylist(rows, schema=ESCALATIONS)


def watched(ladder: Escalation, rulebook: str, rule: str) -> bool:
    return any(pattern.fits(rulebook, rule) for pattern in ladder.rules)


def run(concluded: Iterable[Verdict]) -> list[Verdict]:
    """The missed verdicts in a row that end at the latest one, latest first (by last day, then first day)."""
    found = []
    for one in sorted(concluded, key=lambda verdict: (verdict.ends_on, verdict.starts_on), reverse=True):
        if one.status != "missed":
            break
        found.append(one)
    return found


def proposal(ladder: Escalation, key: tuple[str, str, str], verdicts: Iterable[Verdict]) -> dict[str, Any] | None:
    """The row of one organisation and rule (`key`) from its verdicts; None when they reach no step."""
    missed = run(one for one in verdicts if one.status in CONCLUDED)
    return proposed(ladder, key, len(missed), missed[-1].starts_on) if missed else None


def proposed(ladder: Escalation, key: tuple[str, str, str], length: int, since: date) -> dict[str, Any] | None:
    """The same from the length of the run and the first day of its first period."""
    steps = [name for least, name in ladder.steps if least <= length]
    if not steps:
        return None
    named = dict(zip(("org_id", "rulebook", "rule"), key, strict=True))
    return named | {"run": length, "step": steps[-1], "since": since}
