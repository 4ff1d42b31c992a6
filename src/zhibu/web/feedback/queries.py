"""Who answers, what waits, what is public."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.feedback.models import Feedback
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

ANSWER_WITHIN = 10  # working days


def addressee(scope: Scope) -> Organisation | None:
    """The nearest committee above the sender's organisation; a root answers itself."""
    here = finding.own(scope)
    if here is None:
        return None
    above = [one for one in tree.ancestors(here) if one.kind not in BRANCH_KINDS]
    return above[-1] if above else here


def waiting(scope: Scope) -> QuerySet[Feedback]:
    """What the asker's committees have to answer, the oldest first."""
    rows = Feedback.objects.within(scope.doing("feedback.view")).filter(answered_at=None)
    return rows.select_related("organisation").order_by("sent_on", "pk")


def answered() -> QuerySet[Feedback]:
    """Public inside the installation: everybody who signs in may read subject and answer."""
    rows = Feedback.objects.unscoped("answers are public inside the installation").exclude(answered_at=None)
    return rows.defer("text", "name", "contact_sealed").order_by("-answered_at", "-pk")


def own(scope: Scope) -> QuerySet[Feedback]:
    """What the reader sent with a name and what became of it."""
    rows = Feedback.objects.unscoped("a person's own letters").filter(user_id=scope.user_id)
    return rows.order_by("-sent_on", "-pk")


def answer_by(sent_on: date) -> date:
    """Ten working days later, counting Monday to Friday; public holidays only give the office less time."""
    day, left = sent_on, ANSWER_WITHIN
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
