"""Many more branches, with a score and a year of verdicts each: pages must not notice."""

from __future__ import annotations

from zhibu.web.assessment.models import Score, Tie
from zhibu.web.assessment.ties import cents
from zhibu.web.conftest import Cast, _plant
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Kind, Sector

WHY = "test"


def crowd(cast: Cast, number: int) -> None:
    """`number` branches beside the cast's, as the sister branch is judged."""
    pattern = list(Verdict.objects.unscoped(WHY).filter(organisation=cast.sister))
    for place in range(number):
        branch = _plant(cast.town, f"大营镇第{place}村党支部", Kind.BRANCH, Sector.VILLAGE)
        for row in pattern:
            row.pk, row.organisation = None, branch
        Verdict.objects.bulk_create(pattern)
        total = 60 + place / 10
        Score.objects.create(organisation=branch, year=2026, peer_group="village", total=total)
        Tie.objects.update_or_create(year=2026, peer_group="village", cents=cents(total), defaults={"count": 1})
