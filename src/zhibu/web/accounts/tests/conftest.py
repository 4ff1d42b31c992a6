"""A person with an authenticator app, a clock that a test can turn, and a system administrator of the county."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from zhibu.web.accounts.factors import totp
from zhibu.web.accounts.models import User
from zhibu.web.core import clock

PASSWORD = "支部-pass-1"


@dataclass
class Clock:
    """Moves with the real clock; `later` turns it on."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return timezone.now() + self.ahead

    def later(self, **more: float) -> None:
        self.ahead += timedelta(**more)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture
def app() -> Callable[[str], pyotp.TOTP]:
    """`app("secretary")`: gives the account an authenticator app, and returns the app."""

    def give(username: str) -> pyotp.TOTP:
        secret = totp.new_secret()
        totp.keep(User.objects.get(username=username), secret, 0)
        return pyotp.TOTP(secret)

    return give


def code(app: pyotp.TOTP, apart: int = 0) -> str:
    """What the app shows now, or so many steps away."""
    return app.at(int(clock.now().timestamp()) + 30 * apart)


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": username, "password": password, **more})
