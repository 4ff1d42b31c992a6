"""What is over says nothing any more: ended sessions, full windows, spent codes, old notices."""

from __future__ import annotations

from datetime import timedelta

from zhibu.web.accounts import limits, sessions
from zhibu.web.accounts.models import Notice
from zhibu.web.accounts.sms import codes
from zhibu.web.core import clock

TOLD = timedelta(days=90)  # that 账号安全 shows a notice


def forget() -> None:
    sessions.forget()
    limits.forget()
    codes.forget()
    Notice.objects.filter(told_at__lt=clock.now() - TOLD).delete()
