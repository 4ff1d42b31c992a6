"""What was refused is a line too, outside the transaction that was rolled back, and can't be used to fill the disk.

The same denial (same person or address, same action, same outcome) within a minute is counted, not repeated; its
count becomes a line when the minute is over. Of people not signed in, who can change their address at will, at most
STRANGERS different denials a minute get lines of their own; those beyond are one, with their count.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F

from zhibu.web.audit import masking, where
from zhibu.web.audit.actions import add, who
from zhibu.web.audit.models import Denial, Line, Outcome
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

WINDOW = timedelta(minutes=1)
STRANGERS = 100


def refused(
    *,
    action: str,
    sentence: str,
    by: Scope | None = None,
    user: models.Model | None = None,
    outcome: str = Outcome.DENIED,
    new: dict[str, Any] | None = None,
    about: str = "",
    stranger: bool = False,
) -> None:
    """Record that `action` was denied or failed: an address out of reach, a wrong password, a locked account.

    Call it when no transaction is open any more. `about` tells apart what counts as different (the account of a
    sign-in); it is hashed, never stored. `stranger`: `user` is whom somebody claims to be who has not signed in.
    """
    columns = who(by, user) | _place(by) | {
        "address": where.address.get(), "device": where.device.get(), "action": action, "outcome": Outcome(outcome),
        "sentence": masking.text(sentence)[:300], "thing": "", "thing_id": "", "new": masking.values(new),
    }  # fmt: skip
    stranger = stranger or columns["user_id"] is None
    parts = (columns["user_id"] or columns["address"], columns.get("post_id_then"), action, outcome, about)
    key = "strangers" if stranger and _crowded() else hashlib.sha256(repr(parts).encode()).hexdigest()
    _count(key, columns, stranger)


def _place(by: Scope | None) -> dict[str, Any]:
    """The organisation of who was refused, so that the auditor above them sees it."""
    if by is None or len(by.prefixes) != 1 or not by.organisation_id:
        return {}
    name = by.unit
    return {"organisation_id_then": by.organisation_id, "organisation_name": name, "organisation_path": by.prefixes[0]}


def _crowded() -> bool:
    return Denial.objects.filter(stranger=True, until__gt=clock.now()).count() >= STRANGERS


@transaction.atomic
def _count(key: str, columns: dict[str, Any], stranger: bool) -> None:
    now = clock.now()
    fresh = {"until": now + WINDOW, "stranger": stranger, "line": columns}
    denial, new = Denial.objects.get_or_create(key=key, defaults=fresh)
    if not new and now < denial.until <= now + WINDOW:  # a minute that ends later was begun by a clock since put back
        Denial.objects.filter(pk=denial.pk).update(times=F("times") + 1)
        return
    if not new:
        _settle(denial)
        Denial.objects.filter(pk=denial.pk).update(times=0, **fresh)
    add(Line(at=now, **columns))


def settle() -> int:
    """Write down the counts of minutes that are over. Returns how many lines that made."""
    return sum(_settled(pk) for pk in list(_over().values_list("pk", flat=True)))


def _over() -> models.QuerySet[Denial]:
    now = clock.now()
    return Denial.objects.filter(models.Q(until__lte=now) | models.Q(until__gt=now + WINDOW))


@transaction.atomic
def _settled(pk: int) -> int:
    denial = _over().select_for_update().filter(pk=pk).first()
    if denial is None:
        return 0
    made = _settle(denial)
    denial.delete()
    return made


def _settle(denial: Denial) -> int:
    if not denial.times:
        return 0
    kept = denial.line["new"] or {}
    columns = denial.line | {
        "sentence": f"{denial.line['sentence']}（一分钟内又有 {denial.times} 次）"[:300],
        "new": kept | {"repeated": denial.times},
    }
    add(Line(at=clock.now(), **columns))
    return 1
