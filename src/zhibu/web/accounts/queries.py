"""Reads. Which accounts somebody may administer is the business of `access`, which says so through `reached_by`."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.db.models import Q, QuerySet

from zhibu.web.accounts import unused
from zhibu.web.accounts.models import Notice, Session, User
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

Reach = Callable[[Scope], Q]
_reach: list[Reach] = []
Find = Callable[[Scope, str], models.Model]
_find: list[Find] = []


def reached_by(reach: Reach) -> Reach:
    """Register `reach(scope) -> Q over User`: the accounts below the level of the scope."""
    _reach[:] = [reach]
    return reach


def accounts(scope: Scope) -> QuerySet[User]:
    """The accounts this scope may administer; none when nobody has said which (fails closed)."""
    return User.objects.filter(_reach[0](scope)) if _reach else User.objects.none()


def found_by(find: Find) -> None:
    """Register `find(scope, text)`: the organisation within reach that somebody named, or ValueError for the reader."""
    _find[:] = [find]


def place(scope: Scope, text: str) -> models.Model:
    """The organisation that may keep an account: within reach. Raises ValueError in words for the reader."""
    return _find[0](scope, text)


def search(scope: Scope, text: str = "", state: str = "") -> QuerySet[User]:
    """`state`: stale (open, long unused, soon to be disabled), disabled, first (first password not yet changed)."""
    rows = accounts(scope).order_by("username")
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(name__icontains=text))
    return rows.filter(STATES[state]()) if state in STATES else rows


STATES: dict[str, Callable[[], Q]] = {
    "stale": lambda: unused.for_days(unused.listed_after()),
    "disabled": lambda: Q(is_active=False),
    "first": lambda: Q(must_change_password=True),
}


def sessions_of(user: User) -> QuerySet[Session]:
    """Where this person is signed in now, the latest first."""
    return Session.objects.filter(user=user, expire_date__gt=clock.now()).order_by("-seen_at")


def notices_of(user: User) -> QuerySet[Notice]:
    """What others did to the ways into this account lately, the latest first."""
    return Notice.objects.filter(user=user).order_by("-at")[:20]
