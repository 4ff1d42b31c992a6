"""What stands beside other apps' pages: the next meeting on 本月任务 and 我的, the check of a record."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.plans.models import MeetingNotice, Plan
from zhibu.web.plans.queries import days, themes
from zhibu.web.plans.queries import meetings as queries
from zhibu.web.records.models import Record

SOON = timedelta(days=7)
NEXT = 3


def month(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """The next meetings of the own organisation, a plan the superior sent back, set themes that are still undone."""
    if not scope.may("plans.keep") or organisation_id != scope.organisation_id:
        return []
    asked = scope.doing("plans.keep")
    rows = [_meeting(one, scope) for one in queries.coming(asked, organisation_id)[:NEXT]]
    back = Plan.objects.within(asked).filter(organisation=organisation_id, state=Plan.State.RETURNED)
    rows += [(reverse("plan", args=[one.pk]), f"补充{one.year} 年计划", "returned", one.answer) for one in back]
    return rows + _undone(asked, organisation_id)


def _undone(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """From when the office that issued them wants it told."""
    due = themes.telling(scope.on)
    rows = Organisation.objects.within(scope).filter(pk=organisation_id, kind__in=BRANCH_KINDS) if due else ()
    found = [
        (one, row.undone) for place in rows for one in due if place.path.startswith(one.organisation.path)
        for row in themes.matrix(scope, one, [place])
    ]  # fmt: skip
    return [
        (reverse("cycle", args=[one.pk]), f"做规定主题：{'、'.join(names)}", "soon", f"{day_words(one.ends_on)}前")
        for one, names in found if names
    ]  # fmt: skip


def _meeting(one: MeetingNotice, scope: Scope) -> MonthRow:
    near = one.on - scope.on <= SOON
    return reverse("meeting", args=[one.pk]), f"开会：{one}", "soon" if near else "todo", when_where(one)


def when_where(one: MeetingNotice) -> str:
    """11 月 25 日 19:00 · 村委会二楼"""
    clock = f" {one.starts_at:%H:%M}" if one.starts_at else ""
    return " · ".join(part for part in (f"{day_words(one.on)}{clock}", one.place) if part)


def coming(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """For a member: what is announced in the own branch, with its file for a calendar."""
    rows = queries.coming(scope.doing("records.view"), organisation_id)[:NEXT]
    return [
        (reverse("meeting-ics", args=[one.pk]), f"{one}", "soon" if one.on - scope.on <= SOON else "todo",
         f"{when_where(one)} · {one.who_words} · 点开加入手机日历")
        for one in rows
    ]  # fmt: skip


def of_record(scope: Scope, record_id: int) -> list[MonthRow]:
    """The four unifications of a fixed day; for other activities their themes and rules."""
    if not scope.may("plans.view"):
        return []
    asked = scope.doing("plans.view")
    record = Record.objects.within(asked).filter(pk=record_id, withdrawn_at=None).select_related("organisation").first()
    if record is None:
        return []
    address = reverse("day", args=[record.number])
    if days.FIXED not in record.types:
        return [(address, "主题和活动纪律", "na", "勾选这次活动的主题，对照活动纪律")]
    [one] = days.days(asked, [record])
    words = "，".join(f"{mark.word}{mark.short}" for mark in one.marks)
    return [(address, "四个统一", "todo" if one.owed else "done", words + ("。要说明" if one.owed else ""))]
