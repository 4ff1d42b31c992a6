"""Engine tables → model instances. Names and meanings stay those of engine.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhibu.engine.results import STATUSES
from zhibu.web.assessment.models import Proposal, Score, Tie
from zhibu.web.assessment.ties import cents
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.organisations import tree

VERDICT_KEY = ("organisation_id", "rulebook", "rule", "period")
VERDICT_VALUES = (
    "strength", "starts_on", "ends_on", "deadline", "status", "need", "timely", "total", "points", "max_points",
    "evidence", "reason", "provisional",
)  # fmt: skip
TALLY_KEY = VERDICT_KEY
TALLY_VALUES = ("ends_on", *STATUSES)
SCORE_KEY = ("organisation_id", "year")
SCORE_VALUES = ("peer_group", "dimensions", "bonus", "deduction", "total")
TIE_KEY = ("year", "peer_group", "cents")
PROPOSAL_KEY = ("organisation_id", "year", "rulebook", "rule")
PROPOSAL_VALUES = ("run", "step", "since")

NO_DIMENSIONS = {"org_id", "peer_group", "bonus", "deduction", "total", "rank", "group_size", "grade"}

Row = Mapping[str, Any]
Codes = Mapping[str, int]  # organisation code → pk; rows of other organisations are left out


def verdicts(found: Iterable[Row], codes: Codes, year: int) -> Iterator[Verdict]:
    """Verdicts on organisations; those on people are for the person and the branch and are not kept here.

    Before a year has begun its standing rules are judged on a day of the year before: that is the other year's row.
    """
    for row in found:
        ours = row["subject"] == "organisation" and row["subject_id"] in codes
        if ours and row["ends_on"].year == year:
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


def scores(found: Iterable[Row], codes: Codes, year: int) -> Iterator[Score]:
    for row in _ours(found, codes):
        yield Score(
            organisation_id=codes[row["org_id"]],
            year=year,
            peer_group=row["peer_group"] or "",
            dimensions={name: value for name, value in row.items() if name not in NO_DIMENSIONS},
            **{name: row[name] for name in ("bonus", "deduction", "total")},
        )


def ties(found: Iterable[Score]) -> Iterator[Tie]:
    """How many of the scores stand at each total of each group."""
    counts = Counter((one.year, one.peer_group, cents(one.total)) for one in found)
    for key, count in counts.items():
        yield Tie(count=count, **dict(zip(TIE_KEY, key, strict=True)))


def proposals(found: Iterable[Row], codes: Codes, year: int) -> Iterator[Proposal]:
    for row in _ours(found, codes):
        yield Proposal(
            organisation_id=codes[row["org_id"]],
            year=year,
            **{name: row[name] for name in ("rulebook", "rule", "run", "step", "since")},
        )


def _ours(found: Iterable[Row], codes: Codes) -> Iterator[Row]:
    return (row for row in found if row["org_id"] in codes)
