from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.members import numbers
from zhibu.web.members.models import Member
from zhibu.web.signin import actions, codes
from zhibu.web.signin.models import Meeting

Open = Callable[..., Meeting]


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return opened(cast)


def opened(cast: Cast, who: str = "secretary", **told: object) -> Meeting:
    now = clock.now()
    fields = {
        "title": "11 月主题党日", "held_on": TODAY, "types": ["theme_day"], "category": "",
        "opens_at": now - timedelta(minutes=5), "closes_at": now + timedelta(hours=1),
    }  # fmt: skip
    return actions.open_(by=cast.scope(who), fields=fields | told)


def members(cast: Cast) -> list[Member]:
    return list(Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk"))


def door(meeting: Meeting) -> str:
    return reverse("scan", args=[codes.current(meeting, clock.now())])


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[tuple[str, str]]]]:
    """What left by SMS: (phone, code)."""
    monkeypatch.setattr(settings, "SMS_GATEWAY", "zhibu.web.accounts.sms.gateways.File")
    monkeypatch.setattr(settings, "SMS_FILE", tmp_path / "sms.log")

    class Now:
        """Sends at once: a test waits for no thread."""

        def submit(self, act: Callable[..., None], *told: str) -> None:
            act(*told)

    monkeypatch.setattr("zhibu.web.accounts.sms.codes._outside", Now())

    def read() -> list[tuple[str, str]]:
        path = tmp_path / "sms.log"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [(line.split("\t")[0], line.split("验证码 ")[1][:6]) for line in lines]

    yield read


def known_phone(meeting: Meeting, member: Member, outbox: Callable[[], list[tuple[str, str]]]) -> Client:
    """A phone that has shown its code."""
    phone, here = Client(), door(meeting)
    phone.post(here, {"do": "phone", "phone": numbers.whole(member, "phone")})
    phone.post(here, {"do": "code", "code": outbox()[-1][1]})
    return phone
