"""A member who signs in, a community, and what the tests of this app begin with."""

from __future__ import annotations

from datetime import timedelta

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation

LATER = TODAY + timedelta(days=5)


def person(cast: Cast) -> Member:
    """The first of the branch's roster, to whom the cast's member account belongs."""
    one = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[0]
    one.user = cast.posts["member"].user
    one.save()
    return one


def community(cast: Cast) -> Organisation:
    """The neighbour's branch, of another town, becomes a community's."""
    Organisation.objects.unscoped("t").filter(pk=cast.neighbour.pk).update(sector="community")
    cast.neighbour.refresh_from_db()
    return cast.neighbour


def colleague(cast: Cast) -> Scope:
    """A second officer of the branch."""
    user, _ = register(username="colleague", name="王副书记", password="支部-pass-1")
    return scope_of(
        appoint(by=system_scope(), user=user, organisation=cast.branch, role="deputy", starts_on=TODAY), TODAY
    )
