"""Who is asking, as which post, and which subtrees they reach. Every read begins with one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q


class ScopeMissing(RuntimeError):
    """A scoped table was read without saying for whom. A programming error: refuse, never guess."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The reach of one post on one day.

    `prefixes` are tree paths: the post reaches an organisation when its path begins with one of them. An empty
    tuple reaches nothing. `actions` are the words of `access/policy.py` this post may do.
    """

    user_id: int
    post_id: int
    role: str
    organisation_id: int
    title: str  # 云河社区第一党支部·书记
    prefixes: tuple[str, ...]
    actions: frozenset[str]
    on: date
    help_contact: str = ""

    def may(self, action: str) -> bool:
        return action in self.actions

    def reaches(self, path: str) -> bool:
        return any(path.startswith(prefix) for prefix in self.prefixes)

    def where(self, lookup: str) -> Q:
        """The filter for a column that holds a tree path, named by `lookup` (`path`, `organisation__path` …)."""
        return any_subtree(lookup, self.prefixes)


def any_subtree(lookup: str, prefixes: tuple[str, ...]) -> Q:
    """Rows whose path column lies in any of the subtrees; nothing at all when there is none (fails closed)."""
    reach = Q(pk__in=[])
    for prefix in prefixes:
        reach |= subtree(lookup, prefix)
    return reach


def subtree(lookup: str, prefix: str) -> Q:
    """`path` in [prefix, the next prefix): an index range on both databases, where LIKE would scan.

    Steps have a fixed width, so 0001 never matches its neighbour 0010; the bounds use 0-9A-Z only, which every
    collation orders alike.
    """
    bounds = {f"{lookup}__gte": prefix}
    if following := _next(prefix):
        bounds[f"{lookup}__lt"] = following
    return Q(**bounds)


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _next(prefix: str) -> str:
    """The smallest string of the same width after all that begin with `prefix`; empty when there is none."""
    kept = prefix.rstrip("Z")
    if not kept:
        return ""
    return kept[:-1] + _DIGITS[_DIGITS.index(kept[-1]) + 1] + "0" * (len(prefix) - len(kept))
