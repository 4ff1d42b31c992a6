"""Reports a post may read; what one shows: each part with its text and its figures, live or as kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.records.models import Record
from zhibu.web.reports.figures import Asked, Figure, gather
from zhibu.web.reports.models import Report, ReportFigure, ReportText, YearTarget
from zhibu.web.reports.parts import PARTS, Part

CONFERENCE = "work_conference"  # the type of activity a period review goes by (M042)


@dataclass(slots=True)
class Shown:
    """One part as a reader sees it."""

    part: Part
    text: str = ""
    version: int = 0
    figures: Sequence[Figure | ReportFigure] = ()
    cases: list[Figure | ReportFigure] = field(default_factory=list)


def reports(scope: Scope) -> QuerySet[Report]:
    """The latest first."""
    return Report.objects.within(scope).select_related("organisation", "asked_by").order_by("-made_on", "-pk")


def shown(scope: Scope, report: Report) -> list[Shown]:
    """A draft's figures as the reader's post sees them now, a kept one's as they were."""
    texts = {one.part: one for one in ReportText.objects.within(scope).filter(report=report)}
    kept = list(ReportFigure.objects.within(scope).filter(report=report).order_by("pk")) if report.kept_on else []
    asked = Asked(scope, report.organisation, report.since, report.until)
    found = []
    for part in PARTS[report.kind]:
        told = [one for one in kept if one.part == part.key] if report.kept_on else gather(asked, part.figures)
        text = texts.get(part.key)
        found.append(
            Shown(
                part, text.text if text else "", text.version if text else 0,
                [one for one in told if one.value], [one for one in told if not one.value],
            )
        )  # fmt: skip
    return found


def conference_before(scope: Scope, until: date) -> Record | None:
    """The last Party-work conference of the own organisation held before a day, by its record."""
    rows = Record.objects.within(scope.doing("records.view")).filter(
        organisation=scope.organisation_id, withdrawn_at=None, held_on__lt=until
    )
    return next((one for one in rows.order_by("-held_on", "-pk") if CONFERENCE in one.types), None)


def report_before(scope: Scope, kind: str, since: date) -> Report | None:
    """The own kept report of the kind whose period ended before this one begins."""
    rows = Report.objects.within(scope).filter(
        organisation=scope.organisation_id, kind=kind, kept_on__isnull=False, withdrawn_on=None, until__lt=since
    )
    return rows.order_by("-until", "-pk").first()


def day_after(on: date) -> date:
    return on + timedelta(days=1)


def to_ask(scope: Scope, report: Report) -> QuerySet[Organisation]:
    """Direct subordinates that write a report of their own, and were not asked for this one."""
    rows = tree.children(report.organisation).within(scope).filter(dissolved_on=None).exclude(kind__in=BRANCH_KINDS)
    there = units(scope, report).filter(withdrawn_on=None).values("organisation")
    return rows.exclude(pk__in=there).order_by("path")


def units(scope: Scope, report: Report) -> QuerySet[Report]:
    """What the subordinates wrote for this one, those still writing first."""
    rows = Report.objects.within(scope).filter(asked_by=report).select_related("organisation")
    return rows.order_by("kept_on", "organisation__path")


def targets(scope: Scope, year: int) -> QuerySet[YearTarget]:
    return YearTarget.objects.within(scope).filter(organisation=scope.organisation_id, year=year).order_by("pk")
