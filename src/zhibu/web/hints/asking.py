"""A hint comes, once for a pair of records, and goes when it no longer holds; both with a line by the system."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q

from zhibu.web.audit.actions import write
from zhibu.web.core import clock
from zhibu.web.hints.models import Hint
from zhibu.web.records.models import Record

WHY = "the system asks; who sees it the pages say"


def key_of(kind: str, one: int, other: int | None = None) -> str:
    """The same whichever of the two is looked at: a pair is never asked about twice."""
    return ":".join([kind, *(str(pk) for pk in sorted(pk for pk in (one, other) if pk is not None))])


@transaction.atomic
def ask(kind: str, one: int, other: int | None = None, **told: Any) -> Hint | None:
    """The question goes to the organisation of the record that was entered later. None: it was asked before."""
    key = key_of(kind, one, other)
    if Hint.objects.unscoped(WHY).filter(key=key).exists():
        return None
    rows = Record.objects.unscoped(WHY).filter(pk__in=[one, other], withdrawn_at=None).select_related("organisation")
    found = sorted(rows, key=lambda record: (record.recorded_at, record.pk))
    if len(found) < (1 if other is None else 2):
        return None
    later, earlier = found[-1], found[0] if other is not None else None
    if kind == Hint.Kind.PHOTO and later.pk != one:
        told = {"picture": told["other_picture"], "other_picture": told["picture"]}
    hint, made = Hint.objects.unscoped(WHY).get_or_create(
        key=key, defaults={"kind": kind, "record": later, "other": earlier, "asked_on": clock.today(), **told}
    )
    if made:
        _write("hints.ask", f"提示：{later.number} {hint.get_kind_display()}", hint, {"kind": kind})
    return hint if made else None


def asked_about(records: Collection[int]) -> set[int]:
    """Those of the records with an open question, on either side of it."""
    rows = Hint.objects.unscoped(WHY).filter(
        Q(record__in=records) | Q(other__in=records), gone_on=None, answered_on=None
    )
    return {pk for pair in rows.values_list("record", "other") for pk in pair if pk is not None}


def settle(kind: str, record: int, others: Collection[int]) -> None:
    """Open hints of a record, just looked at, whose other record is none of these any more."""
    rows = Hint.objects.unscoped(WHY).filter(Q(record=record) | Q(other=record), kind=kind, gone_on=None)
    for hint in rows.filter(answered_on=None).select_related("record__organisation"):
        if (hint.other_id if hint.record_id == record else hint.record_id) not in others:
            gone(hint)


@transaction.atomic
def gone(hint: Hint) -> None:
    hint.gone_on = clock.today()
    hint.save(update_fields=["gone_on"])
    _write(
        "hints.settle", f"提示不再成立：{hint.record.number} {hint.get_kind_display()}", hint, {"gone_on": hint.gone_on}
    )


def _write(action: str, sentence: str, hint: Hint, new: dict[str, Any]) -> None:
    write(
        by=None, action=action, sentence=sentence, thing=hint, organisation=hint.record.organisation, new=new,
        happened_on=hint.record.held_on,
    )  # fmt: skip
