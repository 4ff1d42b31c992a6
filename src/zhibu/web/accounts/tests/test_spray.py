"""Wrong passwords and codes by the thousand: the first line at once, then counts. The log is not filled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from zhibu.web.accounts.actions import refused
from zhibu.web.accounts.tests.test_limits import sign_in
from zhibu.web.audit import denials, where
from zhibu.web.audit.models import Denial, Line
from zhibu.web.conftest import Cast
from zhibu.web.core import clock

pytestmark = pytest.mark.django_db


def lines() -> list[Line]:
    return list(Line.objects.unscoped("t").filter(action="accounts.refuse").order_by("pk"))


@pytest.fixture
def a_minute_later(monkeypatch: pytest.MonkeyPatch):
    def pass_by() -> int:
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=2))
        return denials.settle()

    return pass_by


def test_one_account_is_one_line_and_a_count(cast: Cast, a_minute_later) -> None:
    for _ in range(4):
        assert sign_in(Client(REMOTE_ADDR="10.9.8.7"), "secretary", "x").status_code == 422
    (line,) = lines()
    assert (line.user.username, line.address, line.outcome) == ("secretary", "10.9.8.7", "failed")
    assert line.new == {"how": "密码"} and line.sentence == "secretary 没有登录成功（密码）"
    a_minute_later()
    first, last = lines()
    assert last.sentence == "secretary 没有登录成功（密码）（一分钟内又有 3 次）"
    assert (last.new, last.user, last.address) == ({"how": "密码", "repeated": 3}, first.user, "10.9.8.7")


def test_another_account_address_or_way_is_another_line(cast: Cast) -> None:
    for username, address, how in (
        ("secretary", "10.0.0.1", "密码"), ("officer", "10.0.0.1", "密码"), ("secretary", "10.0.0.2", "密码"),
        ("secretary", "10.0.0.1", "第二因素"),
    ):  # fmt: skip
        token = where.address.set(address)
        refused(username=username, how=how)
        refused(username=username, how=how)
        where.address.reset(token)
    assert len(lines()) == 4


def test_a_spray_over_accounts_and_addresses_ends_in_a_count(cast: Cast, a_minute_later) -> None:
    """Accounts that exist, from addresses that change: they count like strangers, for nobody has signed in."""
    for number in range(300):
        token = where.address.set(f"10.1.{number // 250}.{number % 250}")
        refused(username=("secretary", "officer", "leader")[number % 3], how="密码")
        where.address.reset(token)
    assert len(lines()) == denials.STRANGERS + 1
    a_minute_later()
    assert lines()[-1].new["repeated"] == 300 - denials.STRANGERS - 1


def test_names_that_nobody_has_end_in_a_count_and_are_written_nowhere(cast: Cast) -> None:
    for number in range(150):
        refused(username=f"guess{number}", how="密码")
    assert len(lines()) == denials.STRANGERS + 1
    assert {(line.sentence, line.user) for line in lines()} == {("没有这个账号的人 没有登录成功（密码）", None)}
    assert "guess" not in str(list(Denial.objects.values())) + str([line.new for line in lines()])


def test_codes_by_sms_without_having_asked_for_one_fill_nothing(cast: Cast, settings) -> None:
    """No limit counts these: there is no code they could guess."""
    settings.SMS_GATEWAY = "zhibu.web.accounts.sms.gateways.File"
    client = Client()
    for number in range(40):
        answer = client.post("/login/sms/", {"code": f"{number:06}"})
        assert answer.status_code == 422
    assert len(lines()) == 1
