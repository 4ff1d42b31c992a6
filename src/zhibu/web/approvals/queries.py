"""Requests of one's own, and those that wait for one's decision."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhibu.web.approvals import kinds
from zhibu.web.approvals.models import Approval, State
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

SHOWN = ("organisation", "asked_by", "decided_by")


def own(scope: Scope) -> QuerySet[Approval]:
    """What the reader asked for by this post, newest first."""
    rows = Approval.objects.unscoped("a person's own requests").filter(
        asked_by_id=scope.user_id, asked_post=scope.post_id
    )
    return rows.select_related(*SHOWN).order_by("-asked_at", "-pk")


def waiting(scope: Scope) -> QuerySet[Approval]:
    """What this post may decide, oldest first; nothing the reader asked for, by whatever post."""
    return _decided_here(scope).filter(state=State.ASKED, expires_at__gt=clock.now()).order_by("asked_at", "pk")


def decided(scope: Scope) -> QuerySet[Approval]:
    """What this person decided."""
    return _decided_here(scope).filter(decided_by_id=scope.user_id).order_by("-decided_at")


def visible(scope: Scope, number: int) -> Approval | None:
    """One's own, or one in reach of a post that decides its kind."""
    found = own(scope).filter(pk=number).first()
    return found or _in_reach(scope).filter(pk=number).first()


def _decided_here(scope: Scope) -> QuerySet[Approval]:
    return _in_reach(scope).exclude(Q(asked_by_id=scope.user_id) | Q(asked_post=scope.post_id))


def _in_reach(scope: Scope) -> QuerySet[Approval]:
    """Each kind where this post may decide that kind."""
    decidable = Q(pk__in=[])
    for kind in kinds.all_kinds() if scope.may("approvals.decide") else ():
        decidable |= Q(action=kind.action) & scope.doing(kind.decided_by).where("organisation__path")
    rows = Approval.objects.within(scope.doing("approvals.decide")).filter(decidable)
    return rows.select_related(*SHOWN)
