"""园区 (M072): how much Party work weighs in measuring a park, and what each of its staff answers for. The figures
beside it are those of the register and the verdicts; no score is made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.coverage import due, queries
from zhibu.web.coverage.actions import ended
from zhibu.web.coverage.models import ParkDuty, ParkWeight, Place


@action("coverage.keep")
def weigh(*, by: Scope, place: Place, year: int, percent: Decimal, document: str) -> ParkWeight:
    """The weight, 0 to 100, from a year on; of the same year the later one counts. Raises Unfit."""
    here = _park(by, place)
    if not 0 < percent <= 100:
        raise Unfit("percent", "权重在 0 到 100 之间，照文件填")
    row = ParkWeight.objects.within(by).filter(place=here, year=year).first() or ParkWeight(place=here, year=year)
    old = {"percent": str(row.percent)} if row.pk else {}
    row.percent, row.document = percent, document
    row.save()
    write(
        by=by, action="coverage.keep", sentence=f"{here.name} {year} 年起党建工作权重 {percent}%", thing=row,
        organisation=here.organisation, old=old, new={"percent": str(percent), "year": year, "document": document},
    )  # fmt: skip
    return row


@action("coverage.keep")
def give_duty(*, by: Scope, place: Place, name: str, duty: str, on: date, post: str = "") -> ParkDuty:
    """One of the park's staff answers for something from a day on."""
    here = _park(by, place)
    made = ParkDuty.objects.create(place=here, name=name, post=post, duty=duty, starts_on=on)
    write(
        by=by, action="coverage.keep", sentence=f"{here.name} {name} 的党建职责：{duty}", thing=made,
        organisation=here.organisation, new={"name": name, "post": post, "duty": duty}, happened_on=on,
    )  # fmt: skip
    return made


@action("coverage.keep")
def end_duty(*, by: Scope, duty: ParkDuty, on: date) -> ParkDuty:
    """Answers for it up to this day, inclusive. Raises Unfit."""
    row = reached(ParkDuty.objects.within(by).select_related("place__organisation"), duty.pk)
    ended(row, on)
    write(
        by=by, action="coverage.keep", sentence=f"{row.name} 不再负责：{row.duty}", thing=row,
        organisation=row.place.organisation, new={"ends_on": on}, happened_on=on,
    )  # fmt: skip
    return row


def _park(by: Scope, place: Place) -> Place:
    here = reached(Place.objects.within(by).select_related("organisation"), place.pk)
    if not here.park:
        raise Unfit("percent", f"{here.name} 不是园区")
    return here


@dataclass(frozen=True, slots=True)
class Card:
    """A park: the weight in force, its units, how far the rules on units are kept there, the staff's duties."""

    weight: ParkWeight | None
    units: int
    work: int  # units with an organisation or somebody sent
    organised: int
    judged: list[due.Judged]
    duties: list[ParkDuty]


def card(scope: Scope, place: Place) -> Card:
    weights = ParkWeight.objects.within(scope).filter(place=place, year__lte=scope.on.year).order_by("-year")
    units = list(queries.working(scope).filter(place=place))
    return Card(
        weights.first(),
        len(units),
        sum(bool(one.mode or one.sent) for one in units),
        sum(bool(one.mode) for one in units),
        due.judged(scope, place.pk),
        list(ParkDuty.objects.within(scope).filter(held(scope.on), place=place).order_by("starts_on", "name", "pk")),
    )
