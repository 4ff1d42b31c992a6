"""Many more branches, with a score and a year of verdicts each: pages must not notice."""

from __future__ import annotations

from zhibu.web.assessment.models import Score, Tie
from zhibu.web.conftest import Cast, _plant
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Kind, Sector
from zhibu.web.pipeline import rows
from zhibu.web.pipeline.keep import keep

WHY = "test"


def crowd(cast: Cast, number: int) -> None:
    """`number` branches beside the cast's, as the sister branch is judged."""
    pattern = list(Verdict.objects.unscoped(WHY).filter(organisation=cast.sister))
    for place in range(number):
        branch = _plant(cast.town, f"大营镇第{place}村党支部", Kind.BRANCH, Sector.VILLAGE)
        for row in pattern:
            row.pk, row.organisation = None, branch
        Verdict.objects.bulk_create(pattern)
        Score.objects.create(organisation=branch, year=2026, peer_group="village", total=60 + place / 10)
    count_ties(2026)


def count_ties(year: int) -> None:
    """After a test has written scores by hand."""
    scores = Score.objects.unscoped(WHY).filter(year=year).values("year", "peer_group", "total")
    keep(rows.ties(scores), Tie.objects.filter(year=year), rows.TIE_KEY, ("count",))
