"""authlib's calls leave by `core/outbound.py`: a transport of `requests` that asks there and never follows anything."""

from __future__ import annotations

from typing import Any

from authlib.integrations.django_client import DjangoOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from requests import ConnectionError as NoAnswer
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from zhibu.web.core import outbound


class Door(BaseAdapter):
    def send(self, request: PreparedRequest, *args: Any, timeout: Any = None, **kwargs: Any) -> Response:
        """Raises requests' own ConnectionError for an origin that is not configured or does not answer."""
        body = request.body.encode() if isinstance(request.body, str) else request.body
        method, url, headers = request.method or "GET", request.url or "", dict(request.headers)
        headers.pop("Content-Length", None)
        headers["Accept-Encoding"] = "identity"
        seconds = timeout if isinstance(timeout, int | float) else outbound.SECONDS
        try:
            answer = outbound.call(method, url, body=body, headers=headers, seconds=seconds)
        except OSError as error:  # Refused and Unreachable are both
            raise NoAnswer(str(error)) from error
        made = Response()
        made.status_code, made._content, made.url, made.request = answer.status, answer.body, url, request
        made.headers = CaseInsensitiveDict(answer.headers)
        return made

    def close(self) -> None:
        pass


class Session(OAuth2Session):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.trust_env = False
        for scheme in ("https://", "http://"):
            self.mount(scheme, Door())


class App(DjangoOAuth2App):
    client_cls = Session
