"""Gives every request of a signed-in person its scope: `request.scope`, `request.identities`.

Posts are read at every request, so an ended post, or a stand-in's last day, is gone at the next click.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhibu.web.access.queries import identities, scope_of
from zhibu.web.core import clock

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
