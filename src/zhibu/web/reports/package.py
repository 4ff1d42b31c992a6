"""The tasks a conference issues, all at once, from its kept report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.reports.models import Report, ReportOrder
from zhibu.web.reports.queries import CONFERENCE
from zhibu.web.tasks import queries as tasks
from zhibu.web.tasks.actions import issue
from zhibu.web.tasks.models import Order

Lines = Sequence[tuple[str, date | None]]  # what is to be done, by when if not by the day of the package


@action("reports.keep")
def send_out(
    *, by: Scope, report: Report, lines: Lines, units: Sequence[Organisation], due_on: date, minutes: int | None = None
) -> list[Order]:
    """Each line becomes a task of each unit, of `minutes` each, as its sender has weighed them. Decided at the
    conference the report was for, where that is on record.

    Raises NotAllowed: not the own conference report, or not kept. Unfit: as `tasks.issue`.
    """
    rows = Report.objects.within(by).filter(
        organisation=by.organisation_id, kind=Report.Kind.CONFERENCE, kept_on__isnull=False, withdrawn_on=None
    )
    here = reached(rows.select_related("organisation"), report.pk, "会议报告定稿以后才能部署任务")
    there = set(orders(by, here).values_list("title", flat=True))
    if same := [title for title, _ in lines if title in there]:
        raise Unfit("lines", f"“{same[0][:30]}”已经部署过")
    meeting = conference(by, here)
    decided = meeting.held_on if meeting else by.on
    made = [
        issue(
            by=by.doing("tasks.issue"), title=title, units=units, decided_on=decided, due_on=due or due_on,
            document=here.title, record=meeting, minutes=minutes,
        )
        for title, due in lines
    ]  # fmt: skip
    for one in made:
        ReportOrder.objects.create(report=here, order=one)
    write(
        by=by, action="reports.keep", sentence=f"{here.title}：部署任务 {len(made)} 项，{len(units)} 个单位",
        thing=here, organisation=here.organisation,
        new={"lines": len(made), "units": len(units), "minutes": minutes}, happened_on=decided,
    )  # fmt: skip
    return made


def conference(scope: Scope, report: Report) -> Record | None:
    """The conference on record that was held first after the report's period; None while there is none."""
    rows = Record.objects.within(scope).filter(
        organisation=report.organisation, withdrawn_at=None, held_on__gte=report.until, held_on__lte=scope.on
    )
    return next((one for one in rows.order_by("held_on", "pk") if CONFERENCE in one.types), None)


def orders(scope: Scope, report: Report) -> QuerySet[Order]:
    """The package with how many tasks of each are closed, late, waiting."""
    there = ReportOrder.objects.within(scope).filter(report=report)
    return tasks.orders(scope).filter(pk__in=there.values("order")).order_by("pk")
