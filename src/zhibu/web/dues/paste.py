"""Rows copied from a spreadsheet into the branch's own page: good ones go in, bad ones come back with what is wrong.

For a few rows at hand; whole books go through 导入中心 (`imports/registers`), where the branch alone has them too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction

from zhibu.web.audit.actions import Unfit
from zhibu.web.core.scope import Scope
from zhibu.web.dues import actions, reckoning
from zhibu.web.dues.forms import read_month
from zhibu.web.dues.models import PayerKind, Payment
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import dues

MOST = 500  # rows of one paste
HEADS = {"bases": ("姓名", "交纳类别", "基数", "从哪天起"), "payments": ("姓名", "月份", "金额", "交纳日期")}
KINDS = {word: value for value, word in PayerKind.choices}


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that was left out: its number, as it stood, what is wrong."""

    number: int
    line: str
    why: str


class Wrong(ValueError):
    """`str()` is the sentence for the reader."""


def put_in(*, by: Scope, branch: Organisation, kind: str, text: str) -> tuple[int, list[Bad]]:
    """How many rows went in, and the others. `kind`: bases or payments."""
    lines = [(at, line) for at, line in enumerate(text.replace("\r", "").split("\n"), 1) if line.strip()]
    if not lines:
        return 0, [Bad(1, "", "没有读到内容，从表格里选中几行再复制")]
    if len(lines) > MOST:
        return 0, [Bad(MOST + 1, "", f"一次最多 {MOST} 行，分几次粘贴")]
    one = {"bases": _base, "payments": _payment}[kind]
    people: dict[str, list[Member]] = {}
    for member in reckoning.roster(by, branch, by.on, by.on):
        people.setdefault(member.name, []).append(member)
    bad, good = [], 0
    for at, line in lines:
        cells = [cell.strip() for cell in re.split(r"\t|,|，", line)]
        if cells[0] == HEADS[kind][0]:
            continue
        try:
            with transaction.atomic():
                one(by, branch, _member(people, cells[0]), [*cells[1:], "", "", ""])
            good += 1
        except (Wrong, Unfit) as wrong:
            bad.append(Bad(at, line[:80], str(wrong)))
    return good, bad


def _member(people: dict[str, list[Member]], name: str) -> Member:
    found = people.get(name, [])
    if not found:
        raise Wrong(f"名册里没有“{name[:20]}”，核对姓名")
    if len(found) > 1:
        raise Wrong(f"有 {len(found)} 个“{name[:20]}”，在各自的页面上填")
    return found[0]


def _base(by: Scope, branch: Organisation, member: Member, cells: list[str]) -> None:
    kind, amount, since = cells[:3]
    if kind not in KINDS and kind not in PayerKind.values:
        raise Wrong(f"“{kind[:20]}”不是交纳类别，写其中一种：{'、'.join(KINDS)}")
    actions.set_base(
        by=by, member=member, kind=KINDS.get(kind, kind), amount=_yuan(amount, "基数"), since=_day(since, "从哪天起")
    )


def _payment(by: Scope, branch: Organisation, member: Member, cells: list[str]) -> None:
    month, amount, paid_on = _month(cells[0]), _yuan(cells[1], "金额"), _day(cells[2], "交纳日期")
    practice = reckoning.practices([branch.path]).on(branch.path, month)
    owed = dues.of_month(reckoning.one(member), month, practice)
    if owed.state == "owed" and amount is not None and amount != owed.amount:
        raise Wrong(f"金额 {amount} 元和应交 {owed.amount} 元不符（{owed.why}）；多交的用“自愿多交”登记")
    if not actions.collect(by=by, branch=branch, due={member.pk: [month]}, paid_on=paid_on, way=Payment.Way.TRANSFER):
        raise Wrong(f"{month:%Y-%m} 已经收过")


def _yuan(cell: str, what: str) -> Decimal | None:
    told = cell.replace("元", "").strip()
    try:
        found = Decimal(told) if told else None
    except InvalidOperation:
        found = Decimal("NaN")
    if found is not None and (not found.is_finite() or not 0 <= found < 10**9):
        raise Wrong(f"{what}“{cell[:20]}”不是金额，写数字，如 4200.50")
    return found


def _month(cell: str) -> date:
    told = re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", cell, re.ASCII)
    if told is None or (found := read_month(f"{told[1]}-{told[2]}")) is None:
        raise Wrong(f"月份“{cell[:20]}”写成 2026-11")
    return found


def _day(cell: str, what: str) -> date:
    told = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", cell, re.ASCII)
    try:
        found = date(*map(int, told.groups())) if told else None
    except ValueError:
        found = None
    if found is None or not 2009 <= found.year <= 2100:
        raise Wrong(f"{what}“{cell[:20]}”写成 2026-11-01")
    return found
