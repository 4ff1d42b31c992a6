"""Every route of the URLconf × every role × every relation × every method: nobody sees or does what is not theirs.

`ZHIBU_MATRIX=full` (`make security`) runs the whole product. CI tries all that a role may do, and of the refusals
each at some roles: a role that is refused whatever it names tries its own place with all that the route answers, and
one in three the cousin; where it may act and others may too, half of the places out of its reach; of the methods that
are not answered one or none. Which: the turn, another for each role at each route.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.access import oracle, world
from tests.access.oracle import PLACES, ROLES, ROUTES, Route
from tests.access.rows import WITHHELD
from tests.architecture.test_house import patterns
from zhibu.web.conftest import enter
from zhibu.web.core.scope import Scope

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FULL = os.environ.get("ZHIBU_MATRIX") == "full"
NOWHERE = {"place": "W999", "record": "2026-999999", "attachment": "file99"}
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
# What a request may always write: its session, and the lines that say it was refused or took something away.
ASIDE = re.compile(r"accounts_session|audit_")
CHANCE = re.compile(
    r"""name="(?:csrfmiddlewaretoken|owner|key|tab|seen)" value="[^"]*"|nonce[-=]["']?[\w+/=-]+|<dcterms:[^<]*"""
)
# What a superior keeps is there for those below it.
FROM_ABOVE = (
    "document", "checklist-new", "programme", "programme-records", "programme-export",
    "reading", "resource", "paper", "paper-export", "scenario", "lecture", "lecture-file", "lecture-contest",
    "lecture-enter", "study-programme",
)  # fmt: skip
CANARY = re.compile(r"ZQ(\d+)q([A-Za-z_]*)")
NUMBERS = re.compile(r"9900011990010[12]\d{4}|137777[78]\d{4}")


class Written(list):
    """The statements that wrote something, besides sessions and the log."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql) and not ASIDE.search(sql):
            self.append(sql[:160])
        return execute(sql, params, many, context)


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    names = [pattern.name for pattern in patterns()]
    assert set(names) == set(ROUTES) and len(names) == len(set(names))


@pytest.mark.parametrize("name", ROUTES)
def test_what_one_role_leaves_out_another_tries(name: str) -> None:
    """CI's part of the product still has every method of every route, and what it answers at every place."""
    route = oracle.route(name)
    tried = {(at, one) for role in ROLES for at in _places(role, route) for one in _methods(role, route, at)}
    anywhere = PLACES if route.placed or route.placed_by_form else ["own"]
    assert tried >= {("own", one) for one in METHODS} | {(at, one) for at in anywhere for one in route.methods}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reaches_what_is_not_theirs(crowd: world.World, role: str) -> None:
    faults = list(_walk(crowd, role))
    assert not faults, "\n".join(faults[:40])


def _walk(crowd: world.World, role: str) -> Iterator[str]:
    client = Client(raise_request_exception=True)
    enter(client, crowd.people[role])
    jar = dict(client.cookies)
    for name in ROUTES:
        route = oracle.route(name)
        for place in _places(role, route):
            for method in METHODS if FULL else _methods(role, route, place):
                client.cookies.update(jar)
                yield from judge(crowd, role, route, place, method, client)


def _methods(role: str, route: Route, place: str) -> list[str]:
    """What CI tries: what the route answers; at the own place, of what it does not, one method or none."""
    answered = [method for method in ("GET", "POST") if method in route.methods]
    turn = _turn(role, route, ROLES)
    if place == "own":
        rest = [method for method in METHODS if method not in answered]
        return answered + [rest[turn // 2 % len(rest)]] * (turn % 2)
    return answered if _acts(role, route) else [answered[turn % len(answered)]]


def _places(role: str, route: Route) -> list[str]:
    """Where to try it: everywhere when the address names a thing, unless the role is refused whatever it names."""
    if not route.placed and not route.placed_by_form:
        return ["own"]
    if FULL:
        return PLACES
    alike = [one for one in ROLES if _acts(one, route) == _acts(role, route)]
    turn = _turn(role, route, alike)
    if not _acts(role, route):
        return ["own", "cousin"] if turn % 3 == 0 else ["own"]
    beyond = [place for place in PLACES if place != "own" and _refused(role, route, place)]
    left_out = beyond[turn % 2 :: 2] if len(alike) > 1 else []
    return [place for place in PLACES if place not in left_out]


def _acts(role: str, route: Route) -> bool:
    """Whether there is a thing on which the role may do it."""
    return route.needs is None or bool(oracle.relations(role, route.needs))


def _turn(role: str, route: Route, roles: list[str]) -> int:
    """Another one for each route, and at it for each of the roles."""
    return list(ROUTES).index(route.name) + roles.index(role)


def judge(crowd: world.World, role: str, route: Route, place: str, method: str, client: Client) -> Iterator[str]:
    """What is wrong with the answer, in words."""
    return faults_of(crowd, role, route, place, method, ask(crowd, route, place, method, client))


def faults_of(
    crowd: world.World, role: str, route: Route, place: str, method: str, asked: tuple[Written, tuple[Any, str]]
) -> Iterator[str]:
    seen = f"{method} {route.name} as {role} at {place}"
    written, (response, body) = asked
    expected = _expected(role, route, place, method)
    if response.status_code not in expected:
        yield f"{seen}: {response.status_code}, should be one of {sorted(expected)}"
    if written and (method != "POST" or _refused(role, route, place)):
        yield f"{seen}: wrote {written[0]}"
    typed = "".join(map(str, _filled(crowd, route.form, place).values())) if method == "POST" else ""
    for fault in _foreign(crowd, role, route, typed, body + str(response.headers)):
        yield f"{seen}: shows {fault}"


def ask(crowd: world.World, route: Route, place: str, method: str, client: Client) -> tuple[Written, tuple[Any, str]]:
    """One request, undone at once; the statements it wrote and the answer with its body."""
    written, mark = Written(), transaction.savepoint_create()
    try:
        with connection.execute_wrapper(written):
            url = _address(crowd, route, place)
            body = _filled(crowd, route.form, place) if method == "POST" else {}
            response = client.post(url, body) if method == "POST" else client.generic(method, url)
            content = b"".join(response.streaming_content) if response.streaming else response.content
    finally:
        transaction.savepoint_rollback(mark)
    return written, (response, _readable(content))


def _readable(content: bytes) -> str:
    """The text of an answer; workbooks are unpacked first."""
    if content[:2] == b"PK":
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", "ignore")


def _address(crowd: world.World, route: Route, place: str) -> str:
    url = reverse(route.reverse_as, kwargs=_filled(crowd, route.path, place))
    query = "&".join(f"{name}={value}" for name, value in _filled(crowd, route.query, place).items())
    return f"{url}?{query}" if query else url


def _filled(crowd: world.World, words: dict[str, str], place: str) -> dict[str, Any]:
    things = crowd.things.get(place)
    return {
        name: word[1:] if str(word).startswith("=") else things[word] if things else NOWHERE.get(word, 99_999_999)
        for name, word in words.items()
    }


def _refused(role: str, route: Route, place: str) -> bool:
    if route.needs is None:
        return False
    if not oracle.relations(role, route.needs) or route.top:
        return True
    return (route.placed or route.placed_by_form) and not _theirs(role, route, place)


def _theirs(role: str, route: Route, place: str) -> bool:
    """Whether the thing the request names is one this role may act on."""
    if route.name in ("identity", "stand-in-end"):  # one's own posts, and who stands in for them: none of the world's
        return False
    if route.name == "stand-ins":  # a colleague holds a post at the organisation or above it
        return place in ("own", "ancestor")
    if route.name in ("appoint", "post-end", "post-hand-over"):
        return _gives(role, route, place)
    if route.public:
        return place != "nonexistent"
    if route.name in FROM_ABOVE:
        return place in ("top", "ancestor") or oracle.reached(role, route.needs, place)
    if route.name in ("cycle", "cycle-export", "cycle-own"):  # a superior's themes bind those below it
        return place in ("top", "ancestor") or oracle.reached(role, route.needs, place, route.only)
    if route.name in ("call", "guide", "guide-window"):  # a superior's calls and guides reach down
        return place in ("top", "ancestor") or oracle.reached(role, route.needs, place)
    if route.name in ("trial", "trial-losers"):
        return place == "own" and oracle.reached(role, route.needs, place)
    return oracle.reached(role, route.needs, place, route.only)


def _gives(role: str, route: Route, place: str) -> bool:
    """Posts are given and taken by the table `appoints`: the world's are of deputies, the new one a member's."""
    relation = oracle.RELATION.get(place)
    given = oracle.POLICY["roles"][role].get("appoints", {}).get(relation, [])
    return oracle.reached(role, route.needs, place) and ("member" if route.name == "appoint" else "deputy") in given


def _expected(role: str, route: Route, place: str, method: str) -> set[int]:
    """The statuses that are right. A thing out of reach reads like one that is not there."""
    if method not in (*route.methods, *(("HEAD",) if "GET" in route.methods else ())):
        return {200, 302, 403, 405} if route.needs is None else {405}
    if route.needs is None:
        return {200, 204, 302, 403, 422}
    if not oracle.relations(role, route.needs):
        return {403}
    if route.top:
        return {404}
    if route.placed and not oracle.reached(role, route.needs, place, route.only) and not _theirs(role, route, place):
        return {404}
    if route.placed_by_form and method == "POST" and not _theirs(role, route, place):
        return {200, 302, 403, 404, 422} if route.name == "identity" else {403, 404, 422}
    return {200, 204, 302, 404, 409, 422, 403} if method == "POST" else {200, 302, 404}


def _foreign(crowd: world.World, role: str, route: Route, typed: str, text: str) -> Iterator[str]:
    """Marks of organisations whose rows this page may not show, unless the reader typed them; and numbers in full."""
    fine = {crowd.places[one].pk for one in oracle.visible(role, route)}
    names = {crowd.places[one].pk for one in ("top", "ancestor", "own", "elsewhere")}  # superiors' names are no secret
    own = route.mine and role == "secretary"  # whose rows the world's are; a withheld member's are nobody's
    for number, word in set(CANARY.findall(without_chance(text))):
        if (
            int(number) not in fine
            and not (own and int(number) != WITHHELD)
            and f"ZQ{number}q{word}" not in typed
            and not (int(number) in names and word in ("name", "short"))
        ):
            yield f"ZQ{number}q{word}"
    whole = {crowd.places[one].pk for one in oracle.RELATION if oracle.reached(role, route.needs or "", one)}
    for number in set(NUMBERS.findall(text)):
        if not (route.whole and int(number[-4:]) in whole):
            yield f"the number {number} in full"


@pytest.mark.parametrize("method", METHODS)
def test_strangers_see_the_sign_in_page(crowd: world.World, method: str) -> None:
    for name in ROUTES:
        route = oracle.route(name)
        if route.needs is None:
            continue
        for place in ("own", "nonexistent"):
            written, (response, body) = ask(crowd, route, place, method, Client())
            assert response.status_code == 302 and response.headers["Location"].startswith("/login/"), name
            assert not written and not CANARY.search(without_chance(body)), name


@pytest.mark.parametrize("role", [role for role in ROLES if role in oracle.POLICY["apart"]])
def test_away_from_the_terminals_every_page_is_shut(crowd: world.World, role: str) -> None:
    """The world's lists hold 127.0.0.0/8 alone (rows.OWN)."""
    client = Client(REMOTE_ADDR="203.0.113.9")
    enter(client, crowd.people[role])
    jar = dict(client.cookies)
    for name in ROUTES:
        turn = _turn(role, oracle.route(name), ROLES)
        for method in ("GET", "POST") if FULL else ("GET", "POST")[turn % 2 :: 2]:
            client.cookies.update(jar)
            written, (response, body) = ask(crowd, oracle.route(name), "own", method, client)
            if name != "logout":
                assert response.status_code == 403 and "203.0.113.9" in body, f"{method} {name}"
                names = {word for _, word in CANARY.findall(without_chance(body))}  # of the own post and of superiors
                assert not written and names <= {"name", "short"}, f"{method} {name}"


def test_what_is_out_of_reach_reads_like_what_is_not_there(crowd: world.World) -> None:
    """The same status and the same words, so that nobody learns what exists elsewhere."""
    for role in ("officer", "committee_officer", "secretary", "auditor"):
        client = Client()
        enter(client, crowd.people[role])
        for name in ROUTES:
            route = oracle.route(name)
            if route.needs and route.placed and not route.public and oracle.relations(role, route.needs):
                there, gone = (ask(crowd, route, place, "GET", client)[1] for place in ("cousin", "nonexistent"))
                assert there[0].status_code == gone[0].status_code, name
                assert _without_address(there[1]) == _without_address(gone[1]), name


def _without_address(body: str) -> str:
    return re.sub(r"""name="next" value="[^"]*"|\bW\d{3}\b|\d+""", "", without_chance(body))


def without_chance(body: str) -> str:
    """A page without what is new on every answer: tokens, the marks of a form, the moment in a workbook."""
    return CHANCE.sub("", body)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_opens(role: str) -> None:
    """The matrix is not green because everything is refused: what a role may read at its own place, it has to read."""
    opened = [oracle.route(name) for name in ROUTES]
    mine = [one for one in opened if one.needs and "own" in oracle.relations(role, one.needs) and "GET" in one.methods]
    assert all("GET" in _methods(role, one, "own") and "own" in _places(role, one) for one in mine)
    assert all(_expected(role, one, "own", "GET") <= {200, 302, 404} for one in mine)


@pytest.mark.parametrize("role", ROLES if FULL else ["officer", "secretary", "auditor"])
def test_nothing_elsewhere_changes_a_page(crowd: world.World, role: str) -> None:
    """Counts bear no canaries: so whatever changes out of reach must leave every page as it is."""
    client = Client()
    enter(client, crowd.people[role])
    before = dict(_pages(crowd, client))
    world.disturb(crowd)
    after = dict(_pages(crowd, client))
    assert not [name for name in before if before[name] != after[name]]


def _pages(crowd: world.World, client: Client) -> Iterator[tuple[str, tuple[int, str]]]:
    jar = dict(client.cookies)
    for name in ROUTES:
        route = oracle.route(name)  # a new secret each time: totp, passkeys; sums of all: what is public
        if "GET" in route.methods and not route.public and name not in ("totp", "passkeys"):
            client.cookies.update(jar)
            response, body = ask(crowd, route, "own", "GET", client)[1]
            yield name, (response.status_code, without_chance(body))


def test_a_scope_of_no_grant_reaches_nothing(crowd: world.World) -> None:
    from zhibu.web.organisations.models import Organisation

    nobody = Scope(1, 1, "nonsense", crowd.places["own"].pk, "无", (), world.TODAY)
    assert not Organisation.objects.within(nobody).exists()
