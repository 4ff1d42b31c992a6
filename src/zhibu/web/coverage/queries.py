"""The register of units as a post sees it: who answers, who covers, who is sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from zhibu.web.access.models import Post, Role
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held, overlapping
from zhibu.web.coverage.due import verdicts
from zhibu.web.coverage.models import (
    Assignment,
    Covering,
    Mode,
    Place,
    Responsibility,
    Review,
    Station,
    Support,
    Unit,
    UnitKind,
    Visit,
)
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

WHY = "of units within reach"
# How a unit is covered, as one filter: the four modes, none of them, only by people sent, nothing at all.
COVERED = {
    **dict(Mode.choices),
    "any": "已建组织",
    "no": "没有组织",
    "sent_only": "没有组织，有人联系",
    "nothing": "两样都没有",
}
FLAGS = {
    "": "正常经营", "above": "规模以上", "orphan": "无人负责", "not_ripe": "暂不具备条件", "idle": "停业的",
    "closed": "已注销",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    kind: str = ""
    place: int | None = None
    covered: str = ""
    flag: str = ""
    committee: str = ""  # code
    authority: str = ""  # code
    mine: bool = False


def units(scope: Scope) -> QuerySet[Unit]:
    """Units within reach with how they stand today: `answered`, `mode`, `party_name`, `party_path`, `sent`."""
    on = scope.on
    covering = Covering.objects.unscoped(WHY).filter(held(on), unit=OuterRef("pk"))
    return (
        Unit.objects.within(scope)
        .select_related("organisation", "place", "place__organisation", "place__station", "authority")
        .annotate(
            answered=Exists(Responsibility.objects.unscoped(WHY).filter(held(on), unit=OuterRef("pk"))),
            mode=Subquery(covering.values("mode")[:1]),
            party_name=Subquery(covering.values("party__name")[:1]),
            party_path=Subquery(covering.values("party__path")[:1]),
            sent=Exists(Assignment.objects.unscoped(WHY).filter(held(on), unit=OuterRef("pk"))),
        )
        .order_by("organisation__path", "name", "pk")
    )


def open_on(on: date) -> Q:
    """Neither closed nor founded later."""
    return overlapping(on, on, starts="founded_on", ends="closed_on")


def working(scope: Scope) -> QuerySet[Unit]:
    """Units really operating: what rates are taken of (FG-02)."""
    return units(scope).filter(open_on(scope.on), operating=True)


def listed(scope: Scope, asked: Asked) -> QuerySet[Unit]:
    """The rows of a filter."""
    rows = _flagged(units(scope), scope.on, asked.flag)
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(place=asked.place) if asked.place else rows
    rows = rows.filter(organisation__code=asked.committee) if asked.committee else rows
    rows = rows.filter(authority__code=asked.authority) if asked.authority else rows
    rows = rows.filter(Q(name__icontains=asked.q) | Q(credit_code=asked.q.upper())) if asked.q else rows
    if asked.mine:
        mine = Assignment.objects.unscoped(WHY).filter(held(scope.on), unit=OuterRef("pk"), user=scope.user_id)
        rows = rows.filter(Exists(mine))
    return _covered(rows, asked.covered)


def _flagged(rows: QuerySet[Unit], on: date, flag: str) -> QuerySet[Unit]:
    if flag == "closed":
        return rows.filter(closed_on__lt=on)
    rows = rows.filter(open_on(on))
    if flag == "idle":
        return rows.filter(operating=False)
    if flag == "orphan":
        return rows.filter(answered=False)
    rows = rows.filter(operating=True)
    if flag == "not_ripe":
        return rows.exclude(not_ripe="")
    return rows.filter(above_scale=True) if flag == "above" else rows


def _covered(rows: QuerySet[Unit], covered: str) -> QuerySet[Unit]:
    if covered in Mode.values:
        return rows.filter(mode=covered)
    if covered == "any":
        return rows.filter(mode__isnull=False)
    if covered:
        rows = rows.filter(mode=None)
    return rows.filter(sent=covered == "sent_only") if covered in ("sent_only", "nothing") else rows


def filters(scope: Scope, asked: Asked) -> str:
    """The filter in words, for print and workbook."""
    place = next((one.name for one in places(scope) if one.pk == asked.place), "")
    parts = [
        f"类别：{dict(UnitKind.choices).get(asked.kind, '全部')}", f"范围：{FLAGS[asked.flag]}",
        f"组建：{COVERED[asked.covered]}" if asked.covered else "", f"片区：{place}" if place else "",
        f"名称含：{asked.q}" if asked.q else "", f"截至 {scope.on.isoformat()}",
    ]  # fmt: skip
    return "；".join(part for part in parts if part)


def places(scope: Scope) -> QuerySet[Place]:
    rows = Place.objects.within(scope).select_related("organisation", "station")
    return rows.order_by("-park", "organisation__path", "name")


def counts(scope: Scope) -> Counter[int]:
    """Place → units there today, of those within reach: a place may hold others."""
    rows = Unit.objects.within(scope).filter(open_on(scope.on), place__isnull=False)
    return Counter(rows.values_list("place", flat=True))


def stations(scope: Scope) -> QuerySet[Station]:
    rows = Station.objects.within(scope).filter(closed_on=None)
    return rows.select_related("organisation").order_by("organisation__path", "name")


def neighbours(scope: Scope) -> dict[int, set[int]]:
    """Place → places that touch it, within reach."""
    keys = set(Place.objects.within(scope).values_list("pk", flat=True))
    found: dict[int, set[int]] = {pk: set() for pk in keys}
    for first, second in Place.neighbours.through.objects.values_list("from_place_id", "to_place_id"):
        if first in keys and second in keys:
            found[first].add(second)
    return found


def committees(scope: Scope) -> QuerySet[Organisation]:
    """Those that may answer for a unit."""
    return Organisation.objects.within(scope).filter(dissolved_on=None).exclude(kind__in=BRANCH_KINDS).order_by("path")


def instructors(scope: Scope) -> list[tuple[int, str]]:
    """(account, name) of those who hold an instructor's post today, for who may see posts there."""
    rows = Post.objects.within(scope.doing("posts.view")).filter(held(scope.on), role=Role.INSTRUCTOR)
    found = dict(rows.order_by("user__name").values_list("user_id", "user__name"))
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Card:
    """All that is kept of one unit."""

    responsibilities: list[Responsibility]
    coverings: list[Covering]
    assignments: list[Assignment]
    visits: list[Visit]
    supports: list[Support]
    reviews: list[Review]
    verdicts: list[Any]
    station: Station | None


def card(scope: Scope, unit: Unit) -> Card:
    def of(model: Any, *related: str) -> QuerySet[Any]:
        rows = model.objects.within(scope).filter(unit=unit)
        return rows.select_related(*related) if related else rows

    station = unit.place.station if unit.place else None
    return Card(
        list(of(Responsibility, "committee").order_by("-starts_on", "-pk")),
        list(of(Covering, "party").order_by("-starts_on", "-pk")),
        list(of(Assignment).order_by("-starts_on", "-pk")),
        list(of(Visit, "assignment").order_by("-visited_on", "-pk")[:20]),
        list(of(Support).order_by("-given_on", "-pk")),
        list(Review.objects.within(scope).filter(assignment__unit=unit).select_related("assignment").order_by("-year")),
        list(verdicts(scope).filter(unit=unit)),
        station if station and station.closed_on is None else None,
    )
