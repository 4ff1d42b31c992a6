"""Second factors: asked for, required of administrators, good once, limited, sealed (W12)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from zhibu.web.access.models import Post
from zhibu.web.accounts.factors import recovery, totp
from zhibu.web.accounts.models import RecoveryCode, Totp, User
from zhibu.web.accounts.tests.conftest import Clock, code, sign_in
from zhibu.web.conftest import Cast


def half_in(username: str = "secretary", **more: str) -> Client:
    client = Client(**more)
    assert sign_in(client, username, next="/regulations/").headers["Location"] == "/login/second/"
    return client


def second(client: Client, given: str):
    return client.post("/login/second/", {"code": given})


def test_password_and_code_lead_on(cast: Cast, app) -> None:
    phone = app("secretary")
    client = half_in()
    assert client.get("/security/").status_code == 302  # half in is out
    assert "验证码" in client.get("/login/second/").content.decode()
    response = second(client, code(phone))
    assert response.headers["Location"] == "/regulations/"
    assert client.get("/security/").status_code == 200


def test_a_code_works_once(cast: Cast, app) -> None:
    """W12, also for a second person who read it over the shoulder and is as quick."""
    phone = app("secretary")
    now = code(phone)
    first, other = half_in(), half_in(REMOTE_ADDR="10.4.4.4")
    assert second(first, now).status_code == 302
    assert second(other, now).status_code == 422
    assert not totp.use(User.objects.get(username="secretary"), code(phone, -1))  # nor an older one


def test_a_code_of_the_neighbouring_step_fits_for_slow_clocks(cast: Cast, app, turned: Clock) -> None:
    phone, user = app("secretary"), User.objects.get(username="secretary")
    assert [totp.use(user, code(phone, apart)) for apart in (-2, -1, 0, 1, 2)] == [False, True, True, True, False]


def test_guessing_codes_ends_after_five(cast: Cast, app) -> None:
    app("secretary")
    client = half_in()
    assert [second(client, f"{number:06}").status_code for number in range(6)] == [422] * 5 + [429]


def test_guessing_from_many_addresses_ends_too(cast: Cast, app) -> None:
    app("secretary")
    codes = []
    for number in range(8):
        client = half_in(REMOTE_ADDR=f"10.{number}.0.9")
        codes += [second(client, f"{guess:06}").status_code for guess in range(5)]
    assert codes.count(422) == 30


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34", "-12345", "' OR 1=1"])
def test_what_is_no_code_is_refused(cast: Cast, app, given: str) -> None:
    app("secretary")
    assert second(half_in(), given).status_code == 422


def test_the_second_step_lasts_five_minutes(cast: Cast, app, turned: Clock) -> None:
    phone = app("secretary")
    client = half_in()
    turned.later(minutes=6)
    assert second(client, code(phone)).headers["Location"] == "/login/"


def test_disabled_in_between_is_out(cast: Cast, app) -> None:
    phone = app("secretary")
    client = half_in()
    User.objects.filter(username="secretary").update(is_active=False)
    assert second(client, code(phone)).headers["Location"] == "/login/"


def test_nobody_begins_with_the_second_step(db: None) -> None:
    assert second(Client(), "123456").headers["Location"] == "/login/"


def test_the_secret_is_sealed(cast: Cast) -> None:
    secret = totp.new_secret()
    user = User.objects.get(username="secretary")
    totp.keep(user, secret, 0)
    with connection.execute_wrapper(lambda execute, *rest: execute(*rest)):
        stored = Totp.objects.values_list("secret", flat=True).get()
    assert secret not in stored and stored.startswith("v1|")
    other = User.objects.get(username="officer")
    Totp.objects.update(user=other)  # moved to another row it opens nothing
    from zhibu.web.core.crypto import Broken

    with pytest.raises(Broken):
        totp.use(other, "123456")


def test_setting_the_app_up_shows_a_picture_and_gives_paper(cast: Cast) -> None:
    import pyotp

    client = cast.client("secretary")
    page = client.get("/security/app/").content.decode()
    assert "<svg" in page
    secret = client.session["totp_secret"]
    assert client.post("/security/app/", {"code": "000000"}).status_code == 422
    assert not Totp.objects.exists()
    before = client.cookies["sessionid"].value
    done = client.post("/security/app/", {"code": code(pyotp.TOTP(secret))})
    assert done.content.decode().count("<li>") >= 10 and RecoveryCode.objects.count() == 10
    assert client.cookies["sessionid"].value != before  # stronger now, so another key
    assert secret not in client.get("/security/app/").content.decode()


def test_a_recovery_code_works_once_and_is_not_stored(cast: Cast, app) -> None:
    app("secretary")
    user = User.objects.get(username="secretary")
    codes = recovery.renew(user)
    assert len(set(codes)) == 10
    stored = "".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(one.replace("-", "") in stored for one in codes)
    assert second(half_in(), codes[0].upper()).status_code == 302
    assert second(half_in(), codes[0]).status_code == 422
    assert recovery.left(user) == 9


def administrator(cast: Cast, client_of: str = "auditor") -> User:
    """The auditor's post becomes one that asks for a second factor."""
    post = cast.posts[client_of]
    Post.objects.filter(pk=post.pk).update(role="auditor")
    return post.user


def test_who_administers_sets_a_second_factor_up_before_anything_else(cast: Cast, settings) -> None:
    settings.SECOND_FACTOR_ROLES = {"auditor"}
    import pyotp

    client = Client()
    sign_in(client, "auditor")
    assert client.get("/audit/").headers["Location"] == "/security/"
    assert "先启用第二因素" in client.get("/security/").content.decode()
    client.get("/security/app/")
    client.post("/security/app/", {"code": code(pyotp.TOTP(client.session["totp_secret"]))})
    assert client.get("/audit/").status_code == 200
    member = Client()
    sign_in(member, "member")
    assert member.get("/me/").status_code == 200


def test_a_session_of_before_the_factor_is_asked_again(cast: Cast, settings, app) -> None:
    client = Client()
    sign_in(client, "auditor")
    settings.SECOND_FACTOR_ROLES = {"auditor"}
    phone = app("auditor")
    assert client.get("/audit/").headers["Location"] == "/login/"
    assert sign_in(client, "auditor").headers["Location"] == "/login/second/"
    second(client, code(phone))
    assert client.get("/audit/").status_code == 200


def test_the_three_administrators_need_one_by_default() -> None:
    from zhibu.web.config import settings as real

    assert {"system_admin", "security_admin", "audit_admin"} <= real.SECOND_FACTOR_ROLES


def test_taking_the_app_off_takes_the_paper_too(cast: Cast, app) -> None:
    app("secretary")
    recovery.renew(User.objects.get(username="secretary"))
    cast.client("secretary").post("/security/app/", {"remove": "1"})
    assert not Totp.objects.exists() and not RecoveryCode.objects.exists()
