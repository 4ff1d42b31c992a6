"""Engine tables → model instances. Names and meanings stay those of engine.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from zhibu.engine.results import STATUSES
from zhibu.web.assessment.models import Proposal, Score
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.organisations import tree

VERDICT_KEY = ("organisation_id", "rulebook", "rule", "period")
VERDICT_VALUES = (
    "strength", "starts_on", "ends_on", "deadline", "status", "need", "timely", "total", "points", "max_points",
    "evidence", "reason", "provisional",
)  # fmt: skip
TALLY_KEY = VERDICT_KEY
TALLY_VALUES = ("ends_on", *STATUSES)
SCORE_KEY = ("organisation_id",)
SCORE_VALUES = ("peer_group", "dimensions", "bonus", "deduction", "total", "rank", "group_size", "grade")
PROPOSAL_KEY = ("organisation_id", "rulebook", "rule")
PROPOSAL_VALUES = ("run", "step", "since")

Codes = dict[str, int]  # organisation code → pk; rows of other organisations are left out


def verdicts(table: pa.Table, codes: Codes, year: int) -> Iterator[Verdict]:
    """Verdicts on organisations; those on people are for the person and the branch and are not kept here."""
    for row in table.to_pylist():
        if row["subject"] == "organisation" and row["subject_id"] in codes:
            values = {name: row[name] for name in VERDICT_VALUES}
            values["reason"] = row["reason"] or ""
            values["evidence"] = row["evidence"] or []
            yield Verdict(
                organisation_id=codes[row["subject_id"]],
                year=year,
                rulebook=row["rulebook"],
                rule=row["rule"],
                period=row["period"],
                **values,
            )


def tallies(found: Iterable[Verdict], paths: dict[int, str], year: int) -> Iterator[Tally]:
    """Roll-ups by rule and period: every verdict counts for its organisation and for each of its superiors."""
    by_path = {path: pk for pk, path in paths.items()}
    counts: dict[tuple, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATUSES, 0))
    for verdict in found:
        for path in (*tree.ancestor_paths(paths[verdict.organisation_id]), paths[verdict.organisation_id]):
            key = (by_path[path], verdict.rulebook, verdict.rule, verdict.period, verdict.ends_on)
            counts[key][verdict.status] += 1
    for (pk, rulebook, rule, period, ends_on), numbers in counts.items():
        yield Tally(
            organisation_id=pk, year=year, rulebook=rulebook, rule=rule, period=period, ends_on=ends_on, **numbers
        )


def scores(table: pa.Table, codes: Codes, year: int) -> Iterator[Score]:
    fixed = {"org_id", "peer_group", "bonus", "deduction", "total", "rank", "group_size", "grade"}
    dimensions = [name for name in table.column_names if name not in fixed]
    for row in _ours(table, codes):
        yield Score(
            organisation_id=codes[row["org_id"]],
            year=year,
            peer_group=row["peer_group"] or "",
            dimensions={name: row[name] for name in dimensions},
            grade=row["grade"] or "",
            **{name: row[name] for name in ("bonus", "deduction", "total", "rank", "group_size")},
        )


def proposals(table: pa.Table, codes: Codes, year: int) -> Iterator[Proposal]:
    for row in _ours(table, codes):
        yield Proposal(
            organisation_id=codes[row["org_id"]],
            year=year,
            **{name: row[name] for name in ("rulebook", "rule", "run", "step", "since")},
        )


def _ours(table: pa.Table, codes: Codes) -> Iterator[dict[str, Any]]:
    return (row for row in table.to_pylist() if row["org_id"] in codes)
