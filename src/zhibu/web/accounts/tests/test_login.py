"""P01: sign-in, lockout, sign-out."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from zhibu.web.accounts.models import User
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast

PASSWORD = "支部-pass-1"


def sign_in(client: Client, username: str, password: str, **more: str):
    return client.post(reverse("login"), {"username": username, "password": password, **more})


def test_signing_in_leads_to_the_first_page_of_the_role(cast: Cast) -> None:
    client = Client()
    response = sign_in(client, "secretary", PASSWORD)
    assert response.status_code == 302
    assert client.get("/").headers["Location"] == reverse("month")
    assert Line.objects.unscoped("test").filter(action="accounts.sign_in").count() == 1


def test_a_link_survives_sign_in_and_a_foreign_one_does_not(cast: Cast) -> None:
    client = Client()
    assert client.get("/regulations/?x=1").headers["Location"] == "/login/?next=/regulations/%3Fx%3D1"
    assert sign_in(client, "officer", PASSWORD, next="/regulations/").headers["Location"] == "/regulations/"
    evil = sign_in(Client(), "officer", PASSWORD, next="https://evil.example/")
    assert evil.headers["Location"] == "/"


def test_unknown_account_and_wrong_password_read_alike(cast: Cast) -> None:
    wrong, unknown = sign_in(Client(), "secretary", "x"), sign_in(Client(), "nobody", "x")
    assert wrong.status_code == unknown.status_code == 422
    assert "账号或密码不对，还可再试 4 次" in wrong.content.decode()
    assert "账号或密码不对，还可再试 4 次" in unknown.content.decode()


def test_five_failures_lock_this_address_and_nobody_elsewhere(cast: Cast) -> None:
    client = Client()
    codes = [sign_in(client, "secretary", "x").status_code for _ in range(6)]
    assert codes[-1] == 429
    assert sign_in(client, "secretary", PASSWORD).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert sign_in(elsewhere, "secretary", PASSWORD).status_code == 302


def test_signing_out_takes_a_post(cast: Cast) -> None:
    client = cast.client("secretary")
    client.get(reverse("logout"))
    assert client.get("/password/").status_code == 200
    client.post(reverse("logout"))
    assert client.get("/password/").status_code == 302


def test_passwords_are_hashed_with_argon2_outside_tests(settings) -> None:
    from zhibu.web.config import settings as real

    assert real.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_the_password_page(cast: Cast) -> None:
    client = cast.client("member")
    page = reverse("password")
    assert client.post(page, {"new_password1": "short", "new_password2": "short"}).status_code == 422
    chosen = {"new_password1": "槐树村-long-enough", "new_password2": "槐树村-long-enough"}
    assert client.post(page, chosen).status_code == 302
    assert User.objects.get(username="member").check_password("槐树村-long-enough")
    assert client.get(page).status_code == 200  # still signed in


@pytest.mark.parametrize("page", ["/", "/month/x", "/o/", "/board/", "/members/", "/audit/", "/imports/"])
def test_nothing_but_sign_in_is_seen_by_strangers(db: None, page: str) -> None:
    response = Client().get(page)
    assert response.status_code in (302, 404)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/login/")


def test_a_first_password_is_changed_before_anything_else(cast: Cast) -> None:
    User.objects.filter(username="officer").update(must_change_password=True)
    client = cast.client("officer")
    assert client.get("/regulations/").headers["Location"] == reverse("password")
    chosen = {"new_password1": "槐树村-long-enough", "new_password2": "槐树村-long-enough"}
    client.post(reverse("password"), chosen)
    assert client.get("/regulations/").headers.get("Location") != reverse("password")
