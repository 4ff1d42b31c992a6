"""How often something may be tried. Counted in the database before the costly part, so that it holds for several
processes and for requests sent at the same moment; without the database nobody signs in (fails closed).

The numbers are `settings.LIMITS`; docs/manual/accounts.md shows them as a table, and a test keeps both equal.
Rejected: django-axes counts after the password was checked, so a burst gets through (its issue 592, "won't fix"), and
knows no devices; limits in a cache are gone with the cache.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from zhibu.web.accounts.models import Tally
from zhibu.web.core import clock

PATTERN = re.compile(r"([0-9]{1,7})/([0-9]{1,4})([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Limited(Exception):
    """Too often. `limit` names which one, `until` says when it is over."""

    def __init__(self, limit: str, until: datetime):
        super().__init__(limit)
        self.limit, self.until = limit, until


@dataclass(frozen=True, slots=True)
class Rate:
    times: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Want:
    """One counter to take from: the name of its limit, and whose counter it is. `account` as in Tally."""

    limit: str
    whose: tuple[str, ...]
    account: str = ""

    @property
    def key(self) -> str:
        return digest("limit", self.limit, *self.whose)


def parse(text: str) -> Rate:
    """`5/30m`: five times in thirty minutes (s, m, h, d). Raises ValueError."""
    found = PATTERN.fullmatch(text)
    if found is None or int(found[1]) < 1 or int(found[2]) < 1:
        raise ValueError(f"次数限制“{text}”写得不对，应像 5/30m：30 分钟内 5 次（单位 s、m、h、d）")
    return Rate(int(found[1]), timedelta(**{UNITS[found[3]]: int(found[2])}))


def rate(limit: str) -> Rate:
    return parse(settings.LIMITS[limit])


def digest(*parts: str) -> str:
    """A keyed digest of what must not be stored in clear. Parts are set apart: ("ab", "c") is not ("a", "bc")."""
    return salted_hmac("zhibu.accounts", "\x00".join(parts), algorithm="sha256").hexdigest()


def account_of(username: str) -> str:
    """The digest under which an account is counted; it does not matter whether there is one."""
    return digest("account", username.casefold())


def take(*wants: Want) -> None:
    """Count one try of each. Raises Limited, and then counts none: a refused try does not make the wait longer."""
    with transaction.atomic():
        for want in sorted(
            wants, key=lambda want: want.key
        ):  # one order for all, so that two never wait for each other
            _take(want, rate(want.limit))


def give_back(*wants: Want) -> None:
    """The try was a good one: it does not count."""
    for want in wants:
        Tally.objects.filter(key=want.key, count__gt=0).update(count=F("count") - 1)


def clear(*wants: Want) -> None:
    Tally.objects.filter(key__in=[want.key for want in wants]).delete()


def clear_account(account: str) -> int:
    return Tally.objects.filter(account=account).delete()[0]


def left(want: Want) -> int:
    """How many tries remain."""
    row = Tally.objects.filter(key=want.key, until__gt=clock.now()).first()
    return max(0, rate(want.limit).times - (row.count if row else 0))


def forget() -> None:
    """Counters whose window is over say nothing any more."""
    Tally.objects.filter(until__lt=clock.now()).delete()


def _take(want: Want, allowed: Rate) -> None:
    now = clock.now()
    fresh = {"count": 1, "until": now + allowed.window}
    for _ in range(3):  # another process may start or end the window between two statements
        running = Tally.objects.filter(key=want.key, until__gt=now)
        if running.filter(count__lt=allowed.times).update(count=F("count") + 1):
            return
        if row := running.first():
            raise Limited(want.limit, row.until)
        if Tally.objects.filter(key=want.key, until__lte=now).update(**fresh) or _start(want, fresh):
            return
    raise Limited(want.limit, now + allowed.window)


def _start(want: Want, fresh: dict) -> bool:
    try:
        with transaction.atomic():
            Tally.objects.create(key=want.key, account=want.account, **fresh)
    except IntegrityError:
        return False
    return True
