"""From where a request comes: its address and, in a few words, its device. Commands leave both empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

address: ContextVar[str] = ContextVar("request_address", default="")
device: ContextVar[str] = ContextVar("request_device", default="")

# The first that fits; browsers name those they want to be taken for after their own name.
BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("OPR", "Opera"), ("QQBrowser", "QQ 浏览器"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Version", "Safari"), ("curl", "curl"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("OpenHarmony", "鸿蒙"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Kylin", "麒麟"), ("UOS", "统信"), ("Linux", "Linux"),
)  # fmt: skip


@contextmanager
def seen(request: HttpRequest) -> Iterator[None]:
    """Lines written inside say where the request came from."""
    tokens = address.set(request.META.get("REMOTE_ADDR", "")), device.set(device_of(request.headers.get("User-Agent")))
    try:
        yield
    finally:
        address.reset(tokens[0])
        device.reset(tokens[1])


@contextmanager
def unseen() -> Iterator[None]:
    """Lines written inside keep nothing of where it came from."""
    tokens = address.set(""), device.set("")
    try:
        yield
    finally:
        address.reset(tokens[0])
        device.reset(tokens[1])


def device_of(agent: str | None) -> str:
    """Browser with its main version and system: `Chrome 130, Windows`. What we don't know is not kept at all."""
    text = (agent or "")[:400]
    system = next((word for mark, word in SYSTEMS if mark in text), "")
    for mark, word in BROWSERS:
        if found := re.search(rf"\b{mark}[A-Za-z]*/(\d{{1,4}})", text):
            return ", ".join(filter(None, (f"{word} {found[1]}", system)))
    return system
