"""What an app below tells the apps above: "the facts of this organisation changed".

Records and members must not import the pipeline, yet a saved record has to move its verdicts in the same
transaction. A listener that raises undoes the whole action: all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

Listener = Callable[[frozenset[int], date | None], None]
_listeners: list[Listener] = []


def on_facts_changed(listener: Listener) -> Listener:
    """Register `listener(organisation_ids, since)`; called inside the transaction of the write."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def facts_changed(organisation_ids: Iterable[int], since: date | None = None) -> None:
    """`since`: only activities of that day or later changed, none of them made up for an earlier period."""
    ids = frozenset(organisation_ids)
    for listener in _listeners:
        listener(ids, since)


Carrier = Callable[[int, str, str], None]
_carriers: list[Carrier] = []


def on_tree_moved(carrier: Carrier) -> Carrier:
    """Register `carrier(organisation_id, old_path, new_path)`; called inside the transaction of the move."""
    if carrier not in _carriers:
        _carriers.append(carrier)
    return carrier


def tree_moved(organisation_id: int, old_path: str, new_path: str) -> None:
    for carrier in _carriers:
        carrier(organisation_id, old_path, new_path)


Asker = Callable[[int], None]
_askers: list[Asker] = []


def on_trial_asked(asker: Asker) -> Asker:
    """Register `asker(trial_id)`; called when the trial is saved."""
    if asker not in _askers:
        _askers.append(asker)
    return asker


def trial_asked(trial_id: int) -> None:
    for asker in _askers:
        asker(trial_id)


Receiver = Callable[[int, int, int], None]
_receivers: list[Receiver] = []


def on_post_handed_over(receiver: Receiver) -> Receiver:
    """Register `receiver(from_user_id, to_user_id, organisation_id)`; called inside the transaction of the 交接."""
    if receiver not in _receivers:
        _receivers.append(receiver)
    return receiver


def post_handed_over(from_user_id: int, to_user_id: int, organisation_id: int) -> None:
    for receiver in _receivers:
        receiver(from_user_id, to_user_id, organisation_id)


Judge = Callable[[frozenset[int]], None]
_judges: list[Judge] = []


def on_units_changed(judge: Judge) -> Judge:
    """Register `judge(unit_ids)`; called inside the transaction of the write."""
    if judge not in _judges:
        _judges.append(judge)
    return judge


def units_changed(unit_ids: Iterable[int]) -> None:
    ids = frozenset(unit_ids)
    for judge in _judges:
        judge(ids)
