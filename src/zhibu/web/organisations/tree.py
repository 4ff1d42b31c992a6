"""The one module that knows how a subtree is stored: django-treebeard's materialised path.

Everybody else says `parent`, `ancestors`, `below`; nobody else reads `path` except the scope, which is a set of
path prefixes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Concat, Substr

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.scoped import lifted
from zhibu.web.organisations.models import Organisation
from zhibu.web.organisations.pinyin import initials

STEP = Organisation.steplen
CHUNK = 500


def plant(*, parent: Organisation | None, **fields: Any) -> Organisation:
    """Add one organisation below `parent` (None: a new root) and return it, saved."""
    node = Organisation(**fields)
    plant_many([(node, parent)])
    return node


def plant_many(nodes: Sequence[tuple[Organisation, Organisation | None]]) -> None:
    """Add many organisations at once: (unsaved, its superior), superiors first. All are saved on return.

    treebeard adds one by one, four queries each: a minute for 5,000. Here paths are given out in memory, after one
    look at the last child of every superior that was there before.
    """
    last: dict[str, int] = {}
    grown: dict[str, Organisation] = {}
    for parent in {parent.pk: parent for _, parent in nodes if parent is not None and parent.pk}.values():
        parent.refresh_from_db(fields=["path", "depth", "numchild", "steps"])
        grown[parent.path] = parent
    for node, parent in nodes:
        above = "" if parent is None else parent.path
        if above not in last:
            last[above] = _last_step(above) if parent is None or parent.pk else 0
        last[above] += 1
        _spelt(node)
        node.path, node.depth, node.numchild = above + _step(last[above]), len(above) // STEP + 1, 0
        if parent is not None:
            parent.numchild, parent.steps = parent.numchild + 1, last[above]
    rows = Organisation.objects.unscoped("the tree keeps itself")
    rows.bulk_create([node for node, _ in nodes], batch_size=CHUNK)
    for parent in grown.values():
        rows.filter(pk=parent.pk).update(numchild=parent.numchild, steps=parent.steps)


def free_code() -> str:
    """The next code of the form D000001, for an organisation that brings none."""
    return f"D{last_code() + 1:06d}"


def last_code() -> int:
    """The number of the highest code of that form that was ever given, 0 when there is none."""
    stored = Organisation.objects.unscoped("codes are unique in the whole database")
    last = stored.filter(code__regex=r"^D[0-9]{6}$").order_by("code").values_list("code", flat=True).last()
    gone = stored.filter(depth=1).aggregate(codes=Max("codes"))["codes"] or 0
    return max(gone, int(last[1:]) if last else 0)


def _spelt(node: Organisation) -> Organisation:
    """With its pinyin initials, by which it is found."""
    node.initials = node.initials or initials(node.name, node.short_name)
    return node


def _last_step(above: str) -> int:
    """The highest step ever given below a path: a path is never given twice, or what remembers it (an audit line, a
    scope of a second ago) would name another organisation."""
    rows = Organisation.objects.unscoped("the tree keeps itself")
    last = rows.filter(subtree("path", above), depth=len(above) // STEP + 1).order_by("path").last()
    given = rows.filter(path=above).values_list("steps", flat=True).first() or 0
    return max(given, int(last.path[-STEP:], 36) if last else 0)


def _step(number: int) -> str:
    key = Organisation._int2str(number)
    if len(key) > STEP:
        raise ValueError("一个党组织的下级太多，路径放不下")
    return key.rjust(STEP, "0")


def uproot_many(organisations: Collection[int]) -> None:
    """Remove organisations whose subordinates, if any, are all among them (undo of an import).

    Raises ValueError, naming one, when a subordinate would be left without its superior.
    """
    rows = Organisation.objects.unscoped("the tree keeps itself")
    gone = set(organisations)
    paths = {path for pk, path in rows.values_list("pk", "path") if pk in gone}
    for path, name in rows.values_list("path", "name"):
        if path not in paths and parent_path(path) in paths:
            raise ValueError(f"{name} 的上级不能撤掉")
    _not_again()
    with lifted("treebeard keeps the tree"):
        Organisation.objects.filter(pk__in=gone).delete()  # and lowers numchild above


def uproot(organisation: Organisation) -> None:
    """Remove an organisation that has no subordinates (undo of an import, of a set-up).

    Raises ValueError when it has some.
    """
    organisation.refresh_from_db()
    if organisation.numchild:
        raise ValueError(f"{organisation.name} 还有下级党组织")
    _not_again()
    with lifted("treebeard keeps the tree"):
        Organisation.objects.filter(pk=organisation.pk).delete()


def _not_again() -> None:
    """A code is the public name of an organisation, also in workbooks and the log: it never names another one."""
    Organisation.objects.unscoped("the tree keeps itself").filter(depth=1).update(codes=last_code())


def move(organisation: Organisation, to: Organisation) -> tuple[str, str]:
    """Hang an organisation with all below it under another superior; returns its path before and after.

    Raises ValueError when that superior is the organisation itself or below it. Nobody else may change the tree
    meanwhile (`core.turns.alone`). treebeard's own move looks for the subtree with LIKE, which reads the whole table.
    """
    organisation.refresh_from_db(fields=["path", "depth", "numchild"])
    to.refresh_from_db(fields=["path", "depth", "numchild"])
    old = organisation.path
    if to.path.startswith(old):
        raise ValueError(f"{to.name} 在 {organisation.name} 之下")
    step = _last_step(to.path) + 1
    new = to.path + _step(step)
    rows = Organisation.objects.unscoped("the tree keeps itself")
    moved = Concat(Value(new), Substr("path", len(old) + 1))
    rows.filter(subtree("path", old)).update(path=moved, depth=F("depth") + depth(new) - depth(old))
    rows.filter(path=parent_path(old)).update(numchild=F("numchild") - 1)
    rows.filter(path=to.path).update(numchild=F("numchild") + 1, steps=step)
    organisation.refresh_from_db(fields=["path", "depth", "numchild"])
    return old, new


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
    return (
        Organisation.objects.unscoped("names of superiors are shown to everybody")
        .filter(path__in=paths)
        .order_by("path")
    )


def names(paths: Collection[str]) -> dict[str, str]:
    """path → short name, for breadcrumbs of many rows at once. Names of superiors are no secret."""
    rows = Organisation.objects.unscoped("names of superiors are shown to everybody").filter(path__in=paths)
    return {path: short or name for path, short, name in rows.values_list("path", "short_name", "name")}


def names_of(codes: Collection[str]) -> dict[str, str]:
    """code → full name. Names of superiors are no secret."""
    rows = Organisation.objects.unscoped("names of superiors are shown to everybody").filter(code__in=codes)
    return dict(rows.values_list("code", "name"))


def superior(organisation: Organisation) -> Organisation | None:
    """The direct superior, None for a root."""
    everyone = Organisation.objects.unscoped("names of superiors are shown to everybody")
    return everyone.filter(path=parent_path(organisation.path)).first()


def next_below(scope: Scope) -> QuerySet[Organisation]:
    """The scope's own organisation and those one step below it, as far as the scope reaches: whose matters it decides
    itself, where a committee in between would decide the others."""
    own = Organisation.objects.unscoped("the post's own place").filter(pk=scope.organisation_id).first()
    if own is None:
        return Organisation.objects.within(scope).none()
    rows = Organisation.objects.within(scope).filter(subtree("path", own.path))
    return rows.filter(depth__in=(own.depth, own.depth + 1))


def children(organisation: Organisation) -> QuerySet[Organisation]:
    """Direct subordinates; still to be limited with `within(scope)`."""
    return Organisation.objects.filter(subtree("path", organisation.path), depth=organisation.depth + 1)
