"""A number in an address that no database could hold is a thing that is not there, not a trouble of the server."""

from __future__ import annotations

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter

from tests.access import oracle, world
from tests.access.oracle import ROUTES
from tests.access.test_matrix import _filled
from tests.architecture.test_house import patterns
from zhibu.web.conftest import enter

HUGE = 10**20
NUMBERS = {
    pattern.name: numbers
    for pattern in patterns()
    if (numbers := [name for name, kind in pattern.pattern.converters.items() if isinstance(kind, IntConverter)])
}


def test_a_huge_number_is_not_found(crowd: world.World) -> None:
    asked, troubles = 0, []
    for role in ("committee_officer", "secretary"):
        client = Client(raise_request_exception=False)
        enter(client, crowd.people[role])
        for name in ROUTES:
            route = oracle.route(name)
            for number in NUMBERS.get(route.reverse_as, ()):
                url = reverse(route.reverse_as, kwargs=_filled(crowd, route.path, "own") | {number: HUGE})
                for method in ("get", "post"):
                    mark = transaction.savepoint_create()
                    response = getattr(client, method)(url)
                    transaction.savepoint_rollback(mark)
                    asked += 1
                    if response.status_code not in (302, 403, 404, 405):
                        troubles.append(f"{method} {url} as {role}: {response.status_code}")
    assert asked > 500
    assert not troubles
