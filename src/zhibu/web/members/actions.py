"""The roster changes, and is taken away as a workbook: masked, and with a line in the log."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import announce, sheets
from zhibu.web.core.scope import Scope
from zhibu.web.members import history, queries
from zhibu.web.members.models import LeftKind, Member, MemberChange, Transfer
from zhibu.web.members.queries import KINDS, Asked
from zhibu.web.organisations.models import Organisation

MOST = 20_000  # rows of one workbook
HEADINGS = (
    "党组织", "组织代码", "姓名", "性别", "人员类别", "流动党员", "支部职务", "公民身份号码", "手机号码",
    "加入日期", "转正日期", "工作岗位", "转入本支部日期",
)  # fmt: skip
WIDTHS = (24, 12, 10, 6, 10, 10, 12, 22, 14, 12, 12, 12, 14)


@action("members.change")
def transfer(*, by: Scope, member: Member, to: Organisation, on: date, document: str = "") -> Member:
    """A member goes over at once, both branches being of the reach. With a letter and a receipt: `transfers.py`."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    there = reached(Organisation.objects.within(by), to.pk, "转入的党组织不在本级管理范围内")
    before = here.organisation
    history.check_day(here, on)
    _not_on_the_way(here)
    history.change(here, MemberChange.What.MOVED, on, document, organisation=there, arrived_on=on,
                   branch_post="")  # fmt: skip
    write(
        by=by, action="members.change", sentence=f"转移组织关系：{before.name} 转到 {there.name}", thing=here,
        organisation=there, old={"organisation": before.code}, new={"organisation": there.code}, happened_on=on,
    )  # fmt: skip
    announce.roster_left(here.pk, before.pk, on - history.DAY, document or "组织关系转接")
    announce.member_moved(by, here.pk, there.pk, on)
    announce.facts_changed({before.pk, there.pk})
    return here


@action("members.change")
def leave(*, by: Scope, member: Member, on: date, kind: str = LeftKind.OTHER, document: str = "") -> Member:
    """A member is on the roster up to this day. `kind` says how; an organ decided it before. Raises Unfit."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    history.check_day(here, on)
    _not_on_the_way(here)
    history.noted(here, MemberChange.What.LEFT, on, document)
    here.left_on, here.left_kind = on, LeftKind(kind)
    here.save(update_fields=["left_on", "left_kind"])
    write(
        by=by, action="members.change", sentence=f"{here.organisation.name} 减少党员 1 人", thing=here,
        organisation=here.organisation, old={"left_on": None},
        new={"left_on": on, "left_kind": kind, "document": document}, happened_on=on,
    )  # fmt: skip
    announce.roster_left(here.pk, here.organisation_id, on, document or LeftKind(kind).label)
    announce.facts_changed({here.organisation_id})
    return here


def _not_on_the_way(member: Member) -> None:
    if Transfer.objects.unscoped(history.WHY).filter(member=member, state=Transfer.State.SENT).exists():
        raise Unfit("on", f"{member.name} 的组织关系正在转接，先办结或撤回")


@action("members.export")
def export(*, by: Scope, asked: Asked, unit: str) -> bytes:
    """The rows of the page's filter, on one sheet, numbers masked as on the page."""
    found = queries.roster(by, asked)[:MOST]
    rows = [cells(queries.shown(by, member)) for member in found]
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


def cells(one: queries.Shown) -> list[sheets.Cell]:
    """A row under HEADINGS."""
    return [
        one.organisation, one.code, one.name, one.sex, one.kind, "是" if one.floating else "", one.post, one.identity,
        one.phone, one.joined_on.isoformat(), one.full_on.isoformat() if one.full_on else "",
        one.employment, one.arrived_on.isoformat() if one.arrived_on else "",
    ]  # fmt: skip
