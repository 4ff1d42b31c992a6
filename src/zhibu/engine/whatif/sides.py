"""One side of a comparison: rulebooks and a scheme; and what differs between two sides, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from zhibu.engine.rulebooks.model import Rule, Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.whatif.shapes import shape

How = Literal["added", "removed", "changed", "points", "moved", "same"]


@dataclass(frozen=True, slots=True)
class Side:
    """`tried`: names of the draft rules that count as active on this side."""

    rulebooks: tuple[Rulebook, ...]
    scheme: Scheme
    tried: tuple[str, ...] = ()


def drafted(rulebooks: Iterable[Rulebook], scheme: Scheme) -> Side:
    """The side to try: its draft rules count as active, for that is what one wants to know."""
    books = tuple(rulebooks)
    names = tuple(sorted({rule.name for book in books for rule in book.rules if rule.status == "draft"}))
    active = tuple(replace(book, rules=tuple(replace(rule, status="active") for rule in book.rules)) for book in books)
    return Side(active, scheme, names)


def rules_of(side: Side) -> dict[tuple[str, str], list[tuple[Rulebook, Rule]]]:
    """Active rules on organisations by name, each with its versions in order."""
    found: dict[tuple[str, str], list[tuple[Rulebook, Rule]]] = {}
    for book in sorted(side.rulebooks, key=lambda book: (book.id, book.since)):
        for rule in book.rules:
            if rule.status == "active" and rule.subject == "organisation":
                found.setdefault((rule.rulebook, rule.id), []).append((book, rule))
    return found


def how(before: list[tuple[Rulebook, Rule]], after: list[tuple[Rulebook, Rule]]) -> How:
    """What happened to a rule: its versions before and after. `points`: only what its verdicts are worth."""
    if not before or not after:
        return "removed" if before else "added" if after else "same"
    if before == after:
        return "same"
    if _told(before, ("points",)) != _told(after, ("points",)):
        return "changed"
    return "same" if _told(before) == _told(after) else "points"


def _told(versions: list[tuple[Rulebook, Rule]], without: tuple[str, ...] = ()) -> list[object]:
    return [(book.since, book.until, shape(rule, without)) for book, rule in versions]


def belongs(side: Side, rulebook: str, rule: str) -> frozenset[str]:
    """The dimensions that a rule counts for. A rule that belongs elsewhere on the other side is `moved`."""
    own = side.scheme.dimensions
    return frozenset(one.id for one in own if any(pattern.fits(rulebook, rule) for pattern in one.rules))
