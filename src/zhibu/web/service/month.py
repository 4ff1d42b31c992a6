"""What the own organisation has to do about commitments and volunteers, on 本月任务."""

from __future__ import annotations

from collections import Counter

from django.db.models import Q, Value
from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.service import queries
from zhibu.web.service.models import Commitment, Registration
from zhibu.web.service.models.commitments import SOON

MOST = 20


def waiting(scope: Scope, organisation_id: int) -> list[MonthRow]:
    if not scope.may("service.keep") or organisation_id != scope.organisation_id:
        return []
    return [*_due(scope.doing("service.keep")), *_to_settle(scope)]


def _due(scope: Scope) -> list[MonthRow]:
    """Commitments that are late or due within a week, and those that wait for a second person."""
    rows = queries.commitments(scope).filter(organisation=scope.organisation_id, confirmed_on=None, withdrawn_on=None)
    near = rows.filter(Q(due_on__lte=scope.on + SOON) | Q(fulfilled_on__isnull=False))
    return [_row(one, scope) for one in near[:MOST]]


def _row(one: Commitment, scope: Scope) -> MonthRow:
    word, says = one.status(scope.on)
    says = says if word == "waiting" else f"{day_words(one.due_on)}前"
    return reverse("commitment", args=[one.pk]), f"{one.who}的承诺：{one.text}", word, says


def _to_settle(scope: Scope) -> list[MonthRow]:
    """People who registered, hours that were noted: each as one line. One query for both."""
    if not scope.may("service.accept"):
        return []
    by, page = scope.doing("service.accept"), reverse("registrations")
    asked = Registration.objects.within(by).filter(organisation=scope.organisation_id, state="asked").order_by()
    noted = queries.waiting_shifts(by).order_by().select_related(None)
    told = asked.values_list(Value("asked"), "pk").union(noted.values_list(Value("noted"), "pk"), all=True)
    waits = Counter(word for word, _ in told)
    says = {"asked": "{} 人到社区报到，等接收", "noted": "{} 次志愿服务等确认"}
    return [(page, words.format(waits[word]), "todo", "") for word, words in says.items() if waits[word]]
