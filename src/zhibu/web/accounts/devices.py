"""The device somebody signs in from: its network, and whether it is known. What it is called: `audit.where.device_of`.

A device is known to an account after one full sign-in from it. Being known lets nobody in: it only has counters of its
own, so that strangers who try passwords elsewhere cannot lock the owner out (OWASP: device cookies).
"""

from __future__ import annotations

import ipaddress
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "known"
SALT = "zhibu.accounts.devices"
LONGEST = 90 * 24 * 3600  # seconds
MOST = 5  # accounts that one shared computer knows


def address(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "")


def parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address; IPv4 written as IPv6 is IPv4, the zone of a link is left out. None when it is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def network(address: str) -> str:
    """The neighbourhood of an address: /24 of IPv4, /64 of IPv6; the text itself when it is no address."""
    if (found := parsed(address)) is None:
        return address
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 64), strict=False))


def known(request: HttpRequest, account: str) -> str:
    """The id of this device when `account` (a digest) has signed in from it within 90 days, else empty."""
    return _read(request).get(account, "")


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    pairs = _read(request)
    number = pairs.pop(account, "") or secrets.token_urlsafe(16)
    kept = dict([(account, number), *pairs.items()][:MOST])
    response.set_cookie(
        COOKIE, signing.dumps(kept, salt=SALT), max_age=LONGEST, httponly=True, samesite="Lax", path="/login/",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}
