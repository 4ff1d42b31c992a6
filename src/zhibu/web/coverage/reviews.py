"""年度评议 of instructors and liaison persons, in words: no grade, no order."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.coverage.models import Assignment, Review


@action("coverage.keep")
def review(*, by: Scope, assignment: Assignment, year: int, on: date, body: str, result: str) -> Review:
    """What the committee says of a year's work; said again, it takes the place of the old. Raises Unfit."""
    here = reached(Assignment.objects.within(by).select_related("unit__organisation"), assignment.pk)
    if here.starts_on.year > year or (here.ends_on and here.ends_on.year < year):
        raise Unfit("year", f"{here.name} {year} 年没有指派到这个单位")
    if on > by.on or on.year < year:
        raise Unfit("on", f"评议日期在 {year} 年年初和今天之间")
    row = Review.objects.within(by).filter(assignment=here, year=year).first() or Review(assignment=here, year=year)
    old = {"result": row.result} if row.pk else {}
    row.reviewed_on, row.body, row.result = on, body, result
    row.save()
    write(
        by=by, action="coverage.keep", sentence=f"评议{here.get_kind_display()} {here.name} {year} 年的工作", thing=row,
        organisation=here.unit.organisation, old=old, new={"year": year, "body": body, "result": result},
        happened_on=on,
    )  # fmt: skip
    return row


def unreviewed(scope: Scope, year: int) -> QuerySet[Assignment]:
    """People sent in a year of whom nothing was said for it."""
    sent = Assignment.objects.within(scope).filter(overlapping(date(year, 1, 1), date(year, 12, 31)))
    said = Review.objects.within(scope).filter(year=year).values("assignment")
    rows = sent.exclude(pk__in=said).select_related("unit", "unit__organisation")
    return rows.order_by("name", "unit__name", "pk")
