"""What an app below tells the apps above: "the facts of this organisation changed".

Records and members must not import the pipeline, yet a saved record has to move its verdicts in the same
transaction. A listener that raises undoes the whole action: all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Listener = Callable[[frozenset[int]], None]
_listeners: list[Listener] = []


def on_facts_changed(listener: Listener) -> Listener:
    """Register `listener(organisation_ids)`; called inside the transaction of the write."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def facts_changed(organisation_ids: Iterable[int]) -> None:
    ids = frozenset(organisation_ids)
    for listener in _listeners:
        listener(ids)
