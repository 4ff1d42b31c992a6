"""A few concerns and visits of the sample county, by the actions an office would use. Made up; contacts too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from zhibu.web.concerns import actions, kinds, visiting
from zhibu.web.concerns.models import Concern
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

BROUGHT = (
    ("public", "三组自来水水压低，高处住户早晚停水", 12, "handled"),
    ("public", "村口路灯坏了两盏", 25, "rated"),
    ("base", "便民服务站缺一台打印机", 9, "up"),
    ("public", "下水井盖松动", 2, ""),
)
VISITS = (("rural", "二组红薯加工点", 40, "烘干房电容不够"), ("enterprise", "恒通建材", 26, "招工难\n厂区门口积水"),
          ("community", "城东社区", 6, ""))  # fmt: skip


def fill(*, officer: Scope, branch: Scope, town: Organisation, today: date) -> None:
    """`branch`: a secretary's; `town`: the committee above it."""
    kinds.set_(by=officer, name="供水", days=7, document="（示例）县委组织部文件")
    kinds.set_(by=officer, name="其他", days=15, document="（示例）县委组织部文件")
    for source, what, ago, way in BROUGHT:
        on = today - timedelta(days=ago)
        contact = "0999-5550123" if source == "public" else ""
        one = actions.take_in(
            by=replace(branch, on=on), source=source, what=what, kind=None, taken_on=on, due_on=on + timedelta(days=15),
            contact=contact,
        )  # fmt: skip
        _on_its_way(branch, one, town, way, on)
    for kind, point, ago, problems in VISITS:
        on = today - timedelta(days=ago)
        visiting.note(
            by=branch, point_kind=kind, point=point, visited_on=on, people=2, note="了解情况",
            due_on=on + timedelta(days=30), problems=problems.split("\n") if problems else [],
        )  # fmt: skip
    first = Concern.objects.within(branch).filter(source="visit").order_by("pk")[0]
    actions.handle(by=branch, concern=first, on=today, outcome="solved", text="供电所换了变压器（示例）")


def _on_its_way(branch: Scope, one: Concern, town: Organisation, way: str, on: date) -> None:
    later = replace(branch, on=on + timedelta(days=5))
    if way == "up":
        actions.assign(by=branch, concern=one, to=town, text="请镇里统筹解决")
    if way in ("handled", "rated"):
        actions.handle(by=later, concern=one, on=later.on, outcome="solved", text="已修好（示例）")
    if way == "rated":
        actions.reply(by=later, concern=one, on=later.on, text="已电话告知")
        actions.rate(by=later, concern=one, rating="satisfied")
