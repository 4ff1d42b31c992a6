"""待我办: what waits for a decision of a post. Each app registers its own; one page shows all (`review`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from zhibu.web.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to decide. `key` names it for good (`record:2026-000123`), `why` says why it is here."""

    key: str
    url: str
    title: str
    place: str  # whose it is
    since: date
    why: str
    version: int = 0  # of an activity record: the one the page showed


Source = Callable[[Scope], list[Waiting]]
_sources: list[Source] = []
MOST = 200  # of one source


def on_waiting(source: Source) -> Source:
    """Register `source(scope)`: what this post may decide now. It asks by `scope.doing` of its own action."""
    if source not in _sources:
        _sources.append(source)
    return source


def waiting(scope: Scope) -> list[Waiting]:
    """Of all apps together, the oldest first."""
    return sorted((one for source in _sources for one in source(scope)), key=lambda one: (one.since, one.key))
