"""What a record is tied to in apps above (programmes, goals): offered in the form, kept in its transaction.

Those apps import records, not the other way: they register a `Tie` when they are ready.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.regulations.activities import Frame

PREFIX = "tie_"
Choices = list[tuple[str, str]]
Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be ticked for one organisation on one day; `hint` says what else there is to know."""

    choices: Choices = dataclasses.field(default_factory=list)
    frames: tuple[Frame, ...] = ()
    hint: str = ""
    required: bool = False  # at least one, while a kind that asks the tie's group is chosen


@dataclass(frozen=True, slots=True)
class Tie:
    """`group`: the group of `activity-types.yaml` it stands in; empty: beside the kinds of activity.

    `offer(scope, organisation, on, record)`: `record` is the one being corrected, whose ties stay offered.
    `keep(by, record, values)` runs inside the record's own transaction, `values` were offered.
    `told(scope, record)`: (what it is tied to, address) for its page.
    """

    name: str
    label: str
    group: str
    offer: Callable[[Scope, Organisation, date, Record | None], Offer]
    chosen: Callable[[Record], list[str]]
    keep: Callable[[Scope, Record, Sequence[str]], None]
    told: Callable[[Scope, Record], list[tuple[str, str]]]


def field(tie: Tie, offer: Offer) -> forms.Field:
    """Boxes to tick; none has to be, unless the check of the form says so."""
    said = {"invalid_choice": f"{tie.label}里现在没有这一项，重新打开这页再选"}
    made = forms.MultipleChoiceField(
        label=tie.label, required=False, choices=offer.choices, help_text=offer.hint,
        widget=forms.CheckboxSelectMultiple, error_messages=said,
    )  # fmt: skip
    made.wanted = offer.required  # type: ignore[attr-defined]
    return made


_ties: dict[str, Tie] = {}


def register(tie: Tie) -> None:
    _ties[tie.name] = tie


def ties() -> Iterable[Tie]:
    return _ties.values()


def offers(scope: Scope, organisation: Organisation, on: date, record: Record | None) -> dict[str, Offer]:
    return {tie.name: tie.offer(scope, organisation, on, record) for tie in ties()}


def moved(record: Record, given: Given) -> dict[str, tuple[list[str], list[str]]]:
    """Ties that an edit changes: name → before, after. What is not `given` stays."""
    pairs = {tie.name: (sorted(tie.chosen(record)), sorted(given[tie.name])) for tie in ties() if tie.name in given}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def keep(by: Scope, record: Record, given: Given, before: Record | None = None) -> bool:
    """Whether all of it was offered; then it is kept. Nothing is kept otherwise."""
    for tie in ties():
        if tie.name not in given:
            continue
        offer = tie.offer(by, record.organisation, record.held_on, before)
        if not set(given[tie.name]) <= {value for value, _ in offer.choices}:
            return False
        tie.keep(by, record, given[tie.name])
    return True


def told(scope: Scope, record: Record) -> list[tuple[str, list[tuple[str, str]]]]:
    """(专项、中心工作, [(name, address)]) where there is something."""
    found = [(tie.label, tie.told(scope, record)) for tie in ties()]
    return [(label, rows) for label, rows in found if rows]
