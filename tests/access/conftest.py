"""The world of the matrix, built once for a module and undone after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.access import oracle, world


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_TODAY", world.TODAY.isoformat())


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[world.World]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setenv("ZHIBU_TODAY", world.TODAY.isoformat())
        yield world.build(oracle.ROLES, oracle.POINTED)
        transaction.set_rollback(True)


@pytest.fixture
def crowd(built: world.World, db: None) -> world.World:
    return built
