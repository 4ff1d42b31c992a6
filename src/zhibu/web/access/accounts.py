"""Which accounts a post may administer: those below its own level."""

from __future__ import annotations

from django.db.models import Q

from zhibu.web.access.models import Post, StandIn
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping

_WHY = "posts beside and above are what is looked for"


def below(scope: Scope) -> Q:
    """Every present or future post of the account, and every post it stands in for, lies within reach and under the
    own organisation: one beside or above, and the account is out of reach (W23). Without a post, the organisation
    that keeps the account must be within reach."""
    if scope.role == "system":  # a command on the server
        return Q()
    lasting = overlapping(scope.on, None)
    under = scope.where("organisation__path") & ~Q(organisation_id=scope.organisation_id)
    posts, lent = Post.objects.unscoped(_WHY), StandIn.objects.unscoped(_WHY).filter(lasting)
    standing, outside = posts.filter(lasting), posts.exclude(under)
    above = Q(pk__in=standing.exclude(under).values("user")) | Q(pk__in=lent.filter(post__in=outside).values("user"))
    idle = ~Q(pk__in=standing.values("user")) & scope.where("organisation__path")
    return (Q(pk__in=standing.filter(under).values("user")) | idle) & ~above
