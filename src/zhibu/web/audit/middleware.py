"""Gives every line of a request its address and device, and writes down what was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhibu.web.audit import where
from zhibu.web.audit.actions import NotAllowed, refusals
from zhibu.web.audit.denials import refused
from zhibu.web.core.pages import refuse
from zhibu.web.core.scope import Scope

log = logging.getLogger(__name__)
REFUSED = {403: "没有权限", 404: "不在范围内或不存在"}


class AuditMiddleware:
    """Stands outside the one that finds the post: the refusal is seen with the post that was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = refusals.set([])
        try:
            with where.seen(request):
                response = self.get_response(request)
                if request.resolver_match and request.user.is_authenticated:
                    self._note(request, response.status_code)
                return response
        finally:
            refusals.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What an action refuses is refused to the reader, not an error of ours."""
        return refuse(request) if isinstance(error, NotAllowed) else None

    def _note(self, request: HttpRequest, status: int) -> None:
        """What actions refused, however the page put it; else what the page itself refused.

        A refusal stays one when it can't be written down; that it can't is told to the operator.
        """
        told = refusals.get() or ()
        try:
            for by, name, why in told:
                self._refused(request, by, name, why, status)
            if not told and status in REFUSED:
                name = getattr(request.resolver_match.func, "needs", None) or "pages.open"
                self._refused(request, getattr(request, "scope", None), name, REFUSED[status], status)
        except Exception:
            log.exception("a refusal was not written into the audit log")

    def _refused(self, request: HttpRequest, by: Scope | None, name: str, why: str, status: int) -> None:
        path = request.path[:200]
        refused(
            by=by, user=request.user, action=name, about=f"{request.resolver_match.url_name} {status}",
            sentence=f"{request.method} {path}：{why}", new={"path": path, "method": request.method, "status": status},
        )  # fmt: skip
