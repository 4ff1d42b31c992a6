"""Sign-in through the unit's own provider, a real one: npm oidc-provider, certified, started here on loopback."""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from zhibu.web.accounts.models import Binding, User
from zhibu.web.conftest import Cast, _today, cast

ROOT = Path(__file__).resolve().parents[2]
BACK = "http://testserver/login/oidc/back/"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's address. Node comes with requirements/dev.txt, the provider with `make static`."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    node = shutil.which("node", path=path)
    if node is None or not (ROOT / "node_modules/oidc-provider").exists():
        pytest.fail("no oidc-provider: run `make static` first (npm ci)")
    command = [node, str(Path(__file__).with_name("provider.mjs")), BACK]
    # A session of its own: node of the wheel is a child of a small script, and both have to end.
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True, "start_new_session": True}
    with subprocess.Popen(command, **quiet) as process:
        yield next(line.strip() for line in process.stdout if line.startswith("http"))
        os.killpg(process.pid, signal.SIGTERM)


@pytest.fixture
def offered(issuer: str, settings, cast: Cast) -> Cast:
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, "zhibu"
    settings.OIDC_CLIENT_SECRET = "a-secret-of-the-tests"
    settings.OUTBOUND = f"{issuer}=127.0.0.0/8,http://127.0.0.1:9=127.0.0.0/8"
    return cast


def start(client: Client, onward: str = "") -> str:
    """Where our page sends the browser."""
    page = client.post("/login/oidc/", {"next": onward}).content.decode()
    return html.unescape(re.search(r'href="(http://127[^"]+)"', page)[1])


def at_provider(address: str, subject: str) -> str:
    """A person signs in there and agrees; returns where the provider sends the browser back to."""
    browser = requests.Session()
    answer = browser.get(address, allow_redirects=False, timeout=10)
    for _ in range(9):
        if answer.is_redirect:
            onward = requests.compat.urljoin(answer.url, answer.headers["Location"])
            if onward.startswith(BACK):
                return onward
            answer = browser.get(onward, allow_redirects=False, timeout=10)
            continue
        action = re.search(r'action="([^"]+)"', answer.text)[1]
        form = {"prompt": re.search(r'name="prompt" value="(\w+)"', answer.text)[1], "login": subject, "password": "x"}
        answer = browser.post(action, data=form, allow_redirects=False, timeout=10)
    raise AssertionError(answer.text[:400])


def bound(cast: Cast, issuer: str, subject: str = "u-1001", who: str = "secretary") -> None:
    Binding.objects.create(
        user=cast.posts[who].user, issuer=issuer, subject=subject, created_at=cast.posts[who].user.created_at
    )


def test_a_bound_person_gets_in_and_to_where_he_wanted(offered: Cast, issuer: str) -> None:
    bound(offered, issuer)
    client = Client()
    address = start(client, "/regulations/")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["scope"] == ["openid"]
    assert asked["state"][0] and asked["nonce"][0] and asked["response_type"] == ["code"]
    done = client.get(at_provider(address, "u-1001"))
    assert done.status_code == 302 and done.headers["Location"] == "/regulations/"
    assert client.get("/security/").status_code == 200


def test_nobody_is_found_by_what_the_provider_says_of_him(offered: Cast) -> None:
    """The subject is unknown here, whatever name, phone or e-mail it has: no account is guessed or made."""
    before = User.objects.count()
    for subject in ("secretary", "u-1001", "13999990001"):
        client = Client()
        done = client.get(at_provider(start(client), subject))
        assert done.status_code == 403 and "还没有绑定账号" in done.content.decode()
        assert client.get("/security/").status_code == 302
    assert User.objects.count() == before and not Binding.objects.exists()


def test_the_owner_binds_signed_in_and_unbinds(offered: Cast, issuer: str) -> None:
    client = offered.client("secretary")
    done = client.get(at_provider(start(client), "u-1001"))
    assert done.headers["Location"] == "/security/"
    assert Binding.objects.get().user == offered.posts["secretary"].user
    assert "可以直接用它登录" in client.get("/security/").content.decode()
    client.post("/security/unbind/")
    assert not Binding.objects.exists()


def test_a_subject_belongs_to_one_account(offered: Cast, issuer: str) -> None:
    bound(offered, issuer)
    client = offered.client("member")
    client.get(at_provider(start(client), "u-1001"))
    assert Binding.objects.get().user == offered.posts["secretary"].user
    assert "已经绑定了另一个账号" in client.get("/security/").content.decode()


def test_an_answer_is_good_once(offered: Cast, issuer: str) -> None:
    bound(offered, issuer)
    client = Client()
    back = at_provider(start(client), "u-1001")
    assert client.get(back).status_code == 302
    client.post("/logout/")
    assert client.get(back).status_code == 403


def test_an_answer_for_another_browser_is_refused(offered: Cast, issuer: str) -> None:
    """Login CSRF: the attacker's answer in the victim's browser, which asked for nothing, or for something else."""
    bound(offered, issuer)
    back = at_provider(start(Client()), "u-1001")
    assert Client().get(back).status_code == 403
    other = Client()
    start(other)
    assert other.get(back).status_code == 403


def _state(client: Client) -> tuple:
    session = client.session
    key = next(key for key, _ in session.items() if key.startswith("_state_"))
    return session, session[key]["data"]


@pytest.mark.parametrize("what", ["nonce", "code_verifier"])
def test_nonce_and_pkce_are_checked(offered: Cast, issuer: str, what: str) -> None:
    bound(offered, issuer)
    client = Client()
    back = at_provider(start(client), "u-1001")
    session, data = _state(client)
    data[what] = "another-" + data[what]
    session.save()
    assert client.get(back).status_code == 403
    assert client.get("/security/").status_code == 302


def test_the_answer_of_another_provider_is_refused(offered: Cast, issuer: str) -> None:
    bound(offered, issuer)
    client = Client()
    back = at_provider(start(client), "u-1001")
    assert client.get(re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back)).status_code == 403


def test_a_provider_that_calls_itself_otherwise_is_not_asked(offered: Cast, issuer: str, settings) -> None:
    settings.OIDC_ISSUER = issuer.replace("127.0.0.1", "localhost")
    settings.OUTBOUND += f",{settings.OIDC_ISSUER}=127.0.0.0/8"
    assert Client().post("/login/oidc/").status_code == 502


def test_disabled_or_with_a_second_factor(offered: Cast, issuer: str) -> None:
    from zhibu.web.accounts.factors import totp

    bound(offered, issuer)
    user = offered.posts["secretary"].user
    totp.keep(user, totp.new_secret(), 0)
    client = Client()
    assert client.get(at_provider(start(client), "u-1001")).headers["Location"] == "/login/second/"
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    assert client.get(at_provider(start(client), "u-1001")).status_code == 403


def test_the_way_back_leads_to_no_other_host(offered: Cast, issuer: str) -> None:
    bound(offered, issuer)
    client = Client()
    assert client.get(at_provider(start(client, "https://evil.example/"), "u-1001")).headers["Location"] == "/"


def test_a_provider_that_is_not_named_as_a_way_out_is_not_asked(offered: Cast, settings, caplog) -> None:
    settings.OUTBOUND = ""
    assert Client().post("/login/oidc/").status_code == 502


def test_a_provider_that_is_down_leaves_the_password(offered: Cast, settings) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = Client().post("/login/oidc/")
    assert answer.status_code == 502 and "先用密码登录" in answer.content.decode()


def test_without_a_provider_there_is_no_such_page(cast: Cast) -> None:
    assert Client().post("/login/oidc/").headers["Location"] == "/login/"
    assert Client().get("/login/oidc/back/").headers["Location"] == "/login/"
