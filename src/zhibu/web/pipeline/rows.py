"""Engine tables → rows of ours. Names and meanings stay those of engine.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from zhibu.engine.results import STATUSES
from zhibu.web.assessment.ties import cents
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
UNIT_VERDICT_KEY = ("unit_id", "rulebook", "rule", "period")
UNIT_VERDICT_VALUES = ("strength", "ends_on", "deadline", "status", "reason")

NO_DIMENSIONS = {"org_id", "peer_group", "bonus", "deduction", "total", "rank", "group_size", "grade"}

Row = dict[str, Any]
Codes = Mapping[str, int]  # organisation code → pk; rows of other organisations are left out


def verdicts(found: Iterable[Row], codes: Codes, year: int) -> Iterator[Row]:
    """Verdicts on organisations; those on people are for the person and the branch and are not kept here.

    Before a year has begun its standing rules are judged on a day of the year before: that is the other year's row.
    """
    for row in found:
        if row["subject"] == "organisation" and row["subject_id"] in codes and row["ends_on"].year == year:
            ours = {name: row[name] for name in _VERDICT}
            ours["organisation_id"], ours["year"] = codes[row["subject_id"]], year
            ours["reason"], ours["evidence"] = row["reason"] or "", row["evidence"] or []
            yield ours


_VERDICT = (*VERDICT_KEY[1:], *VERDICT_VALUES)


def unit_verdicts(found: Iterable[Row], year: int) -> Iterator[Row]:
    """Verdicts on units, by the key of `units.key`."""
    for row in found:
        if row["subject"] == "unit" and row["ends_on"].year == year:
            ours = {name: row[name] for name in (*UNIT_VERDICT_KEY[1:], *UNIT_VERDICT_VALUES)}
            yield ours | {"unit_id": int(row["subject_id"][1:]), "year": year, "reason": row["reason"] or ""}


def tallies(found: Iterable[Row], paths: Mapping[int, str], year: int) -> Iterator[Row]:
    """Roll-ups by rule and period: every verdict counts for its organisation and for each of its superiors."""
    by_path = {path: pk for pk, path in paths.items()}
    counts: dict[tuple, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATUSES, 0))
    for row in found:
        path, cell = paths[row["organisation_id"]], _cell(row)
        for above in (*tree.ancestor_paths(path), path):
            counts[by_path[above], *cell][row["status"]] += 1
    for cell, numbers in counts.items():
        yield dict(zip(CELL, cell, strict=True)) | {"year": year} | numbers


CELL = (*TALLY_KEY, "ends_on")
_cell = itemgetter(*CELL[1:])


def scores(found: Iterable[Row], codes: Codes, year: int) -> Iterator[Row]:
    for row in _ours(found, codes):
        yield {
            "organisation_id": codes[row["org_id"]],
            "year": year,
            "peer_group": row["peer_group"] or "",
            "dimensions": {name: value for name, value in row.items() if name not in NO_DIMENSIONS},
            **{name: row[name] for name in ("bonus", "deduction", "total")},
        }


def ties(come: Iterable[Row], gone: Iterable[Row] = ()) -> Iterator[Row]:
    """How many scores more (or fewer) stand at each total of each group."""
    counts = Counter((one["year"], one["peer_group"], cents(one["total"])) for one in come)
    counts.subtract((one["year"], one["peer_group"], cents(one["total"])) for one in gone)
    return (dict(zip(TIE_KEY, key, strict=True)) | {"count": count} for key, count in counts.items() if count)


def proposals(found: Iterable[Row], codes: Codes, year: int) -> Iterator[Row]:
    for row in _ours(found, codes):
        named = {name: row[name] for name in ("rulebook", "rule", "run", "step", "since")}
        yield {"organisation_id": codes[row["org_id"]], "year": year} | named


def _ours(found: Iterable[Row], codes: Codes) -> Iterator[Row]:
    return (row for row in found if row["org_id"] in codes)
