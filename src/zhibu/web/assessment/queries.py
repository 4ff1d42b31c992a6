"""Where an organisation stands among its own kind: score, band and median. The rank is for the supervising level."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zhibu.web.assessment.models import Proposal, Score
from zhibu.web.assessment.ties import Ties, cents
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation, Sector

FEWEST = 5  # a group with fewer is not compared
BANDS = ("一", "二", "三")


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
    score = Score.objects.within(scope).filter(organisation=organisation, year=year).first()
    if score is None:
        return None
    peers = f"{Sector(score.peer_group).label}类" if score.peer_group in Sector.values else score.peer_group or "同类"
    return Standing(score, Ties(year, score.peer_group), peers)


def proposals(scope: Scope, organisation: Organisation, year: int) -> QuerySet[Proposal]:
    return (
        Proposal.objects.within(scope).filter(organisation=organisation, year=year).order_by("-run", "rulebook", "rule")
    )
