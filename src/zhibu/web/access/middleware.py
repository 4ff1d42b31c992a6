"""Gives every request of a signed-in person its scope: `request.scope`, `request.identities`.

Posts are read at every request, so an ended post is gone at the next click.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhibu.web.access.queries import posts_on, scope_of
from zhibu.web.audit import actions as audit
from zhibu.web.core import clock

SESSION_KEY = "post"


class ScopeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope, request.identities = None, ()  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            self._enter(request)
        token = audit.address.set(request.META.get("REMOTE_ADDR", ""))
        try:
            return self.get_response(request)
        finally:
            audit.address.reset(token)

    def _enter(self, request: HttpRequest) -> None:
        today = clock.today()
        posts = posts_on(request.user.pk, today)
        chosen = next(
            (post for post in posts if post.pk == request.session.get(SESSION_KEY)), posts[0] if posts else None
        )
        if chosen is None:
            return
        request.scope = scope_of(chosen, today)  # type: ignore[attr-defined]
        request.identities = tuple(posts)  # type: ignore[attr-defined]
