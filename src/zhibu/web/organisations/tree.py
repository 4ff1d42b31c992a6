"""The one module that knows how a subtree is stored: django-treebeard's materialised path.

Everybody else says `parent`, `ancestors`, `below`; nobody else reads `path` except the scope, which is a set of
path prefixes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from zhibu.web.core.scope import subtree
from zhibu.web.core.scoped import lifted
from zhibu.web.organisations.models import Organisation

STEP = Organisation.steplen


def plant(*, parent: Organisation | None, **fields: Any) -> Organisation:
    """Add one organisation below `parent` (None: a new root) and return it, saved."""
    node = Organisation(**fields)
    with lifted("treebeard keeps the tree"):
        if parent is None:
            return Organisation.objects.add_root(instance=node)
        parent.refresh_from_db(fields=["path", "depth", "numchild"])
        return Organisation.objects.add_child(parent, instance=node)


def uproot(organisation: Organisation) -> None:
    """Remove an organisation that has no subordinates (undo of an import).

    Raises ValueError when it has some.
    """
    organisation.refresh_from_db()
    if organisation.numchild:
        raise ValueError(f"{organisation.name} 还有下级党组织")
    with lifted("treebeard keeps the tree"):
        Organisation.objects.filter(pk=organisation.pk).delete()


def parent_path(path: str) -> str:
    """The path one step up; empty for a root."""
    return path[:-STEP]


def depth(path: str) -> int:
    return len(path) // STEP


def ancestor_paths(path: str) -> list[str]:
    """Paths of all superiors, the root first, without `path` itself."""
    return [path[:end] for end in range(STEP, len(path), STEP)]


def ancestors(organisation: Organisation) -> QuerySet[Organisation]:
    """All superiors, root first: the breadcrumb. Names of superiors are no secret, so this needs no scope."""
    paths = ancestor_paths(organisation.path)
    return Organisation.objects.unscoped("names of superiors are shown to everybody").filter(path__in=paths).order_by("path")


def superior(organisation: Organisation) -> Organisation | None:
    """The direct superior, None for a root."""
    everyone = Organisation.objects.unscoped("names of superiors are shown to everybody")
    return everyone.filter(path=parent_path(organisation.path)).first()


def children(organisation: Organisation) -> QuerySet[Organisation]:
    """Direct subordinates; still to be limited with `within(scope)`."""
    return Organisation.objects.filter(subtree("path", organisation.path), depth=organisation.depth + 1)


def parent_ids(organisations: Iterable[tuple[int, str]]) -> dict[int, int | None]:
    """pk → pk of the parent, for rows of (pk, path)."""
    rows = list(organisations)
    by_path = {path: pk for pk, path in rows}
    return {pk: by_path.get(parent_path(path)) for pk, path in rows}
