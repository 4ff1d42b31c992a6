"""Pages of a signed-in person are kept by nobody on the way; a key that is missing is told, not thrown."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.web.core.crypto import CryptoError

log = logging.getLogger(__name__)


class PrivatePages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SealedTrouble:
    """What pages don't answer themselves: nothing can be sealed or opened (密钥环不在，密码服务没有应答). 503 with the
    sentence; transactions are rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, CryptoError):
            return None
        log.error("%s: %s", request.path, error)
        return render(request, "503.html", {"sentence": str(error)}, status=503)
