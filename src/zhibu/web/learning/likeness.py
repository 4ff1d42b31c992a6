"""Essays that share at least half of their text: told, never counted or punished (`hints` has the method)."""

from __future__ import annotations

from django.db.models import QuerySet

from zhibu.web.hints import similarity, store, switch
from zhibu.web.hints.models import Hint
from zhibu.web.learning.models import Essay

MOST = 500  # of a topic, the latest


def near(one: Essay, among: QuerySet[Essay]) -> list[tuple[Essay, int]]:
    """Others on the same topic that are near, the nearest first, with what they share in percent. Texts that everybody
    quotes are left out; too short ones, and all while the method is off, are near to nothing."""
    others = list(among.filter(cell=one.cell_id).exclude(pk=one.pk).order_by("-handed_in_on", "-pk")[:MOST])
    if not others or not switch.is_on(Hint.Kind.TEXT):
        return []
    shares = similarity.jaccard([one.text] * len(others), [other.text for other in others], store.usual()[1])
    alike = [(other, share) for other, share in zip(others, shares.tolist(), strict=True) if share >= similarity.NEAR]
    return [(other, round(share * 100)) for other, share in sorted(alike, key=lambda pair: -pair[1])]
