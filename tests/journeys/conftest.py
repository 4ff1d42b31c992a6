"""A county in its second year: last year complete, this year up to the day of the cast."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings

from zhibu.web.conftest import TODAY, Cast, _today, cast
from zhibu.web.core import clock
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.records import numbers
from zhibu.web.records.models import Record
from zhibu.web.regulations.actions import publish


@pytest.fixture
def county(transactional_db: None, cast: Cast) -> Cast:
    """The cast's branches have held most of what they owe; the sister branch lags."""
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    for place, months in (
        (cast.branch, (1, 2, 3, 4, 5, 6, 7, 8, 10)),
        (cast.neighbour, range(1, 12)),
        (cast.sister, range(1, 7)),
    ):
        for month in months:
            _held(place, date(2026, month, 6), "theme_day", "study")
            _held(place, date(2026, month, 10), "committee_meeting")
            if month % 3 == 2:
                _held(place, date(2026, month, 15), "general_meeting", "party_lecture")
    refresh()
    return cast


def _held(place: Organisation, held: date, *types: str) -> None:
    Record.objects.create(
        number=numbers.take(held.year)[0], organisation=place, types=list(types), topic="学习贯彻全会精神",
        held_on=held, recorded_on=min(TODAY, held + timedelta(days=1)), recorded_at=clock.now(), expected=8, present=7,
        host="书记", recorder="组织委员", content="学习文件，讨论本月工作。",
    )  # fmt: skip
