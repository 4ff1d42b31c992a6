"""待我办: what waits for a decision of a post. Each app registers its own; one page shows all (`review`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu.web.core.hooks import Rows
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


MOST = 200  # of one source

# scope: what this post may decide now. A source asks by `scope.doing` of its own action.
on_waiting = Rows[[Scope], Waiting]()


def waiting(scope: Scope) -> list[Waiting]:
    """Of all apps together, the oldest first."""
    return sorted(on_waiting.rows(scope), key=lambda one: (one.since, one.key))
