"""Gives every line of a request its address and device, and writes down what was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhibu.web.audit import where
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.denials import refused
from zhibu.web.core.pages import refuse

log = logging.getLogger(__name__)
REFUSED = {403: "没有权限", 404: "不在范围内或不存在"}


class AuditMiddleware:
    """Stands outside the one that finds the post: the refusal is seen with the post that was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with where.seen(request):
            response = self.get_response(request)
            if response.status_code in REFUSED and request.resolver_match and request.user.is_authenticated:
                self._note(request, response.status_code)
            return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What an action refuses is refused to the reader, not an error of ours."""
        if not isinstance(error, NotAllowed):
            return None
        request.refusal = str(error)  # type: ignore[attr-defined]
        return refuse(request)

    def _note(self, request: HttpRequest, status: int) -> None:
        """A refusal stays one when it can't be written down; that it can't is told to the operator."""
        match, reason = request.resolver_match, getattr(request, "refusal", "") or REFUSED[status]
        action = getattr(match.func, "needs", None) or match.url_name or "page"
        try:
            refused(
                by=getattr(request, "scope", None), user=request.user, action=action,
                about=f"{match.url_name} {status}",
                sentence=f"{request.method} {request.path[:200]}：{reason}",
                new={"path": request.path[:200], "method": request.method, "status": status},
            )  # fmt: skip
        except Exception:
            log.exception("a refusal was not written into the audit log")
