"""What the own organisation has to do with concerns, on 本月任务."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from zhibu.web.concerns import queries
from zhibu.web.concerns.models import Concern
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope

MOST = 20
State = Concern.State


def turn(organisation_id: int) -> Q:
    """Those it has to handle, and those it took in that wait for its reply or a rating."""
    mine = Q(handler=organisation_id, state__in=[State.TAKEN, State.ASSIGNED])
    return mine | Q(organisation=organisation_id, state__in=[State.HANDLED, State.REPLIED])


def waiting(scope: Scope, organisation_id: int) -> list[MonthRow]:
    if not scope.may("concerns.keep") or organisation_id != scope.organisation_id:
        return []
    rows = queries.mine(scope.doing("concerns.keep")).filter(turn(organisation_id))[:MOST]
    return [_row(one, scope) for one in rows]


def _row(one: Concern, scope: Scope) -> MonthRow:
    status = "todo" if one.state == State.REPLIED else one.status(scope.on)
    when = "已答复，等评价" if one.state == State.REPLIED else f"{day_words(one.due_on)}前答复"
    return reverse("concern", args=[one.pk]), f"{one.get_source_display()}：{one.what}", status, when
