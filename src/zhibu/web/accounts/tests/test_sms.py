"""Codes by SMS: through a real HTTP server that checks the signature; once, shortly, for the session that asked."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from zhibu.web.accounts.models import SentCode, User
from zhibu.web.accounts.sms import codes, gateways
from zhibu.web.accounts.tests.conftest import Clock
from zhibu.web.conftest import Cast

KEY = "a key of the platform"
PHONE = "13999990007"


class Platform(HTTPServer):
    """A message platform: takes what is signed, fresh and new; refuses the rest with 403."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.taken: list[dict] = []
        self.seen: set[str] = set()
        self.lead_elsewhere = False


class Desk(BaseHTTPRequestHandler):
    server: Platform

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        right = "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
        message = json.loads(body)
        new = message["id"] not in self.server.seen and abs(time.time() - message["at"]) < 60
        if self.server.lead_elsewhere:
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        elif hmac.compare_digest(right, self.headers["X-Signature"]) and new:
            self.server.seen.add(message["id"])
            self.server.taken.append(message)
            self.send_response(204)
        else:
            self.send_response(403)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def platform(settings) -> Iterator[Platform]:
    server = Platform()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.SMS_GATEWAY = "zhibu.web.accounts.sms.gateways.Http"
    settings.SMS_URL, settings.SMS_KEY = f"http://127.0.0.1:{server.server_port}/send", KEY
    settings.OUTBOUND = f"http://127.0.0.1:{server.server_port}=127.0.0.0/8"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages leave before the answer does, so that a test finds them; the real HTTP request stays."""

    class Now:
        def submit(self, act, *args):
            act(*args)

    monkeypatch.setattr(codes, "_outside", Now())


@pytest.fixture
def phone(cast: Cast) -> User:
    user = cast.posts["secretary"].user
    user.seal_phone(PHONE)
    user.save()
    return user


def ask(client: Client, username: str = "secretary"):
    return client.post("/login/sms/", {"username": username})


def give(client: Client, code: str):
    return client.post("/login/sms/", {"code": code, "next": "/regulations/"})


def code_in(platform: Platform) -> str:
    return re.search(r"\d{6}", platform.taken[-1]["text"])[0]


def test_a_code_signs_in(phone: User, platform: Platform) -> None:
    client = Client()
    ask(client)
    assert platform.taken[0]["phone"] == PHONE and "不要告诉别人" in platform.taken[0]["text"]
    assert give(client, code_in(platform)).headers["Location"] == "/regulations/"
    assert client.get("/security/").status_code == 200


def test_a_code_works_once(phone: User, platform: Platform) -> None:
    client = Client()
    ask(client)
    code = code_in(platform)
    give(client, code)
    client.post("/logout/")
    assert give(client, code).status_code == 422


def test_a_code_is_good_only_where_it_was_asked_for(phone: User, platform: Platform) -> None:
    """Who reads a code off another's screen has another session."""
    own, thief = Client(), Client()
    ask(own)
    ask(thief, "member")
    assert give(thief, code_in(platform)).status_code == 422
    assert give(Client(), code_in(platform)).status_code == 422
    assert give(own, code_in(platform)).status_code == 302


def test_a_code_lasts_five_minutes(phone: User, platform: Platform, turned: Clock) -> None:
    client = Client()
    ask(client)
    turned.later(minutes=5, seconds=1)
    assert give(client, code_in(platform)).status_code == 422


def test_guessing_a_code_ends_after_five_tries(phone: User, platform: Platform) -> None:
    client = Client()
    ask(client)
    right = code_in(platform)
    for number in range(5):
        assert give(client, f"{(int(right) + 1 + number) % 1_000_000:06}").status_code == 422
    assert give(client, right).status_code == 422


def test_the_pages_tell_nobody_who_has_a_phone(phone: User, platform: Platform) -> None:
    """W11: an account with a phone, one without, and none."""
    pages = []
    for username in ("secretary", "member", "nobody"):
        client = Client()
        answer = ask(client, username)
        wrong = give(client, "000000x")
        strip = re.compile(r'(?:value|nonce)="[^"]*"')
        pages.append((answer.status_code, strip.sub("", answer.content.decode()), wrong.status_code))
    assert len(set(pages)) == 1
    assert len(platform.taken) == 1


def test_one_a_minute_and_ten_a_day(phone: User, platform: Platform, turned: Clock) -> None:
    assert ask(Client()).status_code == 200
    assert ask(Client()).status_code == 429
    for _ in range(9):
        turned.later(seconds=61)
        assert ask(Client()).status_code == 200
    turned.later(seconds=61)
    assert ask(Client()).status_code == 429
    assert len(platform.taken) == 10


def test_a_second_factor_is_still_asked_for(phone: User, platform: Platform, app) -> None:
    app("secretary")
    client = Client()
    ask(client)
    assert give(client, code_in(platform)).headers["Location"] == "/login/second/"


def test_a_disabled_account_stays_out(phone: User, platform: Platform) -> None:
    client = Client()
    ask(client)
    User.objects.filter(pk=phone.pk).update(is_active=False)
    assert give(client, code_in(platform)).status_code == 422


def test_the_owner_registers_a_phone_by_its_code(cast: Cast, platform: Platform) -> None:
    client = cast.client("member")
    assert client.post("/security/phone/", {"phone": "1399999"}).status_code == 422
    client.post("/security/phone/", {"phone": "13999990008"})
    assert not cast.posts["member"].user.phone
    done = client.post("/security/phone/", {"code": code_in(platform)})
    user = User.objects.get(username="member")
    assert done.status_code == 302 and user.phone_in_clear == "13999990008"
    assert "13999990008" not in user.phone and user.phone.startswith("v1|")  # sealed
    assert "139****0008" in client.get("/security/").content.decode()
    client.post("/security/phone/", {"remove": "1"})
    assert User.objects.get(username="member").phone == ""


def test_the_message_is_signed_and_a_changed_one_is_refused(platform: Platform, settings) -> None:
    gateways.gateway().send(PHONE, "一")
    assert platform.taken[0]["text"] == "一"
    settings.SMS_KEY = "another key"
    with pytest.raises(OSError, match="403"):
        gateways.gateway().send(PHONE, "二")


def test_the_message_is_not_led_elsewhere(platform: Platform) -> None:
    platform.lead_elsewhere = True
    with pytest.raises(OSError, match="307"):
        gateways.gateway().send(PHONE, "一")


def test_a_platform_that_is_down_is_no_fault_of_the_page(phone: User, settings, caplog) -> None:
    settings.SMS_GATEWAY = "zhibu.web.accounts.sms.gateways.Http"
    settings.SMS_URL, settings.SMS_KEY = "http://127.0.0.1:9/", KEY
    settings.OUTBOUND = "http://127.0.0.1:9=127.0.0.0/8"
    assert ask(Client()).status_code == 200
    assert "短信没有发出" in caplog.text and PHONE not in caplog.text


def test_the_gateways_of_developers(settings, tmp_path, capsys) -> None:
    settings.SMS_FILE = tmp_path / "sms.log"
    gateways.File().send(PHONE, "一")
    gateways.Console().send(PHONE, "二")
    assert settings.SMS_FILE.read_text("utf-8") == f"{PHONE}\t一\n"
    assert "二" in capsys.readouterr().err


def test_without_a_gateway_there_is_no_such_page(cast: Cast, settings) -> None:
    settings.SMS_GATEWAY = ""
    assert Client().get("/login/sms/").headers["Location"] == "/login/"
    assert "短信码" not in Client().get("/login/").content.decode()


def test_codes_are_stored_as_digests(phone: User, platform: Platform) -> None:
    ask(Client())
    row = SentCode.objects.get()
    assert code_in(platform) not in row.digest + row.ticket
