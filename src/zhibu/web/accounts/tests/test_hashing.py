"""Argon2id with our figures, so many at once."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from zhibu.web.accounts import hashing
from zhibu.web.accounts.hashing import Argon2id, Busy
from zhibu.web.accounts.tests.conftest import sign_in
from zhibu.web.conftest import Cast


def test_passwords_are_hashed_with_argon2id_outside_tests() -> None:
    from zhibu.web.config import settings as real

    assert real.PASSWORD_HASHERS == ["zhibu.web.accounts.hashing.Argon2id"]
    stored = Argon2id().encode("x", "saltsaltsaltsalt")
    assert stored.startswith("argon2$argon2id$v=19$m=32768,t=2,p=1$")


def test_a_hash_of_before_is_read_and_made_anew(settings) -> None:
    settings.PASSWORD_HASHERS = ["zhibu.web.accounts.hashing.Argon2id"]
    from django.contrib.auth.hashers import Argon2PasswordHasher

    old = Argon2PasswordHasher().encode("槐树", "saltsaltsaltsaltsaltsa")
    renewed: list[str] = []
    assert check_password("槐树", old, setter=renewed.append) and renewed == ["槐树"]


def test_no_more_hashes_at_once_than_said(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one place is taken and there is only one, a second hash waits, then is refused."""
    settings.HASHES_AT_ONCE, settings.HASH_PATIENCE = 1, 0.05
    monkeypatch.setattr(hashing, "places", hashing._Places())
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with hashing.places.one():
            inside.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(10)
    with pytest.raises(Busy):
        Argon2id().encode("x", "saltsaltsaltsalt")
    done.set()
    holder.join()
    assert Argon2id().encode("x", "saltsaltsaltsalt")


def test_a_busy_house_says_when_to_come_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise Busy("full")

    monkeypatch.setattr("zhibu.web.accounts.signing_in.authenticate", full)
    response = sign_in(Client(), "secretary")
    assert response.status_code == 503 and response.headers["Retry-After"] == "10"
