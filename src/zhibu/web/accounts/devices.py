"""The device somebody signs in from: its network, a word for it, and whether it is known.

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


def network(address: str) -> str:
    """The neighbourhood of an address: /24 of IPv4, /64 of IPv6; the text itself when it is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if mapped := getattr(found, "ipv4_mapped", None):
        found = mapped
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


SYSTEMS = {
    "HarmonyOS": "鸿蒙", "Android": "安卓手机", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows 电脑",
    "Mac OS": "苹果电脑", "Linux": "Linux 电脑",
}  # fmt: skip
BROWSERS = {
    "MicroMessenger": "微信", "DingTalk": "钉钉", "Edg/": "Edge", "Firefox": "Firefox", "Chrome": "Chrome",
    "Safari": "Safari",
}  # fmt: skip


def label(request: HttpRequest) -> str:
    """安卓手机·微信: words for the list of sessions, from what the browser says of itself."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    words = [next((word for sign, word in table.items() if sign in agent), "") for table in (SYSTEMS, BROWSERS)]
    return "·".join(filter(None, words)) or "未识别的设备"
