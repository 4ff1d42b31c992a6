"""A year of records for tests of pages: what each branch did is written out, so that a test can say what it expects.

槐树村 (branch): no theme day in August and September, no study in October, the September committee meeting recorded
late, the February one held by two of eight, no lecture in the third quarter. 龙泉村 (sister) did everything that is
due. Six more villages make a peer group; they did nothing but theme days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings

from zhibu.web.conftest import Cast, _fill, _plant
from zhibu.web.core import clock
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.records.models import Record
from zhibu.web.regulations.actions import publish

MONTHS = range(1, 11)
QUARTERS = {1: date(2026, 2, 12), 2: date(2026, 5, 12), 3: date(2026, 8, 12)}
MONTHLY = ("theme_day", "committee_meeting", "study", "preparation")
QUARTERLY = ("general_meeting", "party_lecture", "discussion")


def write_year(cast: Cast) -> None:
    """Records, rulebooks and the evaluation of 2025 and 2026 as of the cast's today."""
    villages = [_plant(cast.town, f"大营镇{name}家村党支部", Kind.BRANCH, Sector.VILLAGE) for name in "张王李赵刘陈"]
    for village in villages:
        _fill(village)
    everyone = Organisation.objects.unscoped("test")
    everyone.filter(kind=Kind.BRANCH).update(committee_size=3, secretary_name="李某", secretary_since=date(2020, 1, 1))
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    rows = [*_branch(cast.branch), *_sister(cast.sister)]
    rows += [row for village in (*villages, cast.neighbour) for row in _monthly(village, ("theme_day",))]
    Record.objects.bulk_create(rows)
    refresh()


def record(place: Organisation, types: Iterable[str], held_on: date, **fields: object) -> Record:
    """One unsaved record, entered the day after unless said otherwise."""
    types = list(types)
    number = f"{place.code}-{held_on:%y%m%d}-{'-'.join(types)}"[:20]
    given = {"recorded_on": held_on + timedelta(days=1), "recorded_at": clock.now(), "expected": 8, "present": 7}
    return Record(organisation=place, number=number, types=types, held_on=held_on, **(given | fields))


def _monthly(place: Organisation, types: Iterable[str], months: Iterable[int] = MONTHS) -> list[Record]:
    return [record(place, [one], date(2026, month, 10)) for one in types for month in months]


def _quarterly(place: Organisation, types: Iterable[str], quarters: Iterable[int] = QUARTERS) -> list[Record]:
    return [record(place, [one], QUARTERS[quarter]) for one in types for quarter in quarters]


def _branch(place: Organisation) -> list[Record]:
    rows = _monthly(place, ["theme_day"], [1, 2, 3, 4, 5, 6, 7, 10, 11])
    rows += _monthly(place, ["committee_meeting"], [1, 3, 4, 5, 6, 7, 8, 10])
    rows += [record(place, ["committee_meeting"], date(2026, 2, 10), present=2)]
    rows += [record(place, ["committee_meeting"], date(2026, 9, 10), recorded_on=date(2026, 11, 2))]
    rows += _monthly(place, ["study"], range(1, 10)) + _monthly(place, ["preparation"])
    return rows + _quarterly(place, ["general_meeting", "discussion"]) + _quarterly(place, ["party_lecture"], [1, 2])


def _sister(place: Organisation) -> list[Record]:
    rows = _monthly(place, MONTHLY, range(1, 12)) + _quarterly(place, QUARTERLY)
    return rows + [record(place, [one], date(2026, 10, 20)) for one in QUARTERLY]
