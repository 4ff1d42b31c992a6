"""Whether what somebody was told is still to be done. Reads verdicts and records; computes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import OWED
from zhibu.web.records.models import Record, Review
from zhibu.web.reminders.models import OF_DUTIES, Reminder

WHY = "of reminders in hand"
Key = tuple[int, str]  # organisation, key


def still_open(rows: Collection[Reminder]) -> set[Key]:
    """Those of the reminders that are still to be done; two queries. Of other apps' matters nobody knows here."""
    return still_owed(one for one in rows if one.kind in OF_DUTIES) | _returned(rows)


def still_owed(rows: Iterable[Reminder]) -> set[Key]:
    keys = {(one.organisation_id, one.key) for one in rows}
    if not keys:
        return set()
    named = [key.split("/") for _, key in keys]
    found = Verdict.objects.unscoped(WHY).filter(
        Q(status__in=OWED) | Q(status="missed"), organisation__in={place for place, _ in keys},
        rule__in={name[1] for name in named}, period__in={name[2] for name in named},
    )  # fmt: skip
    owed = {
        (place, f"{book}/{rule}/{period}")
        for place, book, rule, period in found.values_list("organisation", "rulebook", "rule", "period")
    }
    return keys & owed


def _returned(rows: Iterable[Reminder]) -> set[Key]:
    numbers = {one.key.split(":")[1]: one for one in rows if one.key.startswith("record:")}
    if not numbers:
        return set()
    there = Record.objects.unscoped(WHY).filter(number__in=numbers, review=Review.RETURNED, withdrawn_at=None)
    back = set(there.values_list("number", flat=True))
    return {(one.organisation_id, one.key) for number, one in numbers.items() if number in back}
