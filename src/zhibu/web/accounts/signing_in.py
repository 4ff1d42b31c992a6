"""The way in: limits, then the password, then a second factor, then a session. Every way in ends in `complete`.

Unknown account, wrong password, disabled account, expired first password: the same answer after the same work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.accounts import actions, devices, factors, fresh, limits
from zhibu.web.accounts.limits import Limited, Want
from zhibu.web.accounts.models import User
from zhibu.web.core import asked, clock

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "pending"  # in the session: who has shown a password and not yet a second factor
PATIENCE = timedelta(minutes=5)  # between the two
STRONG = "strong"  # in the session: a second factor was shown
HELD = "held"  # in the session: words of a form that came too late (held.py)


@dataclass(frozen=True, slots=True)
class Wrong(Exception):
    """Nobody was let in. `left`: how many tries this device has for this account."""

    left: int


def check(request: HttpRequest, username: str, password: str, code: str = "") -> User:
    """The person whose password this is. With `code`, a second factor is used up as well.

    Raises Limited before any hash is computed, Wrong after one, hashing.Busy when there is no room for one.
    """
    account = limits.account_of(username)
    wants = _taken(request, account, bool(code))
    user = _fitting(authenticate(request, username=username, password=password), code)
    if user is None:
        actions.refused(username=username, how="密码")
        raise Wrong(limits.left(wants[0]))
    limits.clear(wants[0])
    limits.give_back(*wants[1:])
    return user


def _taken(request: HttpRequest, account: str, coded: bool) -> list[Want]:
    """The counters this try was taken from, the one of this device first. Raises Limited.

    A known device has a counter of its own. Password and code together are not held up by what strangers tried
    elsewhere: without the code the password alone opens nothing, so there is nothing to guess.
    """
    known, address = devices.known(request, account), devices.address(request)
    if known:
        try:
            return _take(Want("device", (account, known), account))
        except Limited:
            pass  # as from anywhere else
    common = [Want("network", (devices.network(address),)), Want("everywhere", ())]
    if coded:
        return _take(Want("coded", (account, address), account), *common)
    return _take(Want("pair", (account, address), account), Want("account", (account,), account), *common)


def _take(*wants: Want) -> list[Want]:
    try:
        limits.take(*wants)
    except Limited as limited:
        actions.locked(limit=limited.limit)
        raise
    return list(wants)


def _fitting(user: User | None, code: str) -> User | None:
    if user is None or (user.first_until and user.first_until < clock.now()):
        return None
    return user if not code or (factors.has_any(user) and factors.code_fits(user, code)) else None


def enter(request: HttpRequest, user: User, *, how: str, strong: bool = False, onward: str = "") -> HttpResponse:
    """A first factor was shown: go on to the second one, where there is one, or in."""
    if strong or not factors.has_any(user):
        return complete(request, user, how=how, strong=strong, onward=onward)
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "at": clock.now().isoformat(),
        "how": how,
        "next": safe(request, onward),
    }
    return redirect("second")


def pending(request: HttpRequest) -> tuple[User, dict] | None:
    """Who is half way in, in this session, not longer than five minutes ago."""
    found = request.session.get(PENDING)
    if not found or clock.now() - clock.moment(found["at"]) > PATIENCE:
        return None
    user = User.objects.filter(pk=found["user"], is_active=True).first()
    return (user, found) if user else None


def take_second(request: HttpRequest, user: User) -> list[Want]:
    """Count a try of the second factor. Raises Limited."""
    account, address = limits.account_of(user.username), devices.address(request)
    if known := devices.known(request, account):
        return _take(Want("second", (account, known), account))
    return _take(Want("second", (account, address), account), Want("second_account", (account,), account))


def complete(request: HttpRequest, user: User, *, how: str, strong: bool, onward: str = "") -> HttpResponse:
    """Both factors are there, or one is enough: a new session, with a new key."""
    found = request.session.pop(PENDING, None) or {}
    if request.user.is_authenticated:
        logout(request)
    login(request, user, backend=BACKEND)
    request.session[STRONG] = strong
    fresh.mark(request)
    for words in actions.signed_in(user=user, how=how, strong=strong):
        messages.warning(request, f"{words}。不是本人要求的，在“账号安全”里改回来，并联系他核实")
    held = request.session.get(HELD)
    goal = "held" if held and held["user"] == user.pk else safe(request, onward or found.get("next", ""))
    response = redirect(goal)
    devices.remember(request, response, limits.account_of(user.username))
    return response


def safe(request: HttpRequest, url: str) -> str:
    """`url` when it is a path of this host, else the first page."""
    return (url.startswith("/") and asked.onward(request, url)) or settings.LOGIN_REDIRECT_URL
