"""The sample county: targets of the year, a half-year report kept with drafts of units, a plenary's report begun."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhibu.web.core.scope import Scope
from zhibu.web.reports import actions, queries, target_actions


def fill(*, officer: Scope, today: date) -> None:
    year = today.year if today >= date(today.year, 7, 1) else today.year - 1
    first, last = date(year, 1, 1), date(year, 6, 30)
    target = target_actions.aim(by=officer, year=year, name="新建非公企业党组织（示例）", unit="个", first=Decimal(12))
    target_actions.aim(by=officer, year=year, name="发展党员（示例）", unit="名", first=Decimal(60))
    target_actions.aim_again(by=officer, target=target, done=Decimal(4), again=Decimal(10), why="三家企业停产（示例）")
    half = actions.begin(by=officer, kind="half", title=f"{year} 年上半年党建工作总结（示例）", since=first, until=last)
    actions.say(by=officer, report=half, key="problems", text="有的支部集中在月底补记。\n企业支部活动少（示例）。")
    units = list(queries.to_ask(officer.doing("reports.keep"), half)[:3])
    if units:
        actions.ask(by=officer, report=half, units=units, due_on=today + timedelta(days=10), minutes=60)
    actions.keep(by=officer, report=half)
    plenary = actions.begin(
        by=officer, kind="plenary", title="党建工作专题报告（示例）", since=date(today.year, 1, 1), until=today,
        occasion="县委全委会扩大会议",
    )  # fmt: skip
    actions.say(by=officer, report=plenary, key="opening", text="现将今年以来的党建工作报告如下（示例）。")
