"""The sentence of a message. No person's name, no unit, no content: the title of a rule, a day, an address."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from zhibu.web.reminders.models import OF_DUTIES, Reminder

SUBJECT = "支部工作提醒"


def sentence(found: Sequence[Reminder]) -> str:
    """记录 11 月主题党日，11 月 30 日前，另有 2 件。https://…/reminders/"""
    first = min(found, key=lambda one: (one.by is None, one.by or one.on, one.pk))
    more = f"，另有 {len(found) - 1} 件" if len(found) > 1 else ""
    return f"{_what(first)}{_when(first)}{more}。{where()}"


def where() -> str:
    """The address of the list, where the operator has said what this installation is called (`ZHIBU_SITE`)."""
    return f"{settings.SITE}{reverse('reminders')}" if settings.SITE else "登录支部平台查看"


def _what(one: Reminder) -> str:
    """What came back is called by no title: a person typed it."""
    return one.title if one.kind in OF_DUTIES else "有退回的要补充"


def _when(one: Reminder) -> str:
    if one.by is None:
        return ""
    return f"，期限 {_day(one)}，已过" if one.by < one.on else f"，{_day(one)}前"


def _day(one: Reminder) -> str:
    assert one.by is not None
    return f"{one.by.month} 月 {one.by.day} 日"
