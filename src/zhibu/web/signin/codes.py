"""The code in the QR: meeting and half minute under the site's key. The printed one, for paper and pages without
script, holds as long as the sign-in is open."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from zhibu.web.signin.models import Meeting

STEP = 30  # seconds
PRINTED = "printed"
SHAPE = re.compile(r"[0-9a-f]{24}", re.ASCII)
NONCE = 10  # characters; the rest is the proof


def current(meeting: Meeting, now: datetime) -> str:
    return meeting.nonce + _proof(meeting, _step(now))


def printed(meeting: Meeting) -> str:
    return meeting.nonce + _proof(meeting, PRINTED)


def left(now: datetime) -> int:
    """Seconds until the code changes."""
    return STEP - int(now.timestamp()) % STEP


def meeting_of(code: str) -> Meeting | None:
    """The meeting a code speaks of, whether or not the proof in it still holds."""
    if not SHAPE.fullmatch(code):
        return None
    rows = Meeting.objects.unscoped("who has the code is at the meeting").select_related("organisation")
    return rows.filter(nonce=code[:NONCE]).first()


def fresh(meeting: Meeting, code: str, now: datetime) -> bool:
    """This half minute's, the last one's, or the printed one."""
    step = _step(now)
    good = [_proof(meeting, what) for what in (step, str(int(step) - 1), PRINTED)]
    return any(constant_time_compare(code[NONCE:], one) for one in good)


def _step(now: datetime) -> str:
    return str(int(now.timestamp()) // STEP)


def _proof(meeting: Meeting, what: str) -> str:
    return salted_hmac("zhibu.signin", f"{meeting.nonce}|{what}", algorithm="sha256").hexdigest()[:14]
