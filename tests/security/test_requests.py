"""Requests made to mislead: redirects elsewhere, hosts, names twice, 1,001 fields, deep JSON, text that is no text."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.access.world import World
from tests.security.conftest import FULL, ROUTES, address, client_of
from tests.security.test_headers import faults

EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "https://evil.example/login/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aSet-Cookie:a=b",
    "/\r\nSet-Cookie: a=b",
    "\t//evil.example",
    " //evil.example",
    "http://еvil.example",
    "http://evil。example",
    "/%5cevil.example",
    "//testserver:80@evil.example/%2f..",
]
NAMES = ("next", "url", "to", "back", "return", "redirect", "continue", "target", "key", "owner", "post", "size", "do")


def leads_away(response: Any) -> str:
    """Where a redirect leads, when that is not this host; what it set, when it let a header in."""
    for header in ("Location", "HX-Redirect", "HX-Location", "Refresh"):
        target = response.headers.get(header, "")
        if re.match(r"[\s\\/]*(?:[a-zA-Z][\w+.-]*:|[\\/]{2})", target) and not target.startswith("http://testserver/"):
            return target
        if re.search(r"[\r\n\\]", target):
            return repr(target)
    return "Set-Cookie: a=b" if "a" in response.cookies else ""


@pytest.mark.parametrize("evil", EVIL if FULL else EVIL[::7])
def test_no_redirect_leaves_this_host(crowd: World, evil: str) -> None:
    """Each route is given the address in every name that a redirect could read, signed in and not; CI: one of 3."""
    given = dict.fromkeys(NAMES, evil)
    headers = {"Referer": evil} if evil.isprintable() and evil.isascii() else {}
    for role in ("secretary", ""):
        client = client_of(crowd, role)
        for route in ROUTES if FULL else ROUTES[EVIL.index(evil) % 3 :: 3]:
            url = address(crowd, route)
            for response in (client.get(url, given, headers=headers), client.post(url, given, headers=headers)):
                assert not leads_away(response), (route.name, leads_away(response))
            if route.name in ("logout", "password"):
                client = client_of(crowd, role)


@pytest.mark.parametrize("evil", EVIL)
def test_the_pages_that_do_lead_back_lead_home(crowd: World, evil: str) -> None:
    signed_in = Client().post("/login/", {"username": "secretary", "password": "支部-pass-1", "next": evil})
    assert not leads_away(signed_in)
    assert not leads_away(Client().get("/login/", {"next": evil}))
    assert not leads_away(client_of(crowd, "secretary").get("/login/", {"next": evil}))
    assert not leads_away(Client().post("/design/size/", {"next": evil, "size": "elder"}))


def test_the_check_of_redirects_sees_one() -> None:
    """A planted open redirect: each of the addresses that a browser would follow is seen."""
    from django.http import HttpResponse

    for evil in EVIL:
        if re.match(r"\s*(?:[\\/]{2}|https?:)", evil) and evil.isascii() and evil.isprintable():
            assert leads_away(HttpResponse(headers={"Location": evil})), evil


HOSTS = ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "", "127.0.0.1,evil.example", "a b"]


@pytest.mark.parametrize("host", HOSTS)
def test_other_hosts_are_refused(db: None, host: str) -> None:
    response = Client().get("/login/", headers={"Host": host})
    assert response.status_code == 400 and not faults(response)
    forwarded = Client().get("/login/", headers={"X-Forwarded-Host": host or "evil.example"})
    assert "evil.example" not in forwarded.content.decode()


def test_of_a_name_given_twice_the_last_counts(crowd: World) -> None:
    """The rule, on every page with a filter (docs/security.md)."""
    client = client_of(crowd, "officer")
    for url, name, first, last in (
        ("/members/", "text", "zzz", "党员"),
        ("/records/", "text", "zzz", "主题"),
        ("/imports/", "page", "99", "1"),
    ):
        twice = client.get(f"{url}?{name}={first}&{name}={quote(last)}")
        once = client.get(url, {name: last})
        assert twice.status_code == once.status_code == 200
        assert _same(twice) == _same(once), url


def _same(response: Any) -> str:
    """The page without what differs by nature: the nonce, the token, its own address."""
    body = re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return re.sub(r'(?:href|value|action|hx-[a-z-]+)="[^"]*[?&][^"]*"', "", body)


def test_the_body_is_never_taken_from_the_address(crowd: World) -> None:
    """A write reads its fields from the body alone: the same names in the query string do nothing."""
    client = client_of(crowd, "secretary")
    before = client.get("/identity/").content
    assert client.post(f"/identity/?post={crowd.posts['officer'].pk}").status_code in (200, 302)
    assert client.post("/design/size/?size=elder").cookies.get("size") is None
    assert b"csrf" in before


def test_a_thousand_and_one_fields(crowd: World) -> None:
    """A grid of 60 people × 20 items has more fields than Django's stock limit of 1,000."""
    many = {f"cell-{number}": "1" for number in range(1_200)}
    assert client_of(crowd, "secretary").post("/records/new/", many | {"do": "save"}).status_code < 400
    too_many = {f"cell-{number}": "1" for number in range(4_100)}
    response = client_of(crowd, "secretary").post("/records/new/", too_many)
    assert response.status_code == 400 and not faults(response)


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_json_is_no_server_error(crowd: World, depth: int) -> None:
    """No page takes JSON: whatever its depth it is a form without fields."""
    client = client_of(crowd, "secretary")
    for route in ROUTES:
        response = client.post(address(crowd, route), "[" * depth, content_type="application/json")
        assert response.status_code < 500, route.name
        if route.name in ("logout", "password"):
            client = client_of(crowd, "secretary")


ODD = [
    "\x00",
    "\ud800",
    "a\u202eb",
    "\ufeff",
    "\u2028",
    "𠮷",
    "e\u0301",
    "x" * 100_000,
    "%00",
    "\x1b[31m",
    "'",
    "\\",
    "{{7*7}}",
    "%s%n",
]


@pytest.mark.parametrize("odd", ODD if FULL else ODD[::4] + ODD[1:2], ids=lambda odd: ascii(odd[:8]))
def test_odd_text_in_every_parameter_is_no_server_error(crowd: World, odd: str) -> None:
    """NUL, lone surrogates, reversed text … in each name that any page reads from its address; in CI at every third."""
    raw = quote(odd, errors="surrogatepass")
    client = client_of(crowd, "officer")
    for route in ROUTES if FULL else ROUTES[ODD.index(odd) % 3 :: 3]:
        names = [*NAMES, "text", "q", "page", "person", "kind", "since", "period", "year", "status", "branch", "sort"]
        query = "&".join(f"{name}={raw}" for name in names) if len(odd) < 100 else f"text={raw}"
        url = address(crowd, route)
        response = client.get(f"{url}{'&' if '?' in url else '?'}{query}")
        assert response.status_code < 500, route.name
