"""The sample county plans: themes and rules issued (made up, and named so), a branch's plan, its meetings."""

from __future__ import annotations

from datetime import date, time, timedelta

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.actions import days, issue, meetings, plans
from zhibu.web.plans.models import CycleTheme, Plan
from zhibu.web.plans.queries import meetings as meeting_queries
from zhibu.web.plans.queries import themes
from zhibu.web.plans.queries.meetings import FIXED
from zhibu.web.records.models import Record

WHY = "making the sample county"
THEMES = ("示例主题一", "示例主题二", "示例主题三")
RULES = ("提前三天通知（示例）", "有事当面请假（示例）", "当天交纳党费（示例）")


def fill(*, officer: Scope, branch: Scope, today: date) -> None:
    """`officer`: of the county; `branch`: the secretary whose plan it is."""
    name = f"{today.year} 年主题党日主题（示例）"
    made = issue.cycle(
        by=officer, cycle=None, name=name, document=f"青示〔{today.year}〕3号（示例）",
        starts_on=date(today.year, 1, 1), ends_on=date(today.year, 12, 31), alert_months=2, themes=THEMES,
    )  # fmt: skip
    issue.disciplines(by=officer, source=f"青示〔{today.year}〕4号（示例）", lines=RULES)
    days.own_theme(by=branch, cycle=made, name="护林防火（示例）")
    _plan(branch, today)
    _held(branch, list(themes.themes(made)))
    plans.file(by=branch, plan=Plan.objects.within(branch).get(organisation=branch.organisation_id, year=today.year))


def _plan(branch: Scope, today: date) -> None:
    sector = Organisation.objects.unscoped(WHY).get(pk=branch.organisation_id).sector
    made = plans.begin(by=branch, year=today.year, start="village" if sector in ("village", "community") else "branch")
    study = {"rule": "每月 10 日晚集体学习，缺席的补课", "method": "领学、自学、研讨", "checks": "每季度看一次笔记"}
    plans.describe(by=branch, plan=made, fixed_day=25, **study)
    of_month = [one for one in made.items.unscoped(WHY).filter(month=today.month) if one.types == ["theme_day"]]
    facts = {name: getattr(of_month[0], name) for name in plans.FIELDS}
    item = plans.put(
        by=branch, plan=made, item=of_month[0], facts=facts | {"topic": "学习支部工作条例", "owner": "组织委员"}
    )
    for on, types, topic, who in (
        (today + timedelta(days=3), ["committee_meeting", "preparation"], "研究下次活动", "committee"),
        (today + timedelta(days=6), ["theme_day"], "学习支部工作条例", "everybody"),
    ):
        told = dict.fromkeys(meetings.FIELDS, "") | {"on": on, "types": types, "topic": topic, "who": who}
        told |= {"starts_at": time(19), "ends_at": time(20, 30), "place": "村委会二楼"}
        meetings.announce(by=branch, item=item if who == "everybody" else None, facts=told)


def _held(branch: Scope, chosen: list[CycleTheme]) -> None:
    """The theme days of the year beside their plan: most as planned, some on another day, with a sentence why or still
    without; the first served the first themes."""
    rows = Record.objects.within(branch).filter(organisation=branch.organisation_id, withdrawn_at=None)
    held = [one for one in rows.filter(held_on__year=branch.on.year).order_by("held_on") if FIXED in one.types]
    made = Plan.objects.within(branch).get(organisation=branch.organisation_id, year=branch.on.year)
    items = {one.month: one for one in made.items.within(branch) if one.types == [FIXED]}
    for at, record in enumerate(held):
        item, moved = items.get(record.held_on.month), at % 4 == 3
        if item is None or (record.held_on.year, record.held_on.month) == (branch.on.year, branch.on.month):
            continue
        facts = {name: getattr(item, name) for name in plans.FIELDS} | {"topic": record.topic}
        plans.put(by=branch, plan=made, item=item, facts=facts if moved else facts | {"day": record.held_on.day})
        offered = meeting_queries.preparations(branch, record.organisation_id, record.held_on)
        before = meeting_queries.likely(offered, record.held_on)
        days.check(
            by=branch, record=record, served=chosen[at : at + 1] if at < 2 else [], marks={},
            preparation=offered.get(pk=before) if before else None,
            explanation="那几天抗旱，换了日子" if at == 3 else "",
        )  # fmt: skip
