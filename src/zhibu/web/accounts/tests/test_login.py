"""P01: sign-in, sign-out, the password page; where it leads; what a stranger sees."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver, reverse

from zhibu.web.accounts.models import Session, User
from zhibu.web.accounts.tests.conftest import PASSWORD, sign_in
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast


def test_signing_in_leads_to_the_first_page_of_the_role(cast: Cast) -> None:
    client = Client()
    response = sign_in(client, "secretary")
    assert response.status_code == 302
    assert client.get("/").headers["Location"] == reverse("month")
    assert Line.objects.unscoped("test").filter(action="accounts.sign_in").count() == 1


def test_a_link_survives_sign_in(cast: Cast) -> None:
    assert Client().get("/regulations/?x=1").headers["Location"] == "/login/?next=/regulations/%3Fx%3D1"
    assert sign_in(Client(), "officer", next="/regulations/").headers["Location"] == "/regulations/"


FOREIGN = [
    "https://evil.example/", "//evil.example", "\\\\evil.example", "/\\evil.example", "https:evil.example",
    "javascript:alert(1)", "/\r\nSet-Cookie: a=b", "https://testserver@evil.example/", "http:///evil.example",
    "https://еvil.example/", " //evil.example",
]  # fmt: skip


@pytest.mark.parametrize("onward", FOREIGN)
def test_no_sign_in_leads_to_another_host(cast: Cast, onward: str) -> None:
    """W14, by the password and by every page that passes `next` on."""
    assert sign_in(Client(), "officer", next=onward).headers["Location"] == "/"
    page = Client().get("/login/", {"next": onward}).content.decode()
    assert 'name="next" value="/"' in page
    signed_in = cast.client("officer").get("/login/", {"next": onward})
    assert signed_in.headers["Location"] == "/"


def test_the_session_key_is_new_after_sign_in(cast: Cast) -> None:
    """W07: a key that somebody planted before is worth nothing afterwards."""
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = planted = session.session_key
    sign_in(client, "secretary")
    fresh = client.cookies[configured.SESSION_COOKIE_NAME].value
    assert fresh != planted
    attacker = Client()
    attacker.cookies[configured.SESSION_COOKIE_NAME] = planted
    assert attacker.get("/password/").status_code == 302


def test_signing_in_again_gives_a_new_key_too(cast: Cast) -> None:
    client = Client()
    sign_in(client, "secretary")
    before = client.cookies[configured.SESSION_COOKIE_NAME].value
    sign_in(client, "secretary")
    assert client.cookies[configured.SESSION_COOKIE_NAME].value != before
    assert Session.objects.filter(user__username="secretary").count() == 1


def test_signing_out_takes_a_post(cast: Cast) -> None:
    client = cast.client("secretary")
    client.get(reverse("logout"))
    assert client.get("/password/").status_code == 200
    kept = client.cookies[configured.SESSION_COOKIE_NAME].value
    client.post(reverse("logout"))
    client.cookies[configured.SESSION_COOKIE_NAME] = kept
    assert client.get("/password/").status_code == 302
    assert Line.objects.unscoped("test").filter(action="accounts.sign_out").exists()


def test_the_password_page(cast: Cast) -> None:
    client = cast.client("member")
    page = reverse("password")
    assert client.post(page, {"new_password1": "short", "new_password2": "short"}).status_code == 422
    chosen = {"new_password1": "槐树村-long-enough", "new_password2": "槐树村-long-enough"}
    assert client.post(page, chosen).status_code == 302
    assert User.objects.get(username="member").check_password("槐树村-long-enough")
    assert client.get(page).status_code == 200  # still signed in


@pytest.mark.parametrize("page", ["/", "/month/x", "/o/", "/board/", "/members/", "/audit/", "/imports/", "/accounts/"])
def test_nothing_but_sign_in_is_seen_by_strangers(db: None, page: str) -> None:
    response = Client().get(page)
    assert response.status_code in (302, 404)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/login/")


def test_django_admin_is_not_there() -> None:
    """W27: no second way in, with limits of its own or none."""
    assert "django.contrib.admin" not in configured.INSTALLED_APPS
    names = {str(getattr(entry, "app_name", "")) for entry in get_resolver().url_patterns}
    assert "admin" not in names
    assert Client().get("/admin/").status_code == 404


def test_an_empty_database_has_no_account(db: None) -> None:
    """ASVS 6.3.2: the migrations make nobody, and no password is known beforehand."""
    assert User.objects.count() == 0
    assert sign_in(Client(), "admin", "admin").status_code == 422


def test_the_cookie_is_closed(cast: Cast) -> None:
    response = sign_in(Client(), "secretary")
    for name in (configured.SESSION_COOKIE_NAME, "known"):
        cookie = response.cookies[name]
        assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert response.cookies[configured.SESSION_COOKIE_NAME]["max-age"] == ""  # ends with the browser at the latest
    assert PASSWORD not in str(response.cookies)
