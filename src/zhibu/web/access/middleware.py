"""Gives every request of a signed-in person its scope: `request.scope`, `request.identities`; keeps administrators to
their terminals.

Posts are read at every request, so an ended post, or a stand-in's last day, is gone at the next click.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhibu.web.access.queries import Identity, identities, scope_of
from zhibu.web.access.terminals import kept_out
from zhibu.web.accounts.devices import address
from zhibu.web.audit.denials import refused
from zhibu.web.core import clock
from zhibu.web.organisations.models import Organisation

SESSION_KEY = "post"


class ScopeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope, request.identities = None, ()  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            self._enter(request)
        return self.get_response(request)

    def _enter(self, request: HttpRequest) -> None:
        today = clock.today()
        held = identities(request.user.pk, today)
        chosen = next((one for one in held if one.key == request.session.get(SESSION_KEY)), held[0] if held else None)
        if chosen is None:
            return
        request.scope = scope_of(chosen, today)  # type: ignore[attr-defined]
        request.identity, request.identities = chosen, tuple(held)  # type: ignore[attr-defined]


class TerminalGate:
    """管理终端: an administrator's post acts from its networks only, at every request, wherever the session began.

    Outside them he may sign out, and go over to another of his posts that may work from there. Without one the session
    ends: he is not signed in from there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.scope is None or request.path == reverse("logout"):
            return self.get_response(request)
        keeper = kept_out(request.identity.post, address(request))
        if keeper is None:
            return self.get_response(request)
        others = [one for one in request.identities if kept_out(one.post, address(request)) is None]
        switching = request.path == reverse("identity") and request.method == "POST"
        if switching and request.POST.get("post") in {one.key for one in others}:
            return self.get_response(request)
        return _keep_out(request, keeper, others)


def _keep_out(request: HttpRequest, keeper: Organisation, others: list[Identity]) -> HttpResponse:
    """403 with its reason, and a line."""
    refused(
        by=request.scope, user=request.user, action="terminals.keep_out", about=address(request),
        sentence=f"{request.user.name} 不在管理终端的网段内，没有放行：{request.method} {request.path[:200]}",
        new={"list_of": keeper.code, "path": request.path[:200]},
    )  # fmt: skip
    context = {"keeper": keeper, "others": others, "address": address(request)}
    response = render(request, "access/kept_out.html", context, status=403)
    response.headers["Cache-Control"] = "no-store"  # also when nobody is signed in any more
    if not others:
        logout(request)
    return response
