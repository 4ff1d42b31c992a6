"""The county of the access matrix, and the settings of a site under HTTPS."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.access.conftest import county
from zhibu.web.conftest import _today, cast

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


@pytest.fixture
def https(settings) -> None:
    """What ZHIBU_HTTPS=1 changes, taken from the settings themselves."""
    plain, secure = dumped(ZHIBU_HTTPS=""), dumped(ZHIBU_HTTPS="1")
    for name, value in secure.items():
        if plain.get(name) != value:
            setattr(settings, name, tuple(value) if name == "SECURE_PROXY_SSL_HEADER" else value)


__all__ = ["FULL", "_today", "cast", "county", "https"]
