"""A few guides of the sample county. Made up: no real item, standard or number."""

from __future__ import annotations

from datetime import date

from zhibu.web.core.scope import Scope
from zhibu.web.guides import actions
from zhibu.web.guides.models import ServiceItem, ServicePoint, ServiceWindow, WindowStandard


def fill(*, officer: Scope, town: Scope, branch: Scope, today: date) -> None:
    """`town`: its committee officer; `branch`: a secretary below it."""
    hall = actions.enter(
        by=town, model=ServiceWindow, name="民政窗口（示例）", classes="民政、优抚", place="镇便民大厅 3 号",
        hours="工作日 9–17 点", phone="0999-5550003",
    )  # fmt: skip
    told = {
        "who": "本镇居民",
        "papers": "身份证件、照片一张",
        "steps": "窗口受理\n三日后领取",
        "days": 3,
        "basis": "（示例）",
    }
    actions.enter(by=town, model=ServiceItem, name="优待证办理（示例）", level="town", window=hall, **told)
    actions.enter(by=branch, model=ServiceItem, name="代办社保缴费（示例）", level="village", window=None, **told)
    actions.enter(
        by=branch, model=ServicePoint, name="村爱心超市（示例）", kind="爱心超市", place="村委会旁", what="米面油",
        hours="每天 8–18 点", phone="",
    )  # fmt: skip
    standards = [
        actions.enter(by=officer, model=WindowStandard, name=name, document="（示例）")
        for name in ("挂牌上岗（示例）", "一次告知（示例）")
    ]
    actions.check(by=town, window=hall, on=today, unmet=[standards[1]], note="")  # type: ignore[arg-type,list-item]
    actions.rate(by=town, window=hall, month=today, satisfied=86, fair=9, unsatisfied=2)  # type: ignore[arg-type]
    actions.count_cards(by=branch, as_of=today, members=8, cards=36)
