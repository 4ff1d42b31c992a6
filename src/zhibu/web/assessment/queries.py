"""Where an organisation stands among its own kind: score, band and median. The rank is for the supervising level."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zhibu.web.assessment.models import Adjustment, Proposal, Score
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation, Sector

FEWEST = 5  # a group with fewer is not compared
BANDS = ("一", "二", "三")
WHY = "the totals of a peer group are compared, nobody is named"


@dataclass(frozen=True, slots=True)
class Standing:
    """A score with its band (thirds of the group by rank) and the median; both None in a group too small."""

    score: Score
    peers: str  # 村类
    band: str | None
    median: float | None


def standing(scope: Scope, organisation: Organisation, year: int) -> Standing | None:
    rows = Score.objects.within(scope).select_related("organisation")
    score = rows.filter(organisation=organisation, year=year).first()
    if score is None:
        return None
    peers = f"{Sector(score.peer_group).label}类" if score.peer_group in Sector.values else score.peer_group or "同类"
    if score.group_size < FEWEST:
        return Standing(score, peers, None, None)
    third = min(3 * (score.rank - 1) // score.group_size, 2)
    return Standing(score, peers, BANDS[third], _median(score))


def _median(score: Score) -> float:
    """The middle total, or the mean of the two middle ones: two rows read, however large the group."""
    peers = Score.objects.unscoped(WHY).filter(year=score.year, peer_group=score.peer_group).order_by("total")
    low, high = (score.group_size - 1) // 2, score.group_size // 2
    middle = list(peers.values_list("total", flat=True)[low : high + 1])
    return sum(middle) / len(middle) if middle else score.total


def adjustments(scope: Scope, organisation: Organisation) -> QuerySet[Adjustment]:
    """In the order in which they were entered, as the engine reads them."""
    return Adjustment.objects.within(scope).filter(organisation=organisation).order_by("pk")


def peers(score: Score) -> list[tuple[int, float]]:
    """(organisation, total) of everybody in the score's peer group."""
    rows = Score.objects.unscoped(WHY).filter(year=score.year, peer_group=score.peer_group)
    return list(rows.values_list("organisation_id", "total"))


def proposals(scope: Scope, organisation: Organisation, year: int) -> QuerySet[Proposal]:
    return (
        Proposal.objects.within(scope).filter(organisation=organisation, year=year).order_by("-run", "rulebook", "rule")
    )
