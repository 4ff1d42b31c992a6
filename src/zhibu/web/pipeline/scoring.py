"""A published score taken apart: the engine's own object over the kept verdicts, the one `zhibu explain` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from zhibu.engine.live import grades
from zhibu.engine.trace import DimensionShare, NoScoreError, RuleShare, ScoreExplanation, score_lines, shares_of
from zhibu.engine.trace.standing import standing
from zhibu.engine.verdict import Verdict as Exact
from zhibu.web.assessment.models import Adjustment, Score
from zhibu.web.assessment.queries import Standing
from zhibu.web.assessment.ties import cents
from zhibu.web.duties.models import Verdict
from zhibu.web.pipeline.evaluate import window
from zhibu.web.regulations.library import scheme_of
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.models import Scheme as SchemeRow
from zhibu.web.regulations.queries import scheme_for

__all__ = ["DimensionShare", "Exact", "RuleShare", "ScoreExplanation", "grade", "placed", "shares_of", "taken_apart"]

Rules = Mapping[tuple[str, str], Rule]


def taken_apart(
    score: Score, verdicts: Iterable[Verdict], adjustments: Iterable[Adjustment], as_of: date, rules: Rules
) -> ScoreExplanation | None:
    """`score` with all verdicts and adjustments of its organisation and year; None without a scheme."""
    scheme = scheme_for(score.year)
    if scheme is None:
        return None
    titles = {"/".join(name): rule.title for name, rule in rules.items()}
    own = [exact(one, score.organisation.code) for one in verdicts]
    rows = [{"item": one.item, "on": one.on, "points": one.points, "reason": one.reason} for one in adjustments]
    try:
        return score_lines(scheme, score.organisation.code, own, rows, window(score.year), as_of, titles=titles)
    except NoScoreError:
        return None


def placed(found: ScoreExplanation, score: Score, peers: Iterable[tuple[int, float]]) -> ScoreExplanation:
    """The same with the reasons of rank and grade, naming nobody. `peers`: (organisation, total) of the peer group."""
    scheme = scheme_for(score.year)
    totals = {str(pk): Fraction(str(total)) for pk, total in peers}
    own = str(score.organisation_id)
    if scheme is None or own not in totals:
        return found
    return replace(found, standing=standing(scheme, own, score.peer_group or None, totals, named=False))


def exact(row: Verdict, code: str) -> Exact:
    """A kept verdict as the engine's: every float means its shortest decimal."""
    need, timely, total, points = (
        None if value is None else Fraction(str(value)) for value in (row.need, row.timely, row.total, row.points)
    )
    return Exact(
        *("organisation", code, row.rulebook, row.rule, row.strength),
        *(row.period, row.starts_on, row.ends_on, row.deadline),
        *(row.status, need, timely, total, points, Fraction(str(row.max_points))),
        evidence=tuple(row.evidence),
        reason=row.reason or None,
        provisional=row.provisional,
    )


def grade(place: Standing, row: SchemeRow | None) -> str:
    """The grade of the year's scheme (`scheme_row`) at that place of the peer group; empty where none fits."""
    if row is None:
        return ""
    steps = scheme_of(row.text).grades
    return grades.grade(cents(place.score.total), grades.floors(place.ties, steps), steps) or ""
