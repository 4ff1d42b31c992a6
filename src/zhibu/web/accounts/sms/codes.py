"""A code of six digits: five minutes, five tries, once, and only in the session that asked for it."""

from __future__ import annotations

import logging
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from zhibu.web.accounts import devices, limits
from zhibu.web.accounts.limits import Limited, Want, digest
from zhibu.web.accounts.models import SentCode, User
from zhibu.web.accounts.sms.gateways import gateway
from zhibu.web.core import clock

TICKET = "sms_ticket"
LIFE = timedelta(minutes=5)
TRIES = 5
# The answer to the browser must not take longer for an account that has a phone, so messages leave from here.
_outside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sms")
log = logging.getLogger(__name__)


def count(request: HttpRequest, whose: str) -> None:
    """Take from the limits of an account (a digest) and a network, whether or not a message will go out.

    Raises Limited.
    """
    limits.take(
        Want("sms_gap", (whose,)),
        Want("sms_account", (whose,)),
        Want("sms_network", (devices.network(devices.address(request)),)),
        Want("sms_everywhere", ()),
    )


def send(request: HttpRequest, user: User | None, phone: str, purpose: str) -> Future | None:
    """Make a code for this session; send it when there is a phone. The session looks the same without one."""
    code, ticket = f"{secrets.randbelow(1_000_000):06}", secrets.token_urlsafe(24)
    SentCode.objects.create(ticket=ticket, digest=_digest(ticket, code), user=user, until=clock.now() + LIFE)
    request.session[TICKET] = ticket
    if not phone:
        return None
    text = f"【支部】验证码 {code}，5 分钟内有效，用于{purpose}。不要告诉别人。"
    return _outside.submit(_deliver, phone, text)


def check(request: HttpRequest, code: str) -> SentCode | None:
    """The code's row when it fits; used up by that. Two requests at the same moment: one wins."""
    now = clock.now()
    asked = SentCode.objects.filter(ticket=request.session.get(TICKET, ""), used=False, until__gt=now, tries__lt=TRIES)
    if not asked.update(tries=F("tries") + 1):
        return None
    row = SentCode.objects.get(ticket=request.session[TICKET])
    if not constant_time_compare(row.digest, _digest(row.ticket, "".join(code.split()))):
        return None
    if not SentCode.objects.filter(pk=row.pk, used=False).update(used=True):
        return None
    request.session.pop(TICKET)
    return row


def forget() -> None:
    SentCode.objects.filter(until__lt=clock.now()).delete()


def _deliver(phone: str, text: str) -> None:
    try:
        gateway().send(phone, text)
    except Exception:  # the person asks for another; the operator reads why
        log.exception("短信没有发出")


def _digest(ticket: str, code: str) -> str:
    return digest("sms", ticket, code)


__all__ = ["Limited", "check", "count", "forget", "send"]
