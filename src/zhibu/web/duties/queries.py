"""What a branch has to do in a month. Reads verdicts that are already there; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from zhibu.web.core.scope import Scope
from zhibu.web.duties.grouping import Month, grouped, last_of, shifted
from zhibu.web.duties.models import Evaluation, Verdict
from zhibu.web.duties.reviewed import IN_REVIEW, shown_with
from zhibu.web.duties.rows import LASTING, row_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.regulations.queries import rules_by_name


def month(scope: Scope, organisation: Organisation, first: date) -> Month:
    """本月任务 of one organisation; `first` is any day of the month."""
    first = first.replace(day=1)
    evaluation = Evaluation.objects.filter(year=first.year).first()
    if evaluation is None:
        return Month(first, scope.on, None)
    rules = rules_by_name()
    lasting = [rule for (_, rule), row in rules.items() if row.every in LASTING]
    verdicts = _verdicts(scope, organisation, first, lasting)
    found = [row_of(one, rules.get((one.rulebook, one.rule)), scope.on) for one in verdicts]
    entered, records = _records(scope, organisation, first)
    return grouped(shown_with(found, records), first, scope.on, evaluation, entered, records)


def left_this_month(scope: Scope, organisation: Organisation) -> int:
    """还剩 n 件: 现在办 and 本月还要办 of the present month."""
    return month(scope, organisation, scope.on).left


def evaluated_years() -> list[int]:
    return list(Evaluation.objects.order_by("year").values_list("year", flat=True))


def _verdicts(scope: Scope, organisation: Organisation, first: date, lasting: list[str]) -> Iterable[Verdict]:
    near = Q(ends_on__range=(shifted(first, -1), last_of(shifted(first, 1))))
    still_owed = Q(year__lt=first.year, status="missed", rule__in=lasting)
    rows = Verdict.objects.within(scope).filter(Q(year=first.year) | near | still_owed, organisation=organisation)
    return rows.order_by("deadline", "rulebook", "rule")


def _records(scope: Scope, organisation: Organisation, first: date) -> tuple[frozenset[str], list[Record]]:
    """Numbers of the records entered in the month; and those in review, the earliest activity first."""
    in_month = Q(recorded_on__range=(first, last_of(first)))
    rows = Record.objects.within(scope).filter(in_month | Q(review__in=IN_REVIEW), organisation=organisation)
    found = list(rows.filter(withdrawn_at=None).defer("content").order_by("held_on", "pk"))
    entered = frozenset(one.number for one in found if first <= one.recorded_on <= last_of(first))
    return entered, [one for one in found if one.review in IN_REVIEW]
