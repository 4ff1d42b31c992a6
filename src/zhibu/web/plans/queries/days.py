"""四个统一: time, content, form and dues of a fixed day, computed; and the rules of the day."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.dues.models import Payment
from zhibu.web.organisations import tree
from zhibu.web.plans.models import DayCheck, Discipline, Kept, MeetingNotice, Plan, PlanItem, Served
from zhibu.web.plans.queries import plans
from zhibu.web.plans.queries.meetings import FIXED
from zhibu.web.plans.queries.themes import BELOW, above
from zhibu.web.records.models import Record
from zhibu.web.regulations.words import event_words

Counts = dict[tuple[int, date], tuple[int, int]]  # (organisation, day) → dues paid that day, paid for that month


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the four; `ok` is None where nothing was planned to compare with."""

    word: str
    ok: bool | None
    says: str

    @property
    def status(self) -> str:
        return {True: "done", False: "soon", None: "na"}[self.ok]  # red is for what is overdue

    @property
    def short(self) -> str:
        return {True: "统一", False: "有偏差", None: "无从比较"}[self.ok]


@dataclass(frozen=True, slots=True)
class Day:
    """A fixed day as it was held, beside what was planned."""

    record: Record
    item: PlanItem | None
    meeting: MeetingNotice | None
    check: DayCheck | None
    marks: tuple[Mark, ...]

    @property
    def deviates(self) -> bool:
        return any(mark.ok is False for mark in self.marks)

    @property
    def compared(self) -> bool:
        """Whether anything was there to compare with."""
        return any(mark.ok is not None for mark in self.marks)

    @property
    def explanation(self) -> str:
        return self.check.explanation if self.check else ""

    @property
    def owed(self) -> bool:
        """A deviation without its sentence."""
        return self.deviates and not self.explanation

    @property
    def preparation(self) -> Record | None:
        return (self.check and self.check.preparation) or (self.meeting and self.meeting.preparation) or None


def fixed_days(scope: Scope, year: int, month: int = 0) -> QuerySet[Record]:
    """Records of 主题党日 within reach, the latest first. The list of types is searched as text: SQLite can't look into
    JSON, and a county has tens of thousands of records a year."""
    rows = Record.objects.within(scope).filter(withdrawn_at=None, held_on__year=year)
    rows = rows.filter(held_on__month=month) if month else rows
    rows = rows.annotate(kinds=Cast("types", TextField())).filter(kinds__contains=f'"{FIXED}"')
    return rows.select_related("organisation").defer("content").order_by("-held_on", "-pk")


def days(scope: Scope, records: Sequence[Record]) -> list[Day]:
    """Each with its four marks; a fixed number of queries."""
    places, years = {one.organisation_id for one in records}, {one.held_on.year for one in records}
    chosen = list(plans.plans(scope).filter(organisation__in=places, year__in=years))
    items = {
        done.record.pk: done.item for found in plans.progress(scope, chosen).values() for done in found
        if done.record and (FIXED in done.item.types or done.how == plans.LINKED)
    }  # fmt: skip
    of_year = {(one.organisation_id, one.year): one for one in chosen}
    notices = _meetings(scope, records)
    checks = {
        one.record_id: one
        for one in DayCheck.objects.within(scope).filter(record__in=records).select_related("preparation")
    }
    served = _served(scope, records)
    paid = _paid(scope, records)
    found = []
    for one in records:
        plan = of_year.get((one.organisation_id, one.held_on.year))
        item, notice = items.get(one.pk), notices.get(one.pk)
        marks = (
            _time(one, plan, item, notice),
            _content(one, item, notice, served[one.pk]),
            _form(one, item, notice),
            _dues(one, paid),
        )
        found.append(Day(one, item, notice, checks.get(one.pk), marks))
    return found


def _meetings(scope: Scope, records: Sequence[Record]) -> dict[int, MeetingNotice]:
    rows = MeetingNotice.objects.within(scope).filter(
        organisation__in={one.organisation_id for one in records}, on__in={one.held_on for one in records},
        cancelled_on=None,
    ).select_related("preparation")  # fmt: skip
    there = list(rows)
    return {
        record.pk: one for record in records for one in there
        if (one.organisation_id, one.on) == (record.organisation_id, record.held_on)
        and set(one.types) & set(record.types)
    }  # fmt: skip


def _served(scope: Scope, records: Sequence[Record]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for record, theme in Served.objects.within(scope).filter(record__in=records).values_list("record", "theme"):
        found[record].add(theme)
    return found


def _paid(scope: Scope, records: Sequence[Record]) -> Counts:
    """Only how many; who and how much stay with the dues."""
    wanted = Q(pk__in=[])
    for one in records:
        wanted |= Q(organisation=one.organisation_id, month=one.held_on.replace(day=1))
    rows = Payment.objects.within(scope).filter(wanted, voided_on=None).order_by()
    by_day: dict[tuple[int, date], dict[date, int]] = defaultdict(dict)
    for row in rows.values("organisation", "month", "paid_on").annotate(number=Count("pk")):
        by_day[(row["organisation"], row["month"])][row["paid_on"]] = row["number"]
    return {
        (one.organisation_id, one.held_on): (there.get(one.held_on, 0), sum(there.values()))
        for one in records if (there := by_day.get((one.organisation_id, one.held_on.replace(day=1)), {})) is not None
    }  # fmt: skip


def _time(record: Record, plan: Plan | None, item: PlanItem | None, notice: MeetingNotice | None) -> Mark:
    """Against the day of the plan, else the plan's fixed day, else the day first announced."""
    planned = item.on(record.held_on.year) if item else None
    said = f"计划 {planned}" if planned else ""
    if planned is None and plan and plan.fixed_day:
        usual = min(plan.fixed_day, calendar.monthrange(record.held_on.year, record.held_on.month)[1])
        same = record.held_on.day == usual
        return Mark("时间", same, f"固定每月 {plan.fixed_day} 日，实际 {record.held_on.day} 日")
    if planned is None and notice:
        planned, said = notice.first_on, f"最早通知 {notice.first_on}"
    if planned is None:
        return Mark("时间", None, "计划里没有定日子")
    return Mark("时间", planned == record.held_on, f"{said}，实际 {record.held_on}")


def _content(record: Record, item: PlanItem | None, notice: MeetingNotice | None, served: set[int]) -> Mark:
    if item and item.theme_id:
        name = item.theme.name if item.theme else ""
        return Mark(
            "内容",
            item.theme_id in served,
            f"计划主题“{name}”{'，记录已勾选' if item.theme_id in served else '，记录没有勾选'}",
        )
    planned = (item.topic if item else "") or (notice.topic if notice else "")
    if not planned:
        return Mark("内容", None, "计划和通知里没有写主题")
    same = planned.strip() in record.topic or (bool(record.topic) and record.topic.strip() in planned)
    return Mark("内容", same, f"计划“{planned}”，实际“{record.topic or '没有写'}”")


def _form(record: Record, item: PlanItem | None, notice: MeetingNotice | None) -> Mark:
    planned = (item.types if item else []) or (notice.types if notice else [])
    if not planned:
        return Mark("形式", None, "计划里没有定形式")
    missing = [kind for kind in planned if kind not in record.types]
    says = f"计划 {event_words(planned)}" + (f"，没有做 {event_words(missing)}" if missing else "，都做了")
    return Mark("形式", not missing, says)


def _dues(record: Record, paid: Counts) -> Mark:
    today, whole = paid.get((record.organisation_id, record.held_on), (0, 0))
    if not whole:
        return Mark("交纳党费", None, "当月还没有党费收据")
    return Mark("交纳党费", today == whole, f"当月收据 {whole} 笔，活动当天 {today} 笔")


def disciplines(scope: Scope) -> QuerySet[Discipline]:
    """Lists of the reach, and those of superiors that bind it."""
    rows = Discipline.objects.unscoped(BELOW)
    return rows.filter(scope.where("organisation__path") | Q(organisation__path__in=above(scope))).select_related(
        "organisation"
    )


def in_force(record: Record) -> QuerySet[Discipline]:
    """What bound the organisation on the day; for a record found already."""
    path = record.organisation.path
    rows = Discipline.objects.unscoped(BELOW).filter(organisation__path__in=[*tree.ancestor_paths(path), path])
    return rows.filter(held(record.held_on))


def marks_of(scope: Scope, record: Record) -> QuerySet[Kept]:
    return Kept.objects.within(scope).filter(record=record).select_related("discipline")


def breaches(scope: Scope) -> QuerySet[Kept]:
    """Lines not kept, the latest first: what an inspection looks at."""
    rows = Kept.objects.within(scope).filter(kept=False, record__withdrawn_at=None)
    return rows.select_related("record__organisation", "discipline").order_by("-noted_on", "-pk")
