"""Places, stations and the figures of the superior: what the units are seen against."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.coverage.models import Benchmark, Place, Station
from zhibu.web.organisations.models import Organisation


@action("coverage.keep")
def open_station(*, by: Scope, committee: Organisation, name: str, on: date) -> Station:
    """A station of a committee (M229); which places it looks after is said of the places."""
    here = reached(Organisation.objects.within(by), committee.pk)
    if Station.objects.within(by).filter(organisation=here, name=name, closed_on=None).exists():
        raise Unfit("name", f"“{name}”已经设立")
    made = Station.objects.create(organisation=here, name=name, opened_on=on)
    write(
        by=by, action="coverage.keep", sentence=f"设立工作站 {name}", thing=made, organisation=here, happened_on=on,
        new={"name": name},
    )  # fmt: skip
    return made


@action("coverage.keep")
def close_station(*, by: Scope, station: Station, on: date) -> Station:
    """The station is closed after this day; its places look for another. Raises Unfit."""
    here = reached(Station.objects.within(by).select_related("organisation"), station.pk)
    if here.closed_on:
        raise Unfit("on", f"已于 {here.closed_on} 撤销")
    if on < here.opened_on:
        raise Unfit("on", f"{here.opened_on} 才设立，撤销日期不能更早")
    here.closed_on = on
    here.save(update_fields=["closed_on"])
    write(
        by=by, action="coverage.keep", sentence=f"撤销工作站 {here.name}", thing=here, organisation=here.organisation,
        new={"closed_on": on}, happened_on=on,
    )  # fmt: skip
    return here


@action("coverage.keep")
def place(
    *,
    by: Scope,
    committee: Organisation,
    name: str,
    park: bool,
    station: Station | None = None,
    neighbours: Collection[Place] = (),
    old: Place | None = None,
) -> Place:
    """A place is entered, or with `old` changed. Raises Unfit when its committee has one of that name."""
    here = reached(Organisation.objects.within(by), committee.pk)
    row = reached(Place.objects.within(by), old.pk) if old else Place()
    near = [reached(Place.objects.within(by), one.pk) for one in neighbours if one.pk != row.pk]
    row.station = reached(Station.objects.within(by), station.pk) if station else None
    if Place.objects.within(by).filter(organisation=here, name=name).exclude(pk=row.pk).exists():
        raise Unfit("name", f"“{name}”已经登记")
    row.organisation, row.name, row.park = here, name, park
    row.save()
    row.neighbours.remove(*Place.objects.within(by).exclude(pk__in=[one.pk for one in near]))
    row.neighbours.add(*near)
    write(
        by=by, action="coverage.keep", sentence=f"登记片区 {name}", thing=row, organisation=here,
        new={"name": name, "park": park, "station": row.station.name if row.station else None,
             "neighbours": [one.name for one in near]},
    )  # fmt: skip
    return row


@action("coverage.keep")
def benchmark(
    *, by: Scope, committee: Organisation, kind: str, measure: str, as_of: date, percent: Decimal, source: str
) -> Benchmark:
    """The superior's average as published, 0 to 100; the same day's figure is replaced. Raises Unfit."""
    here = reached(Organisation.objects.within(by), committee.pk)
    if not 0 <= percent <= 100:
        raise Unfit("percent", "百分比在 0 到 100 之间")
    keys = {"organisation": here, "kind": kind, "measure": Benchmark.Measure(measure), "as_of": as_of}
    row = Benchmark.objects.within(by).filter(**keys).first() or Benchmark(**keys)
    former = str(row.percent) if row.pk else None
    row.percent, row.source = percent, source
    row.save()
    write(
        by=by, action="coverage.keep", sentence=f"登记对照值 {row.get_measure_display()} {percent}%", thing=row,
        organisation=here, old={"percent": former}, new={"percent": str(percent), "source": source}, happened_on=as_of,
    )  # fmt: skip
    return row
