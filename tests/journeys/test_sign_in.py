"""Passkeys with a virtual authenticator of real Chromium, and an authenticator app, on phone and desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from zhibu.web.accounts.models import Passkey, Session, Totp
from zhibu.web.conftest import Cast, _today, cast
from zhibu.web.core import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "支部-pass-1"


class Key:
    """A virtual authenticator in a tab: a security key that checks its owner."""

    def __init__(self, page: Any):
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        self.id = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def verify(self, willing: bool) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": willing})

    def credentials(self) -> list[dict]:
        return self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]


def sign_in(page: Any, username: str) -> None:
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click("button:text-is('登录')")


def sign_out(page: Any) -> None:
    page.click("button:text-is('退出')")
    page.wait_for_url("**/login/")


def with_passkey(open_page: Callable[..., Any], width: int, username: str = "secretary") -> tuple[Any, Key]:
    """Signed in by password, a passkey added, signed out."""
    page = open_page("/login/", None, width)
    key = Key(page)
    sign_in(page, username)
    page.wait_for_url(re.compile(r"/(duties|board|me|audit)"))
    base = page.url.split("/", 3)
    page.goto(f"{base[0]}//{base[2]}/security/passkeys/")
    page.fill("#id_name", "我的手机")
    page.click("button:text-is('添加')")
    page.wait_for_selector("text=抄下来或打印")
    page.click("text=抄好了")
    page.wait_for_selector("text=我的手机")
    sign_out(page)
    return page, key


@pytest.mark.parametrize("width", [375, 1366])
def test_a_passkey_alone_signs_in(cast: Cast, open_page: Callable[..., Any], width: int) -> None:
    page, key = with_passkey(open_page, width)
    assert Passkey.objects.get().user == cast.posts["secretary"].user and len(key.credentials()) == 1
    page.click("text=用通行密钥登录")
    page.click("text=确认是本人")
    page.wait_for_url("**/duties/month/**")
    assert Passkey.objects.get().used_at is not None
    assert page.complaints == []


def test_after_the_password_the_passkey_is_asked_for(cast: Cast, open_page: Callable[..., Any]) -> None:
    page, _key = with_passkey(open_page, 1366)
    sign_in(page, "secretary")
    page.wait_for_url("**/login/second/")
    page.click("text=用通行密钥确认")
    page.wait_for_url("**/duties/month/**")


def test_a_key_that_has_not_checked_its_owner_is_refused(cast: Cast, open_page: Callable[..., Any]) -> None:
    page, key = with_passkey(open_page, 375)
    key.verify(False)
    page.click("text=用通行密钥登录")
    page.click("text=确认是本人")
    page.wait_for_selector("text=没有完成")
    assert not Session.objects.filter(user__isnull=False).exists()


def test_an_answer_is_good_once_and_only_for_its_question(cast: Cast, open_page: Callable[..., Any]) -> None:
    """The answer is caught on its way, then sent again: with its own session spent, and in another one."""
    page, _key = with_passkey(open_page, 1366)
    page.click("text=用通行密钥登录")
    caught: list[str] = []
    page.on("request", lambda request: caught.append(request.post_data or "") if request.method == "POST" else None)
    page.click("text=确认是本人")
    page.wait_for_url("**/duties/month/**")
    answer = next(re.search(r"passkey=([^&]+)", body)[1] for body in caught if "passkey=%7B" in body)
    sign_out(page)
    page.click("text=用通行密钥登录")  # a new question
    page.evaluate(
        """(answer) => { const form = document.querySelector("form[data-passkey]");
        form.querySelector("[name=passkey]").value = decodeURIComponent(answer.replace(/\\+/g, " "));
        form.submit(); }""",
        answer,
    )
    page.wait_for_selector("text=没有登录成功")
    assert not Session.objects.filter(user__isnull=False).exists()


def test_a_passkey_of_another_does_not_finish_my_sign_in(cast: Cast, open_page: Callable[..., Any]) -> None:
    page, _key = with_passkey(open_page, 1366, "officer")
    Totp.objects.create(
        user=cast.posts["secretary"].user, secret="", created_at=cast.posts["secretary"].user.created_at
    )
    sign_in(page, "secretary")
    page.wait_for_url("**/login/second/")
    assert page.locator("text=用通行密钥确认").count() == 0


def test_an_idle_session_warns_and_is_kept_by_one_press(
    cast: Cast, open_page: Callable[..., Any], settings: Any
) -> None:
    """And when it is over already, the page says so and leads to the sign-in."""
    settings.SESSION_COOKIE_AGE = 123  # seconds: the warning comes after three
    page = open_page("/login/", None, 375)
    sign_in(page, "secretary")
    page.wait_for_selector("text=2 分钟内会退出")
    Session.objects.update(seen_at=clock.now() - timedelta(seconds=100))  # as it would be after half an hour
    before = Session.objects.get(user__isnull=False).expire_date
    with page.expect_response("**/identity/"):
        page.click("button:text-is('继续使用')")
    assert Session.objects.get(user__isnull=False).expire_date > before
    page.wait_for_selector("text=2 分钟内会退出")
    Session.objects.all().delete()
    page.click("button:text-is('继续使用')")
    page.wait_for_selector("text=停留 2 分钟后已退出")
    page.click("button:text-is('重新登录')")
    page.wait_for_url("**/login/**")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_an_app_set_up_and_used(cast: Cast, open_page: Callable[..., Any], script: bool) -> None:
    page = open_page("/login/", None, 375, java_script_enabled=script)
    sign_in(page, "secretary")
    page.wait_for_url("**/duties/month/**")
    page.goto(page.url.split("/duties")[0] + "/security/app/")
    app = pyotp.TOTP(page.locator(".code-words").inner_text())
    assert page.locator(".qr-box svg").bounding_box()["width"] > 100
    page.fill("#id_code", app.now())
    page.click("button:text-is('启用')")
    page.wait_for_selector("text=抄下来或打印")
    codes = page.locator(".code-list li").all_inner_texts()
    page.click("text=抄好了")
    sign_out(page)
    sign_in(page, "secretary")
    page.wait_for_url("**/login/second/")
    page.fill("#id_code", codes[0])
    page.click("button:text-is('登录')")
    page.wait_for_url("**/duties/month/**")
