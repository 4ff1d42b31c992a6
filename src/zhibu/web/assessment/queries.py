"""Where an organisation stands among its own kind: score, band and median. The rank is for the supervising level."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zhibu.web.assessment.models import Adjustment, Proposal, Score
from zhibu.web.assessment.ties import Ties, cents
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation, Sector

FEWEST = 5  # a group with fewer is not compared
BANDS = ("一", "二", "三")
WHY = "the totals of a peer group are compared, nobody is named"


@dataclass(frozen=True, slots=True)
class Standing:
    """A score with its place among its peers: rank, band (thirds of the group by rank) and median; band and median
    are None in a group too small."""

    score: Score
    ties: Ties
    peers: str  # 村类

    @property
    def size(self) -> int:
        return self.ties.size

    @property
    def rank(self) -> int:
        return 1 + self.ties.above(cents(self.score.total))

    @property
    def band(self) -> str | None:
        return None if self.size < FEWEST else BANDS[min(3 * (self.rank - 1) // self.size, 2)]

    @property
    def median(self) -> float | None:
        """The middle total, or the mean of the two middle ones."""
        if self.size < FEWEST:
            return None
        return (self.ties.at((self.size - 1) // 2) + self.ties.at(self.size // 2)) / 200


def standing(scope: Scope, organisation: Organisation, year: int) -> Standing | None:
    rows = Score.objects.within(scope).select_related("organisation")
    score = rows.filter(organisation=organisation, year=year).first()
    if score is None:
        return None
    peers = f"{Sector(score.peer_group).label}类" if score.peer_group in Sector.values else score.peer_group or "同类"
    return Standing(score, Ties(year, score.peer_group), peers)


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
