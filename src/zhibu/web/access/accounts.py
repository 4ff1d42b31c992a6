"""Which accounts a post may administer: those below its own level."""

from __future__ import annotations

from django.db.models import Q

from zhibu.web.access.models import Post
from zhibu.web.core.scope import Scope


def below(scope: Scope) -> Q:
    """Every present or future post of the account lies within reach and under the own organisation: one post beside or
    above, and the account is out of reach (W23). Without a post, the organisation that keeps it must be within reach."""
    rows = Post.objects.unscoped("posts beside and above are what is looked for")
    standing = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=scope.on))
    under = scope.where("organisation__path") & ~Q(organisation_id=scope.organisation_id)
    inside, outside = standing.filter(under).values("user"), standing.exclude(under).values("user")
    idle = ~Q(pk__in=standing.values("user")) & scope.where("organisation__path")
    return (Q(pk__in=inside) & ~Q(pk__in=outside)) | idle
