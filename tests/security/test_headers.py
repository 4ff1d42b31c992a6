"""Every route and every error page says what a browser may do with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.access.world import World
from tests.security.conftest import ROUTES, SOME, address, client_of
from tests.security.errors import SECRET

DIRECTIVES = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "style-src": "'self'",
}


def faults(response: Any, *, secure: bool = False) -> list[str]:
    """What is missing from the headers of an answer."""
    headers, policy = response.headers, csp(response)
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if secure:
        wanted["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    found = [f"{name}: {headers.get(name)}" for name, value in wanted.items() if headers.get(name) != value]
    found += [] if "geolocation=()" in headers.get("Permissions-Policy", "") else ["Permissions-Policy"]
    if policy.get("sandbox") is None:
        found += [f"csp {name}: {policy.get(name)}" for name, value in DIRECTIVES.items() if policy.get(name) != value]
    if "unsafe" in str(policy) or "*" in str(policy) or policy.get("default-src") != "'none'":
        found.append(f"csp: {policy}")
    script = policy.get("script-src", "")
    return found + ([f"script-src {script}"] if script and not re.fullmatch(r"'nonce-[\w-]{22}'", script) else [])


def csp(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response.headers.get("Content-Security-Policy", "").split(";"))
    return {name: value for name, _, value in parts}


def inline(response: Any) -> list[str]:
    """Scripts without the nonce of the page, inline scripts, styles and handlers."""
    if response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return []
    body = response.content.decode()
    nonce = csp(response).get("script-src", "")[7:-1]
    tags = re.findall(r"<script\b[^>]*>", body)
    found = [tag for tag in tags if f'nonce="{nonce}"' not in tag or "src=" not in tag]
    return found + re.findall(r"<style\b|<[a-z][^<>]*\s(?:style|on[a-z]+)=[^<>]*>|javascript:", body)


@pytest.mark.parametrize("role", [*SOME, ""])
def test_every_route_has_every_header(crowd: World, role: str) -> None:
    for route in ROUTES:
        client = client_of(crowd, role)
        for method in ("get", "post", "put", "options"):
            response = getattr(client, method)(address(crowd, route))
            assert not faults(response), (route.name, method, faults(response))
            assert not inline(response), (route.name, inline(response))
            if role and route.needs:
                assert "no-store" in response.headers["Cache-Control"], route.name


def test_under_https_too(crowd: World, https: None) -> None:
    client = client_of(crowd, "officer")
    for route in ROUTES:
        response = client.get(address(crowd, route), secure=True)
        assert not faults(response, secure=True), (route.name, faults(response, secure=True))
    plain = Client().get("/login/")
    assert plain.status_code == 301 and plain.headers["Location"] == "https://testserver/login/"
    assert Client().get("/login/", headers={"X-Forwarded-Proto": "https"}).status_code == 200


def test_cookies_belong_to_this_host_alone_under_https(crowd: World, https: None, settings) -> None:
    client = Client()
    client.get("/login/", secure=True)
    client.force_login(crowd.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    client.post("/identity/", {"post": str(crowd.posts["officer"].pk)}, secure=True)
    assert {"__Host-sid", "__Host-csrf"} <= set(client.cookies)
    for name in ("__Host-sid", "__Host-csrf"):
        cookie = client.cookies[name]
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/" and not cookie["domain"], name
    answer = Client().post("/design/size/", {"size": "elder"}, secure=True)
    assert answer.cookies["size"]["secure"] and answer.cookies["size"]["httponly"]


def test_each_page_has_its_own_nonce(crowd: World) -> None:
    client = client_of(crowd, "officer")
    seen = {csp(client.get("/regulations/"))["script-src"] for _ in range(20)}
    assert len(seen) == 20


@pytest.mark.parametrize("role", [*SOME, ""])
def test_error_pages_tell_nothing(crowd: World, settings, role: str) -> None:
    settings.ROOT_URLCONF = "tests.security.errors"
    client = client_of(crowd, role)
    client.raise_request_exception = False
    asked = {f"/wrong/{code}/": code for code in (400, 403, 404, 500)} | {"/no/such/page/": 404}
    for url, code in asked.items():
        response = client.get(url)
        body = response.content.decode()
        assert response.status_code == code
        assert not faults(response) and not inline(response), url
        for word in (
            SECRET,
            "SELECT",
            "Traceback",
            "/work/",
            "site-packages",
            "settings",
            "Django",
            f"ZQ{crowd.places['cousin'].pk}q",
        ):
            assert word not in body, (url, word)
        assert re.search("[\u4e00-\u9fff]", body), f"{url} speaks no Chinese"


def test_a_wrong_host_and_a_missing_token_are_refused_with_headers(crowd: World, settings) -> None:
    wrong = Client().get("/login/", headers={"Host": "evil.example"})
    assert wrong.status_code == 400 and not faults(wrong)
    assert "evil" not in wrong.content.decode()
    client = Client(enforce_csrf_checks=True)
    missing = client.post("/login/", {"username": "x", "password": "y"})
    assert missing.status_code == 403 and not faults(missing)
