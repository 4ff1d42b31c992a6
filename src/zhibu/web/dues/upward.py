"""Who has not handed in, what waits for the superior, and the rows of both on 本月任务. Sums only, no person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, DateField, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.urls import reverse

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.dues import reckoning
from zhibu.web.dues.models import Every, HandIn, Payment, Practice
from zhibu.web.dues.queries import NOTHING, valid, yuan
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.regulations import dues

SOON = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a branch has collected for periods that have ended and not handed in. `deadline`: None when the practice
    names no day."""

    place: Organisation
    rows: int
    amount: Decimal
    first: date
    last: date
    every: str
    deadline: date | None

    def status(self, today: date) -> str:
        if self.deadline is None:
            return "todo"
        return "late" if self.deadline < today else "soon" if self.deadline - today <= SOON else "todo"


def ended(every: str, today: date) -> date:
    """The last month of the last period that has ended; where no period is set, last month."""
    month = (today.replace(day=1) - DAY).replace(day=1)
    while every == Every.QUARTER and month.month % 3:
        month = (month - DAY).replace(day=1)
    return month


def deadline(practice: Practice | None, month: date) -> date | None:
    """The last day on which the dues of `month` may be handed in, when the practice sets one."""
    if practice is None or not practice.hand_in_every or not practice.hand_in_day:
        return None
    while practice.hand_in_every == Every.QUARTER and month.month % 3:
        month = dues.next_month(month)
    return dues.next_month(month).replace(day=practice.hand_in_day)


def kept(scope: Scope) -> list[Kept]:
    """Branches within reach with such dues, those with the oldest first."""
    return _kept(scope, Organisation.objects.within(scope).filter(kind__in=BRANCH_KINDS, dissolved_on=None))


def _kept(scope: Scope, places: QuerySet[Organisation]) -> list[Kept]:
    known = {one.pk: one for one in places}
    found = _months(scope, list(known))
    standing = reckoning.practices(known[pk].path for pk in found)
    made = [_of(known[pk], rows, standing.row(known[pk].path, scope.on), scope.on) for pk, rows in found.items()]
    return sorted((one for one in made if one), key=lambda one: (one.deadline or date.max, one.first, one.place.path))


def _months(scope: Scope, places: list[int]) -> dict[int, list[tuple[date, int, Decimal]]]:
    """Organisation → (month, rows, yuan) of what is not handed in."""
    rows = valid(Payment.objects.within(scope)).filter(hand_in=None, organisation__in=places).order_by()
    of = Coalesce("month", Cast(TruncMonth("paid_on"), DateField()))
    months = rows.annotate(of=of).values_list("organisation", "of")
    found: dict[int, list[tuple[date, int, Decimal]]] = defaultdict(list)
    for pk, month, count, amount in months.annotate(count=Count("pk"), sum=Sum("amount")):
        found[pk].append((month, count, yuan(amount)))
    return found


def _of(
    place: Organisation, months: list[tuple[date, int, Decimal]], practice: Practice | None, today: date
) -> Kept | None:
    every = practice.hand_in_every if practice else ""
    due = sorted(row for row in months if row[0] <= ended(every, today))
    if not due:
        return None
    amount, rows = sum((one[2] for one in due), NOTHING), sum(one[1] for one in due)
    return Kept(place, rows, amount, due[0][0], due[-1][0], every, deadline(practice, due[0][0]))


def waiting(scope: Scope) -> QuerySet[HandIn]:
    """Hand-ins below that nobody has counted, the oldest first."""
    rows = HandIn.objects.within(scope.doing("dues.receive")).filter(state=HandIn.State.SENT)
    return rows.select_related("organisation").order_by("handed_on", "pk")


def answered(scope: Scope, year: int) -> QuerySet[HandIn]:
    """Confirmed or returned in a year, the latest first."""
    rows = HandIn.objects.within(scope).exclude(state=HandIn.State.SENT).filter(answered_on__year=year)
    return rows.select_related("organisation").order_by("-answered_on", "-pk")


def month_rows(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """For the branch what it has to hand in, for the superior what it has to count."""
    if organisation_id != scope.organisation_id:
        return []
    found: list[MonthRow] = []
    if scope.may("dues.hand_in"):
        own = scope.doing("dues.hand_in")
        here = [organisation_id] if _months(own, [organisation_id]) else []
        places = Organisation.objects.within(own).filter(pk__in=here, kind__in=BRANCH_KINDS, dissolved_on=None)
        found = [_row(one, own) for one in _kept(own, places)]
    if scope.may("dues.receive") and (many := waiting(scope).count()):
        found.append((reverse("dues-handed"), f"核收下级上缴的党费 {many} 笔", "todo", "点收后核收，对不上的退回"))
    return found


def _row(one: Kept, scope: Scope) -> MonthRow:
    address = f"{reverse('dues-hand-in', args=[one.place.code])}?upto={one.last:%Y-%m}"
    note = f"{one.first:%Y-%m} 到 {one.last:%Y-%m}，{one.amount} 元" + (f"，{one.deadline} 前" if one.deadline else "")
    last = HandIn.objects.within(scope).filter(organisation=one.place).order_by("-handed_on", "-pk").first()
    if last and last.state == HandIn.State.RETURNED:
        return address, "重新上缴党费", "returned", f"{last.handed_on} 的一笔被退回：{last.answer}"
    return address, "上缴党费", one.status(scope.on), note


HEADINGS = ("党组织", "情况", "月份", "台账（元）", "登记上缴（元）", "上级核收（元）", "日期", "说明")


@action("dues.export_sums")
def export(*, by: Scope, year: int, unit: str) -> bytes:
    """Who has not handed in, and what was handed in and counted in a year, as a workbook."""
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    rows: list[list[sheets.Cell]] = [
        [one.place.name, "没有上缴", span(one.first, one.last), one.amount, "", "",
         one.deadline.isoformat() if one.deadline else "", f"{one.rows} 笔"]
        for one in kept(by)
    ]  # fmt: skip
    told = HandIn.objects.within(by).filter(handed_on__year=year).select_related("organisation")
    for one in told.order_by("organisation__path", "handed_on", "pk"):
        counted = "" if one.received is None else one.received
        day, said = one.answered_on or one.handed_on, "；".join(part for part in (one.note, one.answer) if part)
        what = [one.get_state_display(), span(one.first, one.last), one.due, one.amount, counted]
        rows.append([one.organisation.name, *what, day.isoformat(), said])
    write(
        by=by, action="dues.export_sums", sentence=f"导出党费上缴情况 {unit} {year} 年", thing=place or HandIn(),
        organisation=place, new={"rows": len(rows)},
    )  # fmt: skip
    about = f"单位：{unit}；截至 {by.on.isoformat()}；单位为元"
    return sheets.workbook(
        sheets.Sheet(f"{year}年党费上缴情况", about, HEADINGS, rows, (30, 12, 18, 12, 14, 14, 12, 40))
    )


def span(first: date | None, last: date | None) -> str:
    """Months in words; what has none was given voluntarily."""
    if first is None or last is None:
        return "自愿多交"
    return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} 到 {last:%Y-%m}"
