"""How a message leaves the house. A gateway is a class with `send(phone, text)`; `ZHIBU_SMS_GATEWAY` names it.

Every provider has its own interface; `Http` is the general one that a unit's message platform, or ten lines of
translation before it, can take.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sys
import time
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from zhibu.web.core import outbound


class Gateway(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Hand the message over. Raises when it was not taken."""


class Http:
    """POST to `ZHIBU_SMS_URL`: a JSON body {phone, text, id, at} with `X-Signature: sha256=…`, the HMAC-SHA256 of
    exactly that body under `ZHIBU_SMS_KEY`. By `at` (seconds) and `id` the receiver refuses what it has seen. 2xx is
    "taken"."""

    def send(self, phone: str, text: str) -> None:
        message = {"phone": phone, "text": text, "id": secrets.token_hex(16), "at": int(time.time())}
        body = json.dumps(message, ensure_ascii=False).encode()
        signature = hmac.new(settings.SMS_KEY.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Signature": f"sha256={signature}"}
        answer = outbound.call("POST", settings.SMS_URL, body=body, headers=headers, seconds=5)
        if not 200 <= answer.status < 300:
            raise OSError(f"the SMS gateway answered {answer.status}")


class File:
    """For development: one line per message in `var/sms.log`."""

    def send(self, phone: str, text: str) -> None:
        with settings.SMS_FILE.open("a", encoding="utf-8") as file:
            file.write(f"{phone}\t{text}\n")


class Console:
    """For development: on the terminal of the server."""

    def send(self, phone: str, text: str) -> None:
        print(f"SMS {phone}: {text}", file=sys.stderr, flush=True)


def gateway() -> Gateway:
    return import_string(settings.SMS_GATEWAY)()
