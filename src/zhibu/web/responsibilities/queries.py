"""Charters, holders and charges a post may read; scope first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Model, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.coverage.models import Unit
from zhibu.web.organisations.models import Organisation
from zhibu.web.responsibilities.models import Charge, Charter, Holder, Item, Progress
from zhibu.web.responsibilities.status import Standing, live, standing

MASS = {Holder.Kind.UNION: "union", Holder.Kind.YOUTH: "youth", Holder.Kind.WOMEN: "women"}


def charters(scope: Scope, kind: str = "") -> QuerySet[Charter]:
    """With `bodies`, `given`, `done` and `overdue` of what was not taken back."""
    found = Charter.objects.within(scope).select_related("organisation")
    found = found.filter(kind=kind) if kind else found
    return (
        _counted(found, "items__charges__", scope.on)
        .annotate(bodies=Count("items__charges__holder", Q(items__charges__withdrawn_on=None), distinct=True))
        .order_by("-starts_on", "-pk")
    )


def _counted[M: Model](found: QuerySet[M], charge: str, on: date, kept: Q | None = None) -> QuerySet[M]:
    """`kept`: the charges that count at all; those not taken back."""
    kept = Q(**{f"{charge}withdrawn_on": None}) if kept is None else kept
    done = Q(**{f"{charge}done_on__isnull": False})
    overdue = Q(**{f"{charge}due_on__lt": on}) & live(on, charge)
    many = charge.removesuffix("__")
    return found.annotate(
        given=Count(many, kept), done=Count(many, kept & done), overdue=Count(many, kept & ~done & overdue)
    )


def charges(scope: Scope) -> QuerySet[Charge]:
    """With what their pages show and `told_on`, the day of the last progress."""
    rows = Charge.objects.within(scope).select_related(
        "item__charter__organisation", "holder__place", "holder__organisation"
    )
    return rows.annotate(told_on=Max("progress__reported_on")).order_by("item__position", "item", "pk")


@dataclass(frozen=True, slots=True)
class Row:
    """A charge with its standing; `last`: its latest progress; `silent`: it owes a report."""

    charge: Charge
    standing: Standing
    silent: bool
    last: Progress | None = None


def silent(charge: Charge, charter: Charter, today: date) -> bool:
    """Open, and nothing told since progress was asked for; where it was never asked for, nothing told at all."""
    if charge.done_on or charge.withdrawn_on or (charter.ends_on and charter.ends_on < today):
        return False
    told = charge.told_on  # type: ignore[attr-defined]
    return told is None or (charter.asked_on is not None and told < charter.asked_on)


def rows(scope: Scope, found: Iterable[Charge], today: date) -> list[Row]:
    """Each with its latest progress, in one query more."""
    kept = list(found)
    last: dict[int, Progress] = {}
    told = Progress.objects.within(scope).filter(charge__in=[one.pk for one in kept])
    for each in told.select_related("record", "paper").order_by("reported_on", "pk"):
        last[each.charge_id] = each
    return [
        Row(one, standing(one, one.item.charter, today), silent(one, one.item.charter, today), last.get(one.pk))
        for one in kept
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A holder on the board of a charter."""

    holder: Holder
    given: int
    done: int
    late: int
    silent: int
    told_on: date | None


def board(scope: Scope, charter: Charter, today: date) -> list[Line]:
    """One line a holder: who is late first, then who owes a report, then by name."""
    told: dict[Holder, list[Row]] = defaultdict(list)
    found = charges(scope).filter(item__charter=charter, withdrawn_on=None)
    for one in found:
        told[one.holder].append(Row(one, standing(one, charter, today), silent(one, charter, today)))
    lines = [_line(holder, mine) for holder, mine in told.items()]
    return sorted(lines, key=lambda one: (not one.late, not one.silent, str(one.holder)))


def _line(holder: Holder, mine: list[Row]) -> Line:
    days = [one.charge.told_on for one in mine if one.charge.told_on]  # type: ignore[attr-defined]
    done = sum(one.charge.done_on is not None for one in mine)
    late = sum(one.standing.status == "late" for one in mine)
    return Line(holder, len(mine), done, late, sum(one.silent for one in mine), max(days, default=None))


def items(scope: Scope, charter: Charter) -> QuerySet[Item]:
    """With `given`, `done` and `overdue`."""
    found = Item.objects.within(scope).filter(charter=charter)
    return _counted(found, "charges__", scope.on).order_by("position", "pk")


def holders(scope: Scope, kind: str = "") -> QuerySet[Holder]:
    """Those not gone, with `given`, `done` and `overdue` by the charters in force."""
    found = Holder.objects.within(scope).filter(gone_on=None).select_related("organisation", "place")
    found = found.filter(kind=kind) if kind else found
    found = _counted(found, "charges__", scope.on, live(scope.on, "charges__"))
    return found.order_by("kind", "organisation__path", "pk")


def own(scope: Scope) -> QuerySet[Charge]:
    """What the post's own organisation was given, as itself or as the one that reports for a body."""
    found = charges(scope).filter(live(scope.on), holder__place=scope.organisation_id)
    return found.order_by("done_on", "due_on", "item__position", "pk")


def asked(scope: Scope, charter: Charter) -> QuerySet[Organisation]:
    """The Party organisations that progress is asked of: those with something of the charter still open."""
    still = Charge.objects.within(scope).filter(live(scope.on), item__charter=charter, done_on=None)
    return Organisation.objects.within(scope).filter(pk__in=still.order_by().values("holder__place"))


def enterprises(scope: Scope) -> dict[str, tuple[int, int]]:
    """Kind of mass organisation → (enterprises known to have one, enterprises), from `coverage` (L)."""
    found = Unit.objects.within(scope).filter(kind="npe", closed_on=None)
    counts = found.aggregate(every=Count("pk"), **{flag: Count("pk", Q(**{flag: True})) for flag in MASS.values()})
    return {kind: (counts[flag], counts["every"]) for kind, flag in MASS.items()}
