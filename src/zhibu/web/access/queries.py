"""From a person and a day to the scopes they may act in."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q

from zhibu.web.access.models import Post, Role
from zhibu.web.access.policy import POLICY, actions
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

# A post's own contact points are what gives the scope, so they are read before there is one.
_POINTS = Prefetch("points", Organisation.objects.unscoped("a post's own contact points"))


def posts_on(user_id: int, on: date) -> list[Post]:
    """The posts a person holds on a day, in the order of the roles."""
    held = (Q(starts_on__isnull=True) | Q(starts_on__lte=on)) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    rows = Post.objects.filter(held, user_id=user_id).select_related("organisation").prefetch_related(_POINTS)
    return sorted(rows, key=lambda post: (list(Role.values).index(post.role), post.pk))


def scope_of(post: Post, on: date) -> Scope:
    """The reach of a post: its organisation's subtree, or a leader's contact points."""
    here = post.organisation
    return Scope(
        user_id=post.user_id,
        post_id=post.pk,
        role=post.role,
        organisation_id=here.pk,
        title=f"{here.short_name or here.name}·{post.get_role_display()}",
        prefixes=_prefixes(post),
        actions=actions(post.role),
        on=on,
        help_contact=_help_line(here),
    )


def system_scope() -> Scope:
    """The reach of the system itself: a command on the server, nightly work. Everything, also an empty database.

    Every tree path begins with the empty prefix. User 0 is nobody: audit lines of it carry no user.
    """
    return Scope(
        user_id=0,
        post_id=0,
        role="system",
        organisation_id=0,
        title="系统",
        prefixes=("",),
        actions=frozenset().union(*POLICY.values()),
        on=clock.today(),
    )


def _help_line(here: Organisation) -> str:
    """Name and phone of the superior committee; a root answers for itself."""
    superior = tree.superior(here) or here
    return f"{superior.short_name or superior.name} {superior.phone}".strip()


def _prefixes(post: Post) -> tuple[str, ...]:
    if post.role == Role.LEADER:
        return tuple(sorted(point.path for point in post.points.all()))
    return (post.organisation.path,)
