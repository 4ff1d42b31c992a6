"""On 本月任务 of a branch: a programme that ends soon and for which nothing is on record."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.programmes.models import Mark
from zhibu.web.programmes.queries import binding

SOON = timedelta(days=30)


def to_begin(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """(address, title, status, when) of those that end within thirty days."""
    if not scope.may("programmes.view") or not scope.may("records.write") or organisation_id != scope.organisation_id:
        return []
    here = Organisation.objects.within(scope).filter(pk=organisation_id, kind__in=BRANCH_KINDS).first()
    ending = [one for one in binding(here, scope.on) if one.ends_on and one.ends_on <= scope.on + SOON] if here else []
    if not ending:
        return []
    rows = Mark.objects.within(scope).filter(programme__in=ending, record__organisation=here, record__withdrawn_at=None)
    begun = set(rows.values_list("programme", flat=True))
    return [
        (reverse("programme", args=[one.pk]), f"{one.get_kind_display()}：{one.name}", "soon",
         f"还没有记录计入，{day_words(one.ends_on)}结束")
        for one in ending if one.pk not in begun
    ]  # fmt: skip
