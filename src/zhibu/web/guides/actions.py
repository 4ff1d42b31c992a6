"""The directory is kept: a line added, changed, taken off; a window checked and rated; cards counted."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.guides import queries
from zhibu.web.guides.models import (
    ContactCards,
    Entry,
    Satisfaction,
    ServiceItem,
    ServicePoint,
    ServiceWindow,
    WindowCheck,
    WindowStandard,
)
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation

MOST = 20_000
ITEMS = ("服务事项", "层级", "单位", "窗口", "谁可以办", "带什么材料", "怎么办", "几个工作日", "依据")
WINDOWS = ("窗口", "单位", "办哪类事", "在哪里", "什么时间", "办公电话")
POINTS = ("服务点", "哪种", "单位", "在哪里", "提供什么", "什么时间", "办公电话")


@action("guides.keep")
def enter(*, by: Scope, model: type[Entry], **told: Any) -> Entry:
    """A new line of the own organisation."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    made = model.objects.create(organisation=own, **told)
    _write(by, f"登记{_word(made)}：{made.name}", made)
    return made


@action("guides.keep")
def change(*, by: Scope, entry: Entry, **told: Any) -> Entry:
    here = _own(by, entry)
    old = {name: str(getattr(here, name) or "") for name in told}
    for name, value in told.items():
        setattr(here, name, value)
    here.save()
    new = {name: str(value or "") for name, value in told.items()}
    moved = {name for name in told if old[name] != new[name]}
    _write(by, f"修改{_word(here)}：{here.name}", here, {k: old[k] for k in moved}, {k: new[k] for k in moved})
    return here


@action("guides.keep")
def end(*, by: Scope, entry: Entry) -> Entry:
    """No longer shown; entered again when it comes back."""
    here = _own(by, entry)
    here.ended_on = by.on
    here.save(update_fields=["ended_on"])
    _write(by, f"停用{_word(here)}：{here.name}", here, None, {"ended_on": by.on})
    return here


@action("guides.keep")
def check(*, by: Scope, window: ServiceWindow, on: date, unmet: list[WindowStandard], note: str) -> WindowCheck:
    """Against all standards in force there. Raises Unfit when there are none."""
    here = reached(ServiceWindow.objects.within(by).filter(ended_on=None).select_related("organisation"), window.pk)
    if not (asked := queries.standards(here.organisation).count()):
        raise Unfit("on", "还没有窗口规范，先登记规范")
    if on > by.on:
        raise Unfit("on", f"日期不能晚于今天（{by.on}）")
    made = WindowCheck.objects.create(window=here, on=on, asked=asked, note=note)
    made.unmet.add(*unmet)
    sentence = f"检查窗口：{here.name}，{len(unmet)} 项没有做到"
    write(
        by=by, action="guides.keep", sentence=sentence, thing=made, organisation=here.organisation,
        new={"asked": asked, "unmet": len(unmet)}, happened_on=on,
    )  # fmt: skip
    return made


@action("guides.keep")
def rate(*, by: Scope, window: ServiceWindow, month: date, satisfied: int, fair: int, unsatisfied: int) -> Satisfaction:
    """Of one month; entered again, it takes the place of what was there. Raises Unfit."""
    here = _own(by, window)
    first = queries.month(month)
    if first > by.on:
        raise Unfit("month", f"月份不能晚于今天（{by.on}）")
    told = {"satisfied": satisfied, "fair": fair, "unsatisfied": unsatisfied}
    row = Satisfaction.objects.within(by).filter(window=here, month=first).first()
    row = row or Satisfaction(window=here, month=first, satisfied=0, fair=0, unsatisfied=0)
    for name, value in told.items():
        setattr(row, name, value)
    row.save()
    _write(by, f"登记窗口满意度：{here.name} {first:%Y-%m}", here, None, told)
    return row


@action("guides.keep")
def count_cards(*, by: Scope, as_of: date, members: int, cards: int) -> ContactCards:
    """Of the own organisation; one count a day. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if as_of > by.on:
        raise Unfit("as_of", f"日期不能晚于今天（{by.on}）")
    if ContactCards.objects.within(by).filter(organisation=own, as_of=as_of).exists():
        raise Unfit("as_of", f"{as_of} 的已经登记")
    made = ContactCards.objects.create(organisation=own, as_of=as_of, members=members, cards=cards)
    write(
        by=by, action="guides.keep", sentence=f"登记联系卡 {cards} 张", thing=made, organisation=own,
        new={"members": members, "cards": cards}, happened_on=as_of,
    )  # fmt: skip
    return made


@action("guides.export")
def export(*, by: Scope, unit: str, q: str, level: str) -> bytes:
    """Three sheets: items as filtered, windows, points."""
    items = [_item(one) for one in queries.items(by, q, level)[:MOST]]
    windows = [
        [one.name, one.organisation.name, one.classes, one.place, one.hours, one.phone]
        for one in queries.entries(ServiceWindow, by)[:MOST]
    ]
    points = [
        [one.name, one.kind, one.organisation.name, one.place, one.what, one.hours, one.phone]
        for one in queries.entries(ServicePoint, by)[:MOST]
    ]
    own = finding.own(by)
    write(
        by=by, action="guides.export", sentence=f"导出服务指南 {unit} {len(items)} 项", thing=own or ServiceItem(),
        organisation=own, new={"rows": len(items) + len(windows) + len(points)},
    )  # fmt: skip
    about = f"单位：{unit}；截至 {by.on.isoformat()}"
    return sheets.workbooks([
        sheets.Sheet(f"{unit}服务事项", about, ITEMS, items, (26, 14, 26, 20, 26, 40, 40, 10, 26)),
        sheets.Sheet("服务窗口", about, WINDOWS, windows, (20, 26, 30, 26, 20, 16)),
        sheets.Sheet("服务点", about, POINTS, points, (20, 16, 26, 26, 30, 20, 16)),
    ])  # fmt: skip


def _item(one: ServiceItem) -> list[sheets.Cell]:
    return [
        one.name, one.get_level_display(), one.organisation.name, one.window.name if one.window else "", one.who,
        one.papers, one.steps, one.days, one.basis,
    ]  # fmt: skip


def _own[E: Entry](by: Scope, entry: E) -> E:
    rows = type(entry).objects.within(by).filter(organisation=by.organisation_id, ended_on=None)
    return reached(rows.select_related("organisation"), entry.pk, "只有登记它的党组织可以改")


def _word(entry: Entry) -> str:
    return str(entry._meta.verbose_name)


def _write(by: Scope, sentence: str, here: Entry, old: dict | None = None, new: dict | None = None) -> None:
    write(by=by, action="guides.keep", sentence=sentence, thing=here, organisation=here.organisation, old=old, new=new)
