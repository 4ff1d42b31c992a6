"""发展党员结构指标 (M256): shares among the newly admitted of a year, live, and as they would be with more admitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.members.identity import of_age
from zhibu.web.members.models import AdmissionQuota, Member
from zhibu.web.organisations.models import Organisation, Sector

Measure = AdmissionQuota.Measure
# The words of `imports/books/vocabulary.yaml` from 高中 up; 中专 counts as the same degree.
SCHOOLED = ("高中", "中专", "大专", "本科", "研究生")
YOUNG = 36  # not yet this birthday on the day of admission: 35 and below
RURAL = (Sector.VILLAGE,)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be admitted: nothing is kept of them."""

    education: str
    born_on: date
    on: date  # the day it would be


@dataclass(frozen=True, slots=True)
class Meter:
    """A quota with what counts today: `numerator` of `denominator`; `share` in percent, None when nobody is counted."""

    quota: AdmissionQuota
    numerator: int
    denominator: int

    @property
    def share(self) -> Decimal | None:
        return share(self.numerator, self.denominator)

    @property
    def met(self) -> bool | None:
        """On whole numbers: a share just below is not rounded up."""
        return None if not self.denominator else self.numerator * 100 >= self.quota.percent * self.denominator


@dataclass(frozen=True, slots=True)
class WhatIf:
    now: Meter
    then: Meter


@action("quotas.keep")
def set_(
    *, by: Scope, organisation: Organisation, year: int, measure: str, percent: Decimal, rural: bool, basis: str,
    on: date,
) -> AdmissionQuota:  # fmt: skip
    """A share for a committee and year; set again, it takes the place of the old one. Raises Unfit."""
    place = reached(Organisation.objects.within(by), organisation.pk)
    if not 0 < percent <= 100:
        raise Unfit("percent", "填 0 到 100 之间的百分数，如 50")
    old = AdmissionQuota.objects.within(by).filter(organisation=place, year=year, measure=measure).first()
    line = old or AdmissionQuota(organisation=place, year=year, measure=Measure(measure))
    was = str(old.percent) if old else None
    line.percent, line.rural, line.basis = percent, rural, basis
    line.save()
    write(
        by=by, action="quotas.keep", sentence=f"{year} 年{line.get_measure_display()}不低于 {percent}%", thing=line,
        organisation=place, old={"percent": was}, new={"percent": str(percent), "basis": basis}, happened_on=on,
    )  # fmt: skip
    return line


def meters(scope: Scope, year: int) -> list[Meter]:
    """Every quota of the year within the reach, with today's count."""
    return [_meter(scope, quota) for quota in quotas(scope, year)]


def quotas(scope: Scope, year: int) -> QuerySet[AdmissionQuota]:
    rows = AdmissionQuota.objects.within(scope).filter(year=year).select_related("organisation")
    return rows.order_by("organisation__path", "measure")


def what_if(scope: Scope, quota: AdmissionQuota, candidates: Sequence[Candidate]) -> WhatIf:
    """With these candidates admitted the share would be … Changes nothing."""
    now = _meter(scope, quota)
    more = sum(counts(quota.measure, one.education, one.born_on, one.on) for one in candidates)
    return WhatIf(now, Meter(quota, now.numerator + more, now.denominator + len(candidates)))


def counts(measure: str, education: str, born_on: date, on: date) -> bool:
    """Whether a person admitted on a day counts for a measure; an unknown education does not count."""
    if measure == Measure.SCHOOLED:
        return any(word in education for word in (*SCHOOLED, "大学", "硕士", "博士"))
    return not of_age(born_on, on, YOUNG)


def share(numerator: int, denominator: int) -> Decimal | None:
    """In percent with one place, cut, so that 50.0 is never less than half; None when nobody is counted."""
    if not denominator:
        return None
    return Decimal(numerator * 1000 // denominator).scaleb(-1)


def admitted(scope: Scope, quota: AdmissionQuota) -> QuerySet[Member]:
    """Members who joined in the year, of the committee and below, wherever they went since."""
    rows = Member.objects.within(scope).filter(subtree("organisation__path", quota.organisation.path))
    rows = rows.filter(joined_on__year=quota.year)
    return rows.filter(organisation__sector__in=RURAL) if quota.rural else rows


def _meter(scope: Scope, quota: AdmissionQuota) -> Meter:
    return _counted(quota, admitted(scope, quota).values_list("education", "born_on", "joined_on"))


def _counted(quota: AdmissionQuota, rows: Iterable[tuple[str, date, date]]) -> Meter:
    told = [counts(quota.measure, *row) for row in rows]
    return Meter(quota, sum(told), len(told))
