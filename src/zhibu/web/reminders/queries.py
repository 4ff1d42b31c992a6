"""One's own list, and who was told when in the organisations within reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations.models import Organisation
from zhibu.web.reminders.models import MUTABLE, Kind, Reminder, ReminderWish
from zhibu.web.reminders.open import still_open

BACK = timedelta(days=30)  # that one's own list goes back
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Mine:
    """A line of one's own list. `known`: whether this app can tell if it is done."""

    reminder: Reminder
    open: bool
    known: bool
    named: bool  # whose matter it is, for who works at more than one place

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        if not self.open:
            return "done" if self.known else "na"
        return {Kind.CLOSING: "soon", Kind.RETURNED: "returned"}.get(Kind(self.reminder.kind), "late")

    @property
    def note(self) -> str:
        one = self.reminder
        parts = [(one.organisation.short_name or one.organisation.name) if self.named else ""]
        parts.append(f"{one.asked.sent_by} {one.on.month} 月 {one.on.day} 日提醒" if one.asked else "")
        parts.append(f"期限 {one.by.month} 月 {one.by.day} 日" if one.by else "")
        return " · ".join(filter(None, parts))


def mine(scope: Scope) -> list[Mine]:
    """Of the last 30 days, each matter once, what is still to be done first."""
    rows = Reminder.objects.unscoped("a person's own").filter(user=scope.user_id, on__gt=scope.on - BACK)
    latest: dict[tuple[int, str], Reminder] = {}
    for one in rows.select_related("organisation", "asked").order_by("-on", "-pk")[:LONGEST]:
        latest.setdefault((one.organisation_id, one.key), one)
    owed = still_open(latest.values())
    many = len({place for place, _ in latest}) > 1
    found = [Mine(one, key in owed, not one.key.startswith("/"), many) for key, one in latest.items()]
    return sorted(found, key=lambda line: not line.open)


def left(scope: Scope) -> tuple[int, int]:
    """(lines, those still to be done) of one's own list."""
    found = mine(scope)
    return len(found), sum(one.open for one in found)


def wish(scope: Scope) -> ReminderWish:
    return ReminderWish.objects.filter(user=scope.user_id).first() or ReminderWish()


def muted(found: ReminderWish) -> list[str]:
    return [one.label for one in MUTABLE if one in found.muted]


def told(scope: Scope, area: Organisation | None = None) -> QuerySet[Reminder]:
    """Who was told when, the latest first."""
    rows = Reminder.objects.within(scope).select_related("organisation", "user", "digest", "asked")
    if area:
        rows = rows.filter(subtree("organisation__path", area.path))
    return rows.order_by("-on", "organisation__path", "pk")
