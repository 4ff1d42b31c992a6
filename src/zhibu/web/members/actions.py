"""The roster changes, and is taken away as a workbook: masked, and with a line in the log."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import announce, sheets
from zhibu.web.core.scope import Scope
from zhibu.web.members import queries
from zhibu.web.members.models import Member
from zhibu.web.members.queries import KINDS, Asked
from zhibu.web.organisations.models import Organisation

MOST = 20_000  # rows of one workbook
HEADINGS = (
    "党组织", "组织代码", "姓名", "性别", "人员类别", "流动党员", "支部职务", "公民身份号码", "手机号码",
    "加入日期", "转正日期",
)  # fmt: skip
WIDTHS = (24, 12, 10, 6, 10, 10, 12, 22, 14, 12, 12)


@action("members.change")
def transfer(*, by: Scope, member: Member, to: Organisation, on: date) -> Member:
    """A member goes over to another branch on a day: both branches count their members anew."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    there = reached(Organisation.objects.within(by), to.pk, "转入的党组织不在本级管理范围内")
    before = here.organisation
    here.organisation, here.arrived_on = there, on
    here.save(update_fields=["organisation", "arrived_on"])
    write(
        by=by, action="members.change", sentence=f"转移组织关系：{before.name} 转到 {there.name}", thing=here,
        organisation=there, old={"organisation": before.code}, new={"organisation": there.code}, happened_on=on,
    )  # fmt: skip
    announce.facts_changed({before.pk, there.pk})
    return here


@action("members.change")
def leave(*, by: Scope, member: Member, on: date) -> Member:
    """A member is no longer on the roster from that day on."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    old, here.left_on = here.left_on, on
    here.save(update_fields=["left_on"])
    write(
        by=by, action="members.change", sentence=f"{here.organisation.name} 减少党员 1 人", thing=here,
        organisation=here.organisation, old={"left_on": old}, new={"left_on": on}, happened_on=on,
    )  # fmt: skip
    announce.facts_changed({here.organisation_id})
    return here


@action("members.export")
def export(*, by: Scope, asked: Asked, unit: str) -> bytes:
    """The rows of the page's filter, on one sheet, numbers masked as on the page."""
    found = queries.roster(by, asked)[:MOST]
    rows = [_row(queries.shown(by, member)) for member in found]
    filters = _filters(asked, unit, by)
    place = asked.area or Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="members.export", sentence=f"导出党员名册 {unit} {len(rows)} 人", thing=place or Member(),
        organisation=place, new={"filters": filters, "rows": len(rows)},
    )  # fmt: skip
    return sheets.workbook(sheets.Sheet(f"{unit}党员名册", filters, HEADINGS, rows, WIDTHS))


def _filters(asked: Asked, unit: str, by: Scope) -> str:
    parts = [f"单位：{unit}", f"类别：{KINDS.get(asked.kind, '全部')}"]
    parts += [f"姓名含：{asked.q}"] if asked.q else []
    return "；".join([*parts, f"截至 {by.on.isoformat()}", "身份号码和手机号中间隐去"])


def _row(one: queries.Shown) -> list[sheets.Cell]:
    return [
        one.organisation, one.code, one.name, one.sex, one.kind, "是" if one.floating else "", one.post, one.identity,
        one.phone, one.joined_on.isoformat(), one.full_on.isoformat() if one.full_on else "",
    ]  # fmt: skip
