"""没有活动的提醒 (M037): enterprises' Party organisations with no activity on record for as many days as the nearest
committee above them has set. A committee that has set nothing is told nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q
from django.urls import reverse

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.coverage.goals import OF_ENTERPRISES
from zhibu.web.coverage.models import QuietDays
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

MOST = 999


@dataclass(frozen=True, slots=True)
class Quiet:
    """`last`: its latest activity; None: there is none on record. `allowed`: the days set, by whom."""

    place: Organisation
    last: date | None
    days: int | None
    allowed: int
    by: str


@action("coverage.keep")
def set_days(*, by: Scope, organisation: Organisation, days: int | None, document: str = "") -> QuietDays | None:
    """For the organisations below; None: not told any more. Raises Unfit."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if days is not None and not 1 <= days <= MOST:
        raise Unfit("days", f"天数在 1 和 {MOST} 之间，不要提醒就空着")
    there = QuietDays.objects.within(by).filter(organisation=here).first()
    old = {"days": there.days, "document": there.document} if there else None
    made = None
    if days is None:
        if there is None:
            return None
        there.delete()
    else:
        made = there or QuietDays(organisation=here)
        made.days, made.document = days, document
        made.save()
    said = f"企业党组织 {days} 天没有活动就提醒" if days else "不再提醒没有活动的企业党组织"
    write(
        by=by, action="coverage.keep", sentence=said, thing=here, organisation=here, old=old,
        new={"days": days, "document": document} if days else None, happened_on=by.on,
    )  # fmt: skip
    return made


def own_setting(scope: Scope) -> QuietDays | None:
    return QuietDays.objects.within(scope).filter(organisation=scope.organisation_id).first()


def quiet(scope: Scope) -> list[Quiet]:
    """The longest quiet first; three queries."""
    set_ = _settings(scope)
    if not set_:
        return []
    spoken = Q(records__withdrawn_at=None, records__held_on__lte=scope.on)
    places = Organisation.objects.within(scope).filter(
        sector__in=OF_ENTERPRISES, kind__in=BRANCH_KINDS, dissolved_on=None
    )
    found = []
    for place in places.annotate(last=Max("records__held_on", filter=spoken)).order_by("path"):
        setting = max((one for one in set_ if place.path.startswith(one.path)), key=lambda one: one.path, default=None)
        days = (scope.on - place.last).days if place.last else None
        if setting and (days is None or days > setting.days):
            found.append(Quiet(place, place.last, days, setting.days, setting.name))
    return sorted(found, key=lambda one: (one.days is not None, -(one.days or 0), one.place.path))


@dataclass(frozen=True, slots=True)
class _Setting:
    path: str
    days: int
    name: str


def _settings(scope: Scope) -> list[_Setting]:
    """Of committees in reach and above it: a superior's number holds below, unless a nearer one has its own."""
    here = finding.own(scope)
    above = tree.ancestor_paths(here.path) if here else []
    rows = QuietDays.objects.unscoped("numbers of superiors hold below").filter(
        scope.where("organisation__path") | Q(organisation__path__in=above)
    )
    return [
        _Setting(one.organisation.path, one.days, one.organisation.short_name or one.organisation.name)
        for one in rows.select_related("organisation")
    ]


def to_ask(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """One line for a committee that keeps units: how many are quiet."""
    if not scope.may("coverage.keep") or organisation_id != scope.organisation_id:
        return []
    many = len(quiet(scope.doing("coverage.view")))
    if not many:
        return []
    return [(reverse("units-quiet"), f"{many} 个企业党组织很久没有活动记录", "soon", "问一问有什么困难")]
