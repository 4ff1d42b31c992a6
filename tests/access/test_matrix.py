"""Every route of the URLconf × every role × every relation: nobody sees or does what is not theirs.

The routes come from the URLconf, what they need from `view.needs`, what a role may do from `access/policy.py`. A route
with a parameter that is not in PARAMETERS fails: a new page is in the matrix or the build is red.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse

from tests.access.conftest import CANARY, batch_of, number_of, post_of, trial_of
from tests.architecture.test_house import patterns
from zhibu.web.access.policy import actions
from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.organisations.models import Organisation

# Where an object may stand, seen from the branch: the own one, the sister below the same town, the one outside.
RELATIONS: dict[str, Callable[[Cast], Organisation]] = {
    "own": lambda cast: cast.branch,
    "sister": lambda cast: cast.sister,
    "neighbour": lambda cast: cast.neighbour,
}
PARAMETERS: dict[str, Callable[[Organisation], Any]] = {
    "code": lambda place: place.code,
    "number": number_of,
}
# Parameters that name no organisation: the same value whatever the relation.
PLAIN: dict[str, Callable[[], Any]] = {
    "book": lambda: 1,  # of a batch; none of ours
    "kind": lambda: "members",
    "form": lambda: "marked",
    "rulebook": lambda: "branch-life",
    "rule": lambda: "theme-day",
    "period": lambda: "2026-11",
}
# Where the same word means different things on different routes.
OWN: dict[tuple[str, str], Callable[[], Any]] = {
    ("audit-line", "number"): lambda: Line.objects.unscoped("test").order_by("pk")[0].pk,
    ("feedback-answer", "number"): lambda: 999_999,
    ("stand-in-end", "number"): lambda: 999_999,
    ("line-end", "number"): lambda: 999_999,
}
# The design app shows no data: its two routes are in a namespace of their own.
ROUTES = [pattern for pattern in patterns() if pattern.name not in ("components", "size")]
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b(?!.*(django_session|axes_|audit_line))", re.IGNORECASE)


def address(route: URLPattern, place: Organisation) -> str:
    values = {}
    for name in route.pattern.converters:
        if (route.name, name) in OWN:
            values[name] = OWN[route.name, name]()
        elif name == "number" and route.name.startswith("import"):
            values[name] = batch_of(place).pk
        elif name == "number" and route.name.startswith("trial"):
            values[name] = trial_of(place).pk
        elif name == "number" and route.name.startswith("post"):
            values[name] = post_of(place).pk
        elif name in PARAMETERS:
            values[name] = PARAMETERS[name](place)
        elif name in PLAIN:
            values[name] = PLAIN[name]()
        else:
            pytest.fail(f"route {route.name}: say in PARAMETERS or PLAIN what <{name}> is")
    return reverse(route.name, kwargs=values)


def is_scoped(route: URLPattern) -> bool:
    return any((route.name, name) not in OWN and name in PARAMETERS for name in route.pattern.converters)


def cases() -> Iterator[tuple[URLPattern, str, str]]:
    for route in ROUTES:
        for role in ROLES:
            for relation in RELATIONS if is_scoped(route) else ("own",):
                yield route, role, relation


def reached(cast: Cast, role: str, place: Organisation) -> bool:
    return cast.scope(role).reaches(place.path)


class NoWrites:
    """Fails when a statement writes; an audit line of an export is the one exception."""

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not WRITES.match(sql), f"a read wrote: {sql[:120]}"
        return execute(sql, params, many, context)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_nobody_reaches_what_is_not_theirs(county: Cast, role: str, method: str) -> None:
    client = county.client(role)
    client.raise_request_exception = True
    for route, who, relation in cases():
        if who != role:
            continue
        place = RELATIONS[relation](county)
        response = _ask(client, method, address(route, place))
        _judge(county, route, role, place, method, response)
        if route.name in ("logout", "password"):
            client = county.client(role)


def _ask(client: Client, method: str, url: str):
    if method == "post":
        return client.post(url)
    with connection.execute_wrapper(NoWrites()):
        return client.get(url)


def _judge(cast: Cast, route: URLPattern, role: str, place: Organisation, method: str, response: Any) -> None:
    seen = f"{method} {route.name} as {role} at {place.name}: {response.status_code}"
    needs = route.callback.needs
    if needs is not None and response.status_code != 405:
        if needs not in actions(role):
            assert response.status_code == 403, seen
        elif is_scoped(route) and not reached(cast, role, place):
            assert response.status_code in (403, 404), seen
    assert response.status_code < 500, seen
    if not reached(cast, role, cast.neighbour):
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert CANARY not in body.decode("utf-8", "ignore"), seen
        assert CANARY not in str(response.headers), seen


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_see_the_sign_in_page(county: Cast, method: str) -> None:
    for route in ROUTES:
        if route.callback.needs is not None:
            response = getattr(Client(), method)(address(route, county.branch))
            assert response.status_code == 302, route.name
            assert response.headers["Location"].startswith("/login/"), route.name


def test_every_page_of_a_role_opens(county: Cast) -> None:
    """The matrix is not green because everything is refused: what a role may read, it can read."""
    for role in ROLES:
        for route in ROUTES:
            needs = route.callback.needs
            if needs and needs.endswith(".view") and needs in actions(role) and reached(county, role, county.branch):
                response = county.client(role).get(address(route, county.branch))
                assert response.status_code in (200, 302, 404, 405), f"{route.name} as {role}: {response.status_code}"
