"""What is stored, moved by differences: verdicts, scores and escalations of the organisations judged, the roll-ups of
their superiors, the totals of their peer groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from zhibu.engine.live.differences import deltas
from zhibu.engine.results import STATUSES
from zhibu.web.assessment.models import Proposal, Score, Tie
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.pipeline import keep, rows
from zhibu.web.pipeline.days import WHY
from zhibu.web.pipeline.keep import Differences, Row, differences
from zhibu.web.pipeline.rows import CELL


@dataclass(slots=True)
class Told:
    """What the engine says now, as rows to be stored (rows.py)."""

    verdicts: list[Row] = field(default_factory=list)
    scores: list[Row] = field(default_factory=list)
    proposals: list[Row] = field(default_factory=list)

    def __add__(self, other: Told) -> Told:
        return Told(self.verdicts + other.verdicts, self.scores + other.scores, self.proposals + other.proposals)


def move(told: Told, upward: Mapping[int, list[int]], years: list[int]) -> None:
    """Make what is stored of these organisations and years equal to `told`. `upward`: each with all its superiors.

    Rows of their own come first, those they share with others last: these stay locked until the transaction ends.
    """
    verdicts = differences(told.verdicts, _of(Verdict, upward, years), rows.VERDICT_KEY, rows.VERDICT_VALUES)
    scores = differences(told.scores, _of(Score, upward, years), rows.SCORE_KEY, rows.SCORE_VALUES)
    proposals = differences(told.proposals, _of(Proposal, upward, years), rows.PROPOSAL_KEY, rows.PROPOSAL_VALUES)
    for model, found in ((Verdict, verdicts), (Score, scores), (Proposal, proposals)):
        found.write(model)
    _tallies(verdicts, upward)
    _ties(scores)


def _of(model: type, chosen: Iterable[int], years: list[int]):
    return model.objects.unscoped(WHY).filter(organisation__in=list(chosen), year__in=years)


def _tallies(verdicts: Differences, upward: Mapping[int, list[int]]) -> None:
    """Every verdict counts for its organisation and for each of its superiors."""
    sums: dict[tuple, list[int]] = defaultdict(lambda: [0] * len(STATUSES))
    for (pk, *cell), change in deltas(verdicts.gone, verdicts.fresh, itemgetter(*CELL), itemgetter("status")).items():
        for above in upward[pk]:
            total = sums[above, *cell]
            total[:] = map(sum, zip(total, change, strict=True))
    keep.add((_tally(cell, change) for cell, change in sums.items() if any(change)), Tally, rows.TALLY_KEY, STATUSES)
    _clear(cell[0] for cell, change in sums.items() if sum(change) < 0)


def _tally(cell: tuple, change: Iterable[int]) -> Row:
    named = dict(zip(CELL, cell, strict=True))
    return named | {"year": named["ends_on"].year} | dict(zip(STATUSES, change, strict=True))


def _clear(organisations: Iterable[int]) -> None:
    """Roll-ups that count nothing any more."""
    if chosen := set(organisations):
        Tally.objects.unscoped(WHY).filter(organisation__in=chosen, **dict.fromkeys(STATUSES, 0)).delete()


def _ties(scores: Differences) -> None:
    moved = list(rows.ties(scores.fresh, scores.gone))
    keep.add(moved, Tie, rows.TIE_KEY, ("count",))
    for tie in moved:
        if tie["count"] < 0:
            Tie.objects.filter(**tie | {"count": 0}).delete()


def carry(organisation: int, signs: Mapping[int, int]) -> None:
    """Add the roll-ups of an organisation to those of others, or take them away, each by its sign."""
    if signs:
        keep.carry(Tally, "organisation_id", organisation, signs, rows.TALLY_KEY, STATUSES)
        _clear(pk for pk, sign in signs.items() if sign < 0)
