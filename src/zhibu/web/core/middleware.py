"""Where a request comes from; what a browser may do with an answer and who may keep it; a missing key is told."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.web.core.crypto import CryptoError

log = logging.getLogger(__name__)


class TrustedProxy:
    """Puts the client's address into REMOTE_ADDR when the peer is one of our own proxies (`ZHIBU_PROXIES`).

    The last entry of X-Forwarded-For that is not ours was written by our outermost proxy; what stands before it came
    with the request and may be anything. From any other peer the header is not read at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("REMOTE_ADDR") in settings.PROXIES:
            hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            foreign = [hop for hop in hops if hop and hop not in settings.PROXIES]
            if foreign:
                request.META["REMOTE_ADDR"] = foreign[-1][:45]
        return self.get_response(request)


class PrivatePages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


# What no page of ours uses is off, so that injected markup can't use it either. No location, no camera (product.md).
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in [
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    ]
)


class Headers:
    """Permissions and who may embed the answer; the others are Django's (settings)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
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
