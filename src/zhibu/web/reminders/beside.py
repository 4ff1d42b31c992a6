"""The line on the first page of who does the work: that there are reminders, and how many are still to be done."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.reminders.queries import left


def line(scope: Scope, *_: object) -> list[tuple[str, str]]:
    """Listener of `core.announce`. Nothing when nobody was told anything."""
    if not scope.may("reminders.own"):
        return []
    lines, still = left(scope)
    return [(reverse("reminders"), f"提醒（{still} 件还要办）" if still else "提醒")] if lines else []
