"""Profiles of passwords: dengbao3 and asvs, first passwords, rotation, history."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from zhibu.web.accounts import actions, passwords
from zhibu.web.accounts.models import OldPassword, User
from zhibu.web.accounts.tests.conftest import PASSWORD, Clock, sign_in
from zhibu.web.conftest import Cast

LONG = "correct horse battery staple and some more of it"  # 48 lower-case signs and spaces


def fits(password: str, administers: bool = False) -> bool:
    try:
        passwords.check(password, User(username="wang-ganshi", name="王干事"), administers=administers)
    except ValidationError:
        return False
    return True


# password, dengbao3, asvs, dengbao3 for an administrator, asvs for one
TABLE = [
    ("Ab1-xyz", False, False, False, False),  # 7
    ("Ab1-xyzq", True, True, False, False),  # 8
    ("abcdwxyz", False, True, False, False),  # one kind
    ("abcd-wxyz", False, True, False, False),  # two kinds
    ("Ab1-xyzqrstu", True, True, True, True),  # 12
    ("槐树村的灯亮了", False, False, False, False),  # 7 signs
    ("槐树村-long-enough", True, True, True, True),
    (LONG, False, True, False, True),
    ("Aa1-" + "x" * 60, True, True, True, True),  # 64 and more are taken
    ("Aa1-" + "x" * 125, False, False, False, False),  # beyond 128
    ("Password123!", False, False, False, False),
    ("Zhibu@2026", False, False, False, False),
    ("党支部2026!", False, False, False, False),
    ("Dangjian-2026", False, False, False, False),
    ("wang-ganshi1A", False, False, False, False),  # his own name
    ("12345678", False, False, False, False),
    ("qwerty123", False, False, False, False),  # on every list
]


@pytest.mark.parametrize(("password", "dengbao", "asvs", "dengbao_admin", "asvs_admin"), TABLE)
def test_the_table(
    db: None, settings, password: str, dengbao: bool, asvs: bool, dengbao_admin: bool, asvs_admin: bool
) -> None:
    settings.PASSWORD_PROFILE = "dengbao3"
    assert (fits(password), fits(password, True)) == (dengbao, dengbao_admin)
    settings.PASSWORD_PROFILE = "asvs"
    assert (fits(password), fits(password, True)) == (asvs, asvs_admin)


def test_dengbao_is_the_default() -> None:
    from zhibu.web.config import settings as real

    assert real.PASSWORD_PROFILE == "dengbao3"


def test_words_of_the_unit_are_refused(db: None, settings) -> None:
    assert fits("Qingchuan-9")
    settings.PASSWORD_WORDS = ["qingchuan"]
    assert not fits("Qingchuan-9")


def test_nothing_is_cut_off(db: None) -> None:
    user = User(username="a", name="b")
    user.set_password("Aa1-" + "x" * 124)
    assert not user.check_password("Aa1-" + "x" * 123)


def test_the_last_five_do_not_come_again(cast: Cast, settings) -> None:
    user, scope = User.objects.get(username="secretary"), cast.scope("secretary")
    used = [f"槐树村-{number}-Enough" for number in range(6)]
    for password in used:
        passwords.check(password, user, administers=False)
        user = actions.change_password(by=scope, password=password)
    for password in used[1:]:
        with pytest.raises(ValidationError, match="最近 5 次"):
            passwords.check(password, user, administers=False)
    passwords.check(used[0], user, administers=False)
    assert OldPassword.objects.filter(user=user).count() == 5
    settings.PASSWORD_PROFILE = "asvs"
    passwords.check(used[5], user, administers=False)


def test_after_ninety_days_another_is_asked_for(cast: Cast, turned: Clock, settings) -> None:
    turned.later(days=89)
    client = Client()
    sign_in(client, "secretary")
    assert client.get("/security/").status_code == 200
    turned.later(days=2)
    client = Client()
    sign_in(client, "secretary")
    assert client.get("/security/").headers["Location"] == "/password/"
    settings.PASSWORD_PROFILE = "asvs"
    assert client.get("/security/").status_code == 200


def test_a_first_password_is_changed_before_anything_else(cast: Cast) -> None:
    user = User.objects.get(username="officer")
    passwords_of = actions.keeping._set_first(user)
    user.save()
    client = Client()
    assert sign_in(client, "officer", passwords_of).status_code == 302
    for page in ("/regulations/", "/security/", "/board/"):
        assert client.get(page).headers["Location"] == "/password/"
    new = {"new_password1": "槐树村-long-enough", "new_password2": "槐树村-long-enough"}
    assert client.post("/password/", new).headers["Location"] == "/"
    assert client.get("/regulations/").status_code == 200
    assert sign_in(Client(), "officer", passwords_of).status_code == 422


def test_a_first_password_expires(cast: Cast, turned: Clock) -> None:
    _, first = actions.register(username="new", name="新人")
    turned.later(hours=71, minutes=59)
    client = Client()
    assert sign_in(client, "new", first).status_code == 302
    turned.later(minutes=2)
    assert sign_in(Client(), "new", first).status_code == 422
    assert client.get("/password/").headers["Location"] == "/login/"  # nor does a session of it go on


def test_first_passwords_are_random(db: None) -> None:
    made = {passwords.first()[0] for _ in range(200)}
    assert len(made) == 200 and all(len(one) == 14 for one in made)


def test_a_wrong_repetition_is_told(cast: Cast) -> None:
    client = cast.client("member")
    page = client.post("/password/", {"new_password1": "槐树村-long-enough", "new_password2": PASSWORD})
    assert page.status_code == 422 and "两次写的不一样" in page.content.decode()
