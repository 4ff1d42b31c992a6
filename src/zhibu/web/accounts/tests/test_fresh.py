"""Step-up: a sensitive page asks again after ten minutes, and loses nothing that was typed."""

from __future__ import annotations

import pytest
from django.test import Client

from zhibu.web.accounts.models import Totp, User
from zhibu.web.accounts.tests.conftest import PASSWORD, Clock, code, sign_in
from zhibu.web.audit.models import Denial, Line
from zhibu.web.conftest import Cast

NEW = "槐树村-long-enough"


@pytest.fixture
def stale(cast: Cast, turned: Clock) -> Client:
    """Signed in eleven minutes ago."""
    client = Client()
    sign_in(client, "secretary")
    turned.later(minutes=11)
    return client


def test_within_ten_minutes_nothing_is_asked(cast: Cast, turned: Clock) -> None:
    client = Client()
    sign_in(client, "secretary")
    turned.later(minutes=9)
    assert "启用验证器" in client.get("/security/app/").content.decode()


def test_afterwards_the_page_asks_and_leads_on(stale: Client) -> None:
    assert "再确认一次是本人" in stale.get("/security/app/").content.decode()
    assert stale.post("/security/app/", {"again_password": "x"}).status_code == 422
    before = stale.cookies["sessionid"].value
    assert stale.post("/security/app/", {"again_password": PASSWORD}).headers["Location"] == "/security/app/"
    assert stale.cookies["sessionid"].value != before  # the key rotates at step-up
    assert "用手机验证器扫这个码" in stale.get("/security/app/").content.decode()


def test_a_form_that_was_interrupted_is_done_after_all(stale: Client) -> None:
    asked = stale.post("/password/", {"new_password1": NEW, "new_password2": NEW})
    assert f'value="{NEW}"' in asked.content.decode() and 'name="again_post"' in asked.content.decode()
    assert not User.objects.get(username="secretary").check_password(NEW)
    typed = {"new_password1": NEW, "new_password2": NEW}
    done = stale.post("/password/", {**typed, "again_password": PASSWORD, "again_post": "1"})
    assert done.status_code == 302 and User.objects.get(username="secretary").check_password(NEW)


def test_a_code_will_do(stale: Client, app) -> None:
    phone = app("secretary")
    assert stale.post("/security/app/", {"again_code": code(phone)}).status_code == 302
    assert Totp.objects.count() == 1


def test_trying_ends_after_five_and_is_logged(stale: Client) -> None:
    pages = [stale.post("/security/app/", {"again_password": "x"}).content.decode() for _ in range(6)]
    assert "试了太多次" in pages[5] and "试了太多次" not in pages[4]
    assert "试了太多次" in stale.post("/security/app/", {"again_password": PASSWORD}).content.decode()
    assert Line.objects.unscoped("test").filter(action="accounts.refuse").count() == 1  # and a count: audit/denials.py
    assert Denial.objects.get().times == 4


def test_the_password_of_another_is_no_use(stale: Client) -> None:
    other = User.objects.get(username="officer")
    other.set_password("another-one-entirely")
    other.save()
    assert stale.post("/security/app/", {"again_password": "another-one-entirely"}).status_code == 422
