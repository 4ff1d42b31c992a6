"""What is over says nothing any more: ended sessions, full windows, spent codes."""

from __future__ import annotations

from zhibu.web.accounts import limits, sessions
from zhibu.web.accounts.sms import codes


def forget() -> None:
    sessions.forget()
    limits.forget()
    codes.forget()
