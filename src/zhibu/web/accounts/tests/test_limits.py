"""How often somebody may try: counted before a hash, held by all processes, no weapon against others (W09-W11)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from zhibu.web.accounts import actions, limits
from zhibu.web.accounts.limits import Limited, Want
from zhibu.web.accounts.models import Tally, User
from zhibu.web.accounts.tests.conftest import Clock, code, sign_in
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast

WANT = Want("pair", ("somebody", "10.0.0.1"))


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were hashed, one entry for each hash."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    seen: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        seen.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return seen


def test_unknown_account_and_wrong_password_read_alike(cast: Cast) -> None:
    wrong, unknown = sign_in(Client(), "secretary", "x"), sign_in(Client(), "nobody", "x")
    assert wrong.status_code == unknown.status_code == 422
    assert "账号或密码不对，还可再试 4 次" in wrong.content.decode()
    assert "账号或密码不对，还可再试 4 次" in unknown.content.decode()


def test_unknown_wrong_disabled_and_expired_are_one_answer_after_one_work(
    cast: Cast, hashes: list[str], turned: Clock
) -> None:
    """W11: status, words, number of hashes and of queries are equal; a clock is no part of the test."""
    User.objects.filter(username="officer").update(is_active=False)
    User.objects.filter(username="member").update(first_until=turned.now())
    turned.later(seconds=1)
    sign_in(Client(), "somebody", "x")  # the counters of this network and of all begin
    seen = []
    for username, password in (
        ("nobody", "x"),
        ("secretary", "x"),
        ("officer", "支部-pass-1"),
        ("member", "支部-pass-1"),
    ):
        hashes.clear()
        with _Counted() as counted:
            response = sign_in(Client(), username, password)
        body = response.content.decode().replace(f'value="{username}"', 'value=""')
        body = body[body.index("<main") :]
        seen.append((response.status_code, len(hashes), counted.queries, _without_token(body)))
    assert len(set(seen)) == 1, [entry[:3] for entry in seen]


class _Counted:
    def __enter__(self) -> _Counted:
        self.queries = 0
        self._wrapper = connection.execute_wrapper(self._count)
        self._wrapper.__enter__()
        return self

    def _count(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)

    def __exit__(self, *error: object) -> None:
        self._wrapper.__exit__(*error)


def _without_token(body: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", body)


def test_a_refused_try_is_not_hashed(cast: Cast, hashes: list[str]) -> None:
    for _ in range(5):
        sign_in(Client(), "secretary", "x")
    hashes.clear()
    assert sign_in(Client(), "secretary").status_code == 429
    assert hashes == []


def test_five_failures_lock_this_address_and_nobody_elsewhere(cast: Cast) -> None:
    codes = [sign_in(Client(), "secretary", "x").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert sign_in(Client(), "secretary").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9"), "secretary").status_code == 302
    assert sign_in(Client(), "officer").status_code == 302


def test_the_wait_ends_and_is_not_made_longer_by_trying(cast: Cast, turned: Clock) -> None:
    for _ in range(5):
        sign_in(Client(), "secretary", "x")
    turned.later(minutes=29)
    assert sign_in(Client(), "secretary", "x").status_code == 429
    turned.later(minutes=1, seconds=1)
    assert sign_in(Client(), "secretary").status_code == 302


def lock_from_everywhere(username: str) -> None:
    for number in range(6):
        for _ in range(5):
            sign_in(Client(REMOTE_ADDR=f"10.{number}.1.1"), username, "x")


def test_locked_from_everywhere_a_known_device_still_gets_in(cast: Cast) -> None:
    """W10: an attacker with many addresses uses up the tries of an account; its owner notices nothing."""
    own = Client(REMOTE_ADDR="10.200.1.1")
    assert sign_in(own, "secretary").status_code == 302
    own.post("/logout/")
    lock_from_everywhere("secretary")
    assert sign_in(Client(REMOTE_ADDR="10.77.1.1"), "secretary").status_code == 429
    assert sign_in(own, "secretary").status_code == 302


def test_locked_from_everywhere_a_second_factor_still_gets_in(cast: Cast, app) -> None:
    phone = app("secretary")
    lock_from_everywhere("secretary")
    stranger = Client(REMOTE_ADDR="10.77.1.1")
    assert sign_in(stranger, "secretary").status_code == 429
    assert sign_in(stranger, "secretary", code="000000").status_code == 422
    assert sign_in(stranger, "secretary", code=code(phone)).status_code == 302
    assert stranger.get("/security/").status_code == 200


def test_password_and_any_code_do_not_get_round_the_lock(cast: Cast) -> None:
    """Without a second factor the form for both is no way around the limits."""
    lock_from_everywhere("secretary")
    stranger = Client(REMOTE_ADDR="10.77.1.1")
    assert [sign_in(stranger, "secretary", code="123456").status_code for _ in range(6)] == [422] * 5 + [429]


def test_a_device_known_to_one_account_is_not_known_to_another(cast: Cast) -> None:
    own = Client(REMOTE_ADDR="10.200.1.1")
    sign_in(own, "member")
    lock_from_everywhere("secretary")
    assert sign_in(own, "secretary").status_code == 429


def test_a_forged_device_is_not_known(cast: Cast) -> None:
    lock_from_everywhere("secretary")
    liar = Client(REMOTE_ADDR="10.77.1.1")
    liar.cookies["known"] = "eyJhIjoiYiJ9:1abcde:forged"
    assert sign_in(liar, "secretary").status_code == 429


def test_one_password_for_everybody_is_stopped_by_network_and_told_once(cast: Cast) -> None:
    """W09: spraying. The line in the log is one, however long it goes on."""
    codes = [
        sign_in(Client(REMOTE_ADDR=f"10.5.5.{n % 200}"), f"person{n}", "Spring2026!").status_code for n in range(103)
    ]
    assert codes[:100] == [422] * 100 and codes[100:] == [429] * 3
    assert sign_in(Client(REMOTE_ADDR="10.6.5.1"), "person1", "Spring2026!").status_code == 422
    assert Line.objects.unscoped("test").filter(action="accounts.limit").count() == 1


def test_many_addresses_are_stopped_by_the_whole(cast: Cast, settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "everywhere": "20/30m"}
    codes = [sign_in(Client(REMOTE_ADDR=f"10.{n}.0.1"), f"person{n}", "x").status_code for n in range(25)]
    assert codes == [422] * 20 + [429] * 5
    known = Client(REMOTE_ADDR="10.99.0.1")
    assert sign_in(known, "officer").status_code == 429


def test_a_good_sign_in_does_not_count(cast: Cast) -> None:
    """An office behind one address signs in every morning."""
    for _ in range(12):
        assert sign_in(Client(), "secretary").status_code == 302
    assert set(Tally.objects.values_list("count", flat=True)) <= {0}


def test_no_name_that_was_typed_is_stored(cast: Cast) -> None:
    sign_in(Client(), "my-Secret-Password!", "x")
    rows = list(Tally.objects.values_list("key", "account"))
    assert rows and not any("Secret" in "".join(row) for row in rows)
    lines = Line.objects.unscoped("test").filter(action="accounts.refuse")
    assert lines.count() == 1 and "Secret" not in lines[0].sentence + str(lines[0].new)


def test_an_administrator_forgets_the_wrong_tries(cast: Cast) -> None:
    for _ in range(6):
        sign_in(Client(), "secretary", "x")
    limits.clear_account(limits.digest("account", "secretary"))
    assert sign_in(Client(), "secretary").status_code == 302


def test_without_the_database_nobody_signs_in(cast: Cast) -> None:
    """F32: the limits fail closed."""
    from django.db import DatabaseError

    def gone(execute, sql, params, many, context):
        if "accounts_tally" in sql:
            raise DatabaseError("gone")
        return execute(sql, params, many, context)

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(gone):
        assert sign_in(client, "secretary").status_code == 500
    assert client.get("/security/").status_code == 302


def test_take_counts_all_or_none(db: None, settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "pair": "2/1m", "network": "9/1m"}
    both = (WANT, Want("network", ("10.0.0.0/24",)))
    limits.take(*both)
    limits.take(*both)
    with pytest.raises(Limited) as refusal:
        limits.take(*both)
    assert refusal.value.limit == "pair"
    assert limits.left(both[1]) == 7


@pytest.mark.parametrize("text", ["", "5", "5/", "0/30m", "5/0m", "5/30", "-1/30m", "5/30w", "5 / 30m", "５/30m"])
def test_a_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="5/30m"):
        limits.parse(text)


BURST = """
import sys, django
django.setup()
from django.db import connection
from zhibu.web.accounts import limits
from zhibu.web.accounts.models import Tally
if sys.argv[1] == "make":
    with connection.schema_editor() as editor:
        editor.create_model(Tally)
    sys.exit()
sys.stdin.readline()  # all begin together
taken = 0
for _ in range(25):
    try:
        limits.take(limits.Want("pair", ("somebody", "10.0.0.1")))
        taken += 1
    except limits.Limited:
        pass
print(taken)
"""


@pytest.mark.slow
def test_of_a_hundred_tries_by_four_processes_at_once_five_are_looked_at(tmp_path: Path) -> None:
    """A burst gets no more tries than a sequence does (django-axes issue 592 is what we left)."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "zhibu.web.config.settings", "ZHIBU_HOME": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/burst.sqlite3",
    }  # fmt: skip
    command = [sys.executable, "-c", BURST]
    subprocess.run([*command, "make"], env=environment, check=True)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen([*command, "try"], env=environment, **pipes) for _ in range(4)]
    taken = [int(process.communicate("go\n", timeout=120)[0]) for process in running]
    assert sum(taken) == 5


def test_only_our_own_proxy_is_believed(cast: Cast, settings) -> None:
    """W26: a header that anybody can send gives nobody another address."""
    for _ in range(5):
        sign_in(Client(), "secretary", "x")
    lying = Client(headers={"x-forwarded-for": "10.9.9.9"})
    assert sign_in(lying, "secretary").status_code == 429
    settings.PROXIES = ["127.0.0.1"]
    assert sign_in(lying, "secretary").status_code == 302
    behind = Client(headers={"x-forwarded-for": "10.1.1.1, 10.9.9.8, 127.0.0.1"})
    sign_in(behind, "secretary", "x")
    assert Line.objects.unscoped("test").filter(action="accounts.refuse").order_by("-pk")[0].address == "10.9.9.8"


def test_the_words_of_every_limit_have_a_rate(settings) -> None:
    for name in settings.LIMITS:
        assert limits.rate(name).times > 0
    assert set(actions.entering.WORDS) <= set(settings.LIMITS)
