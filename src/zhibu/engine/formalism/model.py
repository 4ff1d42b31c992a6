"""The frozen objects of a formalism list: entries, the days they hold, the signs that give a thing away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zhibu.engine.errors import Place
from zhibu.engine.rulebooks.model import Calendar, Grade, Measure, Rulebook, Source, Subject
from zhibu.engine.scheme import Scheme

Severity = Literal["refuse", "warn"]
Judged = Literal["rule", "scheme"]


@dataclass(frozen=True, slots=True)
class Hold:
    """From `since` to `until` (inclusive, None is open) this source says so, known as surely as `evidence`."""

    since: date
    until: date | None
    severity: Severity
    source: Source
    clause: str
    evidence: Grade
    place: Place

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Signs:
    """`types`, `columns`, `peer_groups`: ids. `words` anywhere in a name, `titles` a whole name, `apart` never."""

    types: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    peer_groups: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    titles: frozenset[str] = frozenset()
    apart: tuple[str, ...] = ()
    measures: frozenset[Measure] = frozenset()
    subjects: frozenset[Subject] = frozenset()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a regulation itself asks of organisations of these kinds; without a clock it names no number."""

    event: str
    kinds: frozenset[str]
    clock: Calendar | None
    at_least: Decimal
    source: Source
    clause: str
    evidence: Grade


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a pair: `central` lies beside, `rules` and `scheme` are judged."""

    central: Rulebook | None
    rules: Rulebook | None
    scheme: Scheme | None
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is not to be asked for. `requirements`: what more than which is too much."""

    id: str
    title: str
    judged: tuple[Judged, ...]
    holds: tuple[Hold, ...]
    signs: Signs
    requirements: tuple[Requirement, ...]
    wrong: str
    instead: str
    caught: Example
    spared: Example
    place: Place

    def on(self, day: date) -> Hold | None:
        """The hold of that day: the source and the severity."""
        return next((hold for hold in self.holds if hold.covers(day)), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A whole list as known on `dated`. `negations`: beside these a word is what is fought, not what is asked for."""

    title: str
    dated: date
    negations: tuple[str, ...]
    entries: tuple[Entry, ...]
    place: Place
