"""评议办法: an office words the grades and says how many may be of the first, from a year on, by a document."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zhibu.web.appraisal.models import AppraisalMethod
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation


@action("appraisal.set")
def set_method(*, by: Scope, from_year: int, facts: dict[str, Any]) -> AppraisalMethod:
    """`facts`: the columns of `Grading`. Rounds already open keep their words. Raises Unfit: that year has one."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if AppraisalMethod.objects.within(by).filter(organisation=own, from_year=from_year).exists():
        raise Unfit("from_year", f"{from_year} 年起的办法已经有了，先删去那一条")
    made = AppraisalMethod.objects.create(organisation=own, from_year=from_year, **facts)
    write(
        by=by, action="appraisal.set", sentence=f"制定评议办法，{made}", thing=made, organisation=own,
        new={"one_in": made.one_in, "basis": made.basis}, happened_on=by.on,
    )  # fmt: skip
    return made


@action("appraisal.set")
def drop(*, by: Scope, method: AppraisalMethod) -> None:
    """Take it away; rounds opened by it keep their words."""
    one = reached(AppraisalMethod.objects.within(by).select_related("organisation"), method.pk)
    write(
        by=by, action="appraisal.set", sentence=f"删去评议办法，{one}", thing=one, organisation=one.organisation,
        old={"one_in": one.one_in, "basis": one.basis}, happened_on=by.on,
    )  # fmt: skip
    one.delete()


def methods(scope: Scope) -> QuerySet[AppraisalMethod]:
    return (
        AppraisalMethod.objects.within(scope)
        .select_related("organisation")
        .order_by("organisation__path", "-from_year")
    )
