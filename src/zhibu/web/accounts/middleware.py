"""What stands between a session and the pages: limits of time, a password to change, a second factor to show."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zhibu.web.accounts import factors, passwords
from zhibu.web.accounts.signing_in import STRONG
from zhibu.web.core import clock

ALWAYS = ("logout", "identity")  # pages that are open whatever is missing
SETTING_UP = ("security", "totp", "passkeys", "recovery-codes")


def administers(request: HttpRequest) -> bool:
    """Whether the person holds a post today whose role asks for a second factor and for a longer password."""
    return any(one.post.role in settings.SECOND_FACTOR_ROLES for one in getattr(request, "identities", ()))


class LastingCookie:
    """Around Django's SessionMiddleware: the cookie of a session that is gone stays until another takes its place.

    Django tells the browser to drop it. A draft kept in the background and the form itself are answered in any order:
    the late answer to the draft dropped the new session, in which the words of the form were waiting.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.row is None and request.session.is_empty():
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


class Gates:
    """After ScopeMiddleware, which says what posts somebody holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.session.touch()
            if goal := self._missing(request):
                return redirect(goal)
        return self.get_response(request)

    def _missing(self, request: HttpRequest) -> str:
        """The name of the page that must come first; empty when nothing is missing."""
        user = request.user
        if user.first_until and user.first_until < clock.now():
            logout(request)
            return "login"
        if (user.must_change_password or passwords.overdue(user)) and not _at(request, "password", *ALWAYS):
            return "password"
        if not administers(request) or request.session.get(STRONG) or _at(request, "password", *ALWAYS, *SETTING_UP):
            return ""
        return "security" if not factors.has_any(user) else self._out(request)

    def _out(self, request: HttpRequest) -> str:
        """He has a factor and came in without: a session from before he had it. The way in asks for it."""
        logout(request)
        return "login"


def _at(request: HttpRequest, *names: str) -> bool:
    return request.path in {reverse(name) for name in names}
