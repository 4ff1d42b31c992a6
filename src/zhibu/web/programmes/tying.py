"""Programmes in the form of a record: what binds the branch on that day may be ticked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.programmes.models import Mark, Programme
from zhibu.web.programmes.queries import binding
from zhibu.web.records.models import Record
from zhibu.web.records.ties import Choices, Offer, Tie
from zhibu.web.regulations.activities import Frame

WHY = "of a record in hand"


def offer(scope: Scope, place: Organisation, on: date, record: Record | None) -> Offer:
    """A box for each programme, for each theme where it has some; what a record counts for already stays offered."""
    bound = binding(place, on)
    choices = [choice for one in bound for choice in _choices(one)]
    there = {value for value, _ in choices}
    for mark in _marks(record) if record else []:
        if (value := _value(mark.programme, mark.theme)) not in there:
            choices.append((value, _word(mark.programme, mark.theme)))
    frames = tuple(Frame(f"programme-{one.pk}", one.name, one.text) for one in bound if one.text)
    return Offer(choices, frames, "勾选后计入，不用另报" if choices else "")


def chosen(record: Record) -> list[str]:
    return [_value(one.programme, one.theme) for one in _marks(record)]


def keep(by: Scope, record: Record, values: Sequence[str]) -> None:
    """The marks become these. Called inside the record's own transaction, which tells of it."""
    wanted, there = set(values), {_value(one.programme, one.theme): one for one in _marks(record)}
    gone = [mark.pk for value, mark in there.items() if value not in wanted]
    Mark.objects.unscoped(WHY).filter(pk__in=gone).delete()
    pairs = (value.partition(":") for value in sorted(wanted - there.keys()))
    Mark.objects.bulk_create(Mark(programme_id=int(pk), record=record, theme=theme) for pk, _, theme in pairs)


def told(scope: Scope, record: Record) -> list[tuple[str, str]]:
    may = scope.may("programmes.view")
    return [
        (_word(one.programme, one.theme), reverse("programme", args=[one.programme_id]) if may else "")
        for one in _marks(record)
    ]


def _marks(record: Record) -> list[Mark]:
    rows = Mark.objects.unscoped(WHY).filter(record=record).select_related("programme")
    return list(rows.order_by("programme", "pk"))


def _choices(one: Programme) -> Choices:
    return [(_value(one, theme), _word(one, theme)) for theme in one.themes or [""]]


def _value(one: Programme, theme: str) -> str:
    return f"{one.pk}:{theme}" if theme else str(one.pk)


def _word(one: Programme, theme: str) -> str:
    word = f"{one.name}：{theme}" if theme else one.name
    return f"{word}（中心工作）" if one.kind == Programme.Kind.TASK else word


TIE = Tie("programmes", "专项和中心工作", "", offer, chosen, keep, told)
