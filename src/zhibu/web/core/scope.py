"""Who is asking, as which post, and which subtrees they reach. Every read begins with one of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from django.db.models import Q


class ScopeMissing(RuntimeError):
    """A scoped table was read without saying for whom. A programming error: refuse, never guess."""


WHOLE, ONE, BELOW = "whole", "one", "below"
# A person's own affairs need no organisation; a leader without points yet is told so, not refused.
FOR_NOW_EMPTY = ("self", "assigned")


class Area(NamedTuple):
    """A part of the tree: an organisation with all below it (`whole`), it alone (`one`), or all but it (`below`)."""

    path: str
    part: str = WHOLE

    def reaches(self, path: str) -> bool:
        if self.part == ONE:
            return path == self.path
        return path.startswith(self.path) and (self.part == WHOLE or path != self.path)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a post may do, and which restricted fields it sees, in some areas: one relation of `access/policy.yaml`."""

    relation: str
    areas: tuple[Area, ...]
    actions: frozenset[str]
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """The reach of one post on one day, for one action (`doing`) or, before that is known, for any of them.

    What the post can't do anywhere it reaches nowhere: without a grant there is no area, and no area is no row.
    """

    user_id: int
    post_id: int
    role: str
    organisation_id: int
    title: str  # 云河社区第一党支部·书记
    grants: tuple[Grant, ...]
    on: date
    help_contact: str = ""
    acting_for: str = ""  # name of the holder of the post, when a colleague stands in
    action: str = ""
    areas: tuple[Area, ...] = field(init=False)
    actions: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        told = [grant for grant in self.grants if not self.action or self.action in grant.actions]
        object.__setattr__(self, "areas", _joined(area for grant in told for area in grant.areas))
        useful = [grant.actions for grant in self.grants if grant.areas or grant.relation in FOR_NOW_EMPTY]
        object.__setattr__(self, "actions", frozenset[str]().union(*useful))

    def doing(self, action: str) -> Scope:
        """The same post, reaching only where it may do this."""
        return self if action == self.action else replace(self, action=action)

    @property
    def unit(self) -> str:
        """The organisation of the post, as its title names it: what exports and ledgers are headed by."""
        return self.title.rpartition("·")[0]

    def may(self, action: str) -> bool:
        """Whether there is an organisation at which it may do this, or it needs none."""
        return action in self.actions

    def may_at(self, action: str, path: str) -> bool:
        return self.doing(action).reaches(path)

    def sees(self, name: str, path: str) -> bool:
        """Whether a restricted field (`fields` of the policy) of an organisation's rows is shown to this post."""
        return any(
            name in grant.fields and any(area.reaches(path) for area in grant.areas)
            for grant in self.grants
            if not self.action or self.action in grant.actions
        )

    def reaches(self, path: str) -> bool:
        return any(area.reaches(path) for area in self.areas)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The uppermost organisations of the reach."""
        return tuple(area.path for area in self.areas if area.part != BELOW)

    def where(self, lookup: str) -> Q:
        """The filter for a column that holds a tree path, named by `lookup` (`path`, `organisation__path` …).

        Nothing at all when there is no area (fails closed).
        """
        singles = [area.path for area in self.areas if area.part == ONE]
        reach = Q(**{f"{lookup}__in": singles}) if singles else Q(pk__in=[])
        for area in self.areas:
            if area.part != ONE:
                reach |= subtree(lookup, area.path, itself=area.part == WHOLE)
        return reach


def _joined(areas: Iterable[Area]) -> tuple[Area, ...]:
    """Each area once, an organisation and what is below it as one, nothing that lies inside another."""
    told = set(areas)
    for path in [area.path for area in told if area.part == ONE and (area.path, BELOW) in told]:
        told.add(Area(path))
    kept: list[Area] = []
    wide: Area | None = None  # areas kept never overlap, so only the last wide one can hold the next
    for area in sorted(told, key=lambda one: (one.path, one.part != WHOLE, one.part)):
        if wide and area.path.startswith(wide.path) and (wide.part == WHOLE or area.path != wide.path):
            continue
        kept.append(area)
        wide = wide if area.part == ONE else area
    return tuple(kept)


def any_subtree(lookup: str, prefixes: Iterable[str]) -> Q:
    """Rows whose path column lies in any of the subtrees; nothing at all when there is none (fails closed)."""
    reach = Q(pk__in=[])
    for prefix in prefixes:
        reach |= subtree(lookup, prefix)
    return reach


def subtree(lookup: str, prefix: str, *, itself: bool = True) -> Q:
    """`path` in [prefix, the next prefix): an index range on both databases, where LIKE would scan.

    Steps have a fixed width, so 0001 never matches its neighbour 0010; the bounds use 0-9A-Z only, which every
    collation orders alike.
    """
    bounds = {f"{lookup}__gte" if itself else f"{lookup}__gt": prefix}
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
