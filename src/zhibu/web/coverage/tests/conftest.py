"""A park with its committee, a town, a sector branch, and units of the cast's county."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from zhibu.web.access.queries import system_scope
from zhibu.web.conftest import Cast
from zhibu.web.coverage import actions, grounds
from zhibu.web.coverage.models import Place, Unit
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.regulations.actions import publish

SINCE = date(2026, 3, 1)


@dataclass
class Lands:
    """The cast's county with a park beside its two towns."""

    cast: Cast
    committee: Organisation  # of the park
    firm: Organisation  # a branch below it
    park: Place
    town: Place
    other_town: Place
    unit: Callable[..., Unit]


@pytest.fixture
def lands(cast: Cast) -> Lands:
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    refresh()
    committee = tree.plant(
        parent=cast.county,
        code="P001",
        name="中共云岭县工业园区工作委员会",
        kind=Kind.WORK_COMMITTEE,
        sector=Sector.NPE,
    )
    firm = tree.plant(parent=committee, code="P002", name="云岭建材党支部", kind=Kind.BRANCH, sector=Sector.NPE)
    by = system_scope()
    park = grounds.place(by=by, committee=committee, name="工业园区", park=True)
    town = grounds.place(by=by, committee=cast.town, name="大营镇", park=False, neighbours=[park])
    other = grounds.place(by=by, committee=cast.other_town, name="石门镇", park=False)
    return Lands(cast, committee, firm, park, town, other, entered)


def entered(name: str, committee: Organisation | None, **fields: Any) -> Unit:
    """By the system, of an enterprise unless `fields` say otherwise. Without a committee: below the county."""
    given = {"name": name, "kind": "npe", "operating": True} | fields
    by = system_scope()
    if committee is None:
        from dataclasses import replace

        by = replace(by, organisation_id=Organisation.objects.unscoped("the county").filter(depth=1).get().pk)
    return actions.enter(by=by, fields=given, committee=committee, starts_on=SINCE, document="文")
