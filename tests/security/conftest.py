"""The world of the access matrix, and the settings of a site under HTTPS."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.test import Client

from tests.access import oracle, world
from tests.access.conftest import _today, built, crowd
from tests.access.oracle import ROLES
from tests.access.test_matrix import _address
from zhibu.web.conftest import enter

FULL = os.environ.get("ZHIBU_HOSTILE") == "full"  # `make security`; CI runs a part of each

_DUMP = """
import json
from zhibu.web.config import settings
found = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
print(json.dumps({name: value for name, value in found.items() if isinstance(value, (str, int, bool, list, tuple))}))
"""


def dumped(**environment: str) -> dict[str, object]:
    """The plain settings as a server with this environment has them."""
    run = [sys.executable, "-c", _DUMP]
    done = subprocess.run(run, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# The design app shows no data; its two routes are tried too.
ROUTES = [oracle.route(name) for name in oracle.ROUTES]
SOME = ROLES if FULL else ["officer", "secretary", "member", "auditor"]


def address(crowd: world.World, route: oracle.Route) -> str:
    """Of the own organisation's thing."""
    return _address(crowd, route, "own")


def client_of(crowd: world.World, role: str) -> Client:
    """Signed in as somebody with this role, with the second factor some must show; nobody for an empty one."""
    client = Client()
    if role:
        enter(client, crowd.people[role])
    return client


@pytest.fixture
def https(settings) -> None:
    """What ZHIBU_HTTPS=1 changes, taken from the settings themselves."""
    plain, secure = dumped(ZHIBU_HTTPS=""), dumped(ZHIBU_HTTPS="1")
    for name, value in secure.items():
        if plain.get(name) != value:
            setattr(settings, name, tuple(value) if name == "SECURE_PROXY_SSL_HEADER" else value)


__all__ = ["FULL", "ROUTES", "SOME", "_today", "address", "built", "client_of", "crowd", "https"]
