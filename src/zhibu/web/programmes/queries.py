"""Which programmes a post sees, whom one binds, and the records that count for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from zhibu.web.burden.loads import branches
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.programmes.models import Mark, Programme
from zhibu.web.records.models import Record

WHY = "a superior's programmes bind those below it"


@dataclass(frozen=True, slots=True)
class Line:
    """How far one unit is, counted from the records that are there."""

    unit: Organisation
    records: int
    last: date | None
    themes: int  # of those of the programme

    @property
    def status(self) -> str:
        return "done" if self.records else "todo"


def programmes(scope: Scope, state: str = "") -> QuerySet[Programme]:
    """Those issued in the post's reach and those of its superiors; the latest first. `state`: now, over."""
    here = finding.own(scope)
    above = [*tree.ancestor_paths(here.path), here.path] if here else []
    rows = Programme.objects.unscoped(WHY).filter(scope.where("organisation__path") | Q(organisation__path__in=above))
    running = Q(held(scope.on), withdrawn_at=None)
    rows = rows.filter(running) if state == "now" else rows.exclude(running) if state == "over" else rows
    return rows.select_related("organisation").order_by("-starts_on", "-pk")


def binding(place: Organisation, on: date) -> list[Programme]:
    """What an activity of that day may count for there: issued by the place itself or above it."""
    rows = Programme.objects.unscoped(WHY).filter(
        held(on), organisation__path__in=[*tree.ancestor_paths(place.path), place.path], withdrawn_at=None
    )
    return [one for one in rows.order_by("kind", "name", "pk") if one.binds(place)]


def records(scope: Scope, programme: Programme, theme: str = "") -> QuerySet[Record]:
    """The records that count, each once, the latest first."""
    marks = Mark.objects.unscoped("limited by the records").filter(programme=programme, record=OuterRef("pk"))
    marks = marks.filter(theme=theme) if theme else marks
    rows = Record.objects.within(scope).filter(Exists(marks), withdrawn_at=None)
    return rows.select_related("organisation").order_by("-held_on", "-pk")


def units(scope: Scope, programme: Programme, state: str = "") -> QuerySet[Organisation]:
    """Branches in reach that it binds. `state`: with, without (a record)."""
    rows = branches(scope, programme.organisation.path, programme.sectors)
    counted = Exists(records(scope, programme).order_by().filter(organisation=OuterRef("pk")))
    rows = rows.filter(counted) if state == "with" else rows.filter(~counted) if state == "without" else rows
    return rows.order_by("path")


def lines(scope: Scope, programme: Programme, some: list[Organisation]) -> list[Line]:
    """A line for each of these units; two queries."""
    held_ = records(scope, programme).order_by().filter(organisation__in=some).values("organisation")
    done = {row["organisation"]: row for row in held_.annotate(many=Count("pk"), last=Max("held_on"))}
    marks = Mark.objects.within(scope).filter(programme=programme, record__organisation__in=some)
    marks = marks.filter(record__withdrawn_at=None).exclude(theme="").order_by().values("record__organisation")
    themes = dict(marks.annotate(many=Count("theme", distinct=True)).values_list("record__organisation", "many"))
    return [
        Line(one, done.get(one.pk, {}).get("many", 0), done.get(one.pk, {}).get("last"), themes.get(one.pk, 0))
        for one in some
    ]


def by_theme(scope: Scope, programme: Programme) -> list[tuple[str, int]]:
    """Each theme of the programme with the records ticked for it, in its own order."""
    rows = Mark.objects.within(scope).filter(programme=programme, record__withdrawn_at=None).order_by()
    counts = dict(rows.values("theme").annotate(many=Count("record", distinct=True)).values_list("theme", "many"))
    return [(theme, counts.get(theme, 0)) for theme in programme.themes]
