"""On 本月任务: recurring items that are due; on the page of a filing: its package."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.agendas import queries
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding


def to_hold(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Listener of `core.announce`."""
    own = finding.own(scope)
    if not scope.may("agendas.view") or own is None or organisation_id != own.pk or own.kind not in queries.LEADING:
        return []
    url = reverse("agenda", args=[own.code])
    return [
        (url, one.item.title, one.status, one.says)
        for one in queries.standings(scope.doing("agendas.view"), own)
        if one.status != "done"
    ]


def package(scope: Scope, filing_id: int) -> list[MonthRow]:
    """Listener of `core.announce`."""
    return [(reverse("life-package", args=[filing_id]), "听取的意见、问题清单和还缺什么", "", "")]
