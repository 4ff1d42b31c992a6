"""The registers of members as tables: what the page shows is what is printed and taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.members import away, caring, history, papers, roles, transfers
from zhibu.web.members.models import Employment, Member, MemberKind, MemberRole, Transfer
from zhibu.web.organisations.models import Organisation

MOST = 20_000  # rows of one workbook
Row = Sequence[sheets.Cell]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader chose: one organisation of the reach (None: all), a day, a state or kind."""

    area: Organisation | None = None
    on: date | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`links`: an address for the first cell of each row, or empty. `state` shows which `states` can be chosen."""

    title: str
    lead: str
    headings: tuple[str, ...]
    rows: list[Row]
    links: list[str]
    nothing: str
    widths: tuple[int, ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    has_day: bool = False
    hint: str = ""


def floating(scope: Scope, asked: Asked) -> Table:
    found = away.register(scope, asked.area)
    rows = [_away(one) for one in found]
    return Table(
        "流动党员台账", f"共 {len(found)} 人，按最后联系的先后，最久没有联系的在前",
        ("姓名", "党组织", "外出日期", "地点", "流入地党组织", "支部联系人", "活动证", "最后联系", "要核实的"), rows,
        _links(one.member for one in found), "没有外出的党员。在党员页面登记外出",
        (10, 24, 12, 16, 20, 10, 14, 12, 40), hint="表决、选举等权利在原支部行使；提示供核实，由组织决定。",
    )  # fmt: skip


def _away(one: away.Away) -> Row:
    line = one.line
    place = f"{line.place}（国（境）外）" if line and line.abroad else line and line.place
    there = (line.organisation_there, line.contact, line.certificate) if line else ("", "", "")
    return [one.member.name, _unit(one.member), line and line.since, place, *there, one.last, "；".join(one.hints)]


def on_the_way(scope: Scope, asked: Asked) -> Table:
    rows = transfers.seen(scope).filter(state=asked.state or Transfer.State.SENT).order_by("sent_on", "pk")[:MOST]
    found = [transfers.shown(scope, one) for one in rows]
    links = [
        reverse("transfer-receive" if one.may_receive else "transfer-recall", args=[one.transfer.pk])
        if one.may_receive or one.may_recall
        else ""
        for one in found
    ]
    told = [_on_the_way(one) for one in found]
    return Table(
        "组织关系转接台账", f"共 {len(found)} 人；没有接收以前由原支部负责",
        ("姓名", "转出", "接收", "介绍信", "转出日期", "已过天数", "有效期到", "状态", "办结日期"), told, links,
        "没有符合条件的转接", (10, 24, 24, 16, 12, 10, 14, 14, 12), states=tuple(Transfer.State.choices),
        hint="有审批权的党委可以在全国范围直接转接；没有正当理由不得拒接（教育管理工作条例第二十五条）。",
    )  # fmt: skip


def _on_the_way(one: transfers.OnTheWay) -> Row:
    line = one.transfer
    until = f"{line.valid_until}（已过）" if one.expired else line.valid_until
    days = one.days if line.state == Transfer.State.SENT else None
    return [line.member.name, line.organisation.name, transfers.whither(line), line.letter, line.sent_on, days, until,
            line.get_state_display(), line.closed_on]  # fmt: skip


def care(scope: Scope, asked: Asked) -> Table:
    found = caring.register(scope, asked.area)
    rows = [
        [one.member.name, _unit(one.member), "、".join(one.needs), one.since, one.last and one.last.on,
         one.last and one.last.what, one.times]
        for one in found
    ]  # fmt: skip
    return Table(
        "困难党员帮扶台账", f"共 {len(found)} 人，最久没有帮扶的在前",
        ("姓名", "党组织", "困难类型", "从", "最近帮扶", "帮扶内容", "帮扶次数"), rows,
        _links(one.member for one in found), "没有登记的困难党员。在党员页面登记困难",
        (10, 24, 20, 12, 12, 30, 10), hint="只有支部和上级党委看得到，不公开、不张贴。",
    )  # fmt: skip


def excused(scope: Scope, asked: Asked) -> Table:
    found = [one for one in caring.excused(scope) if one.until is None or one.until >= scope.on]
    rows = [
        [one.member.name, _unit(one.member), one.get_why_display(), one.since, one.until, one.document] for one in found
    ]
    return Table(
        "参加活动的照顾", f"共 {len(found)} 人", ("姓名", "党组织", "原因", "从", "到", "依据文件"), rows,
        _links(one.member for one in found), "没有登记照顾的党员。在党员页面登记照顾", (10, 24, 20, 12, 12, 24),
        hint="不作硬性要求，以送学上门、走访代替（教育管理工作条例第二十三条）。",
    )  # fmt: skip


def files(scope: Scope, asked: Asked) -> Table:
    found = papers.register(scope, asked.area)
    rows = [
        [one.organisation.name, one.members, one.checked, one.complete,
         "；".join(f"{name}缺{what}" for _, name, what in one.lacking[:20]) + ("……" if len(one.lacking) > 20 else "")]
        for one in found
    ]  # fmt: skip
    complete, members = sum(one.complete for one in found), sum(one.members for one in found)
    return Table(
        "党员档案核对台账", f"{members} 人中 {complete} 人齐全", ("党组织", "在册", "已核对", "齐全", "缺的材料"), rows,
        [""] * len(rows), "名册里还没有党员", (24, 8, 8, 8, 60),
        hint="要哪些材料由本单位的清单定，清单怎么改见手册“党员”一章。",
    )  # fmt: skip


def playing(scope: Scope, asked: Asked) -> Table:
    lines = roles.register(scope)
    lines = lines.filter(kind=asked.state) if asked.state else lines
    found = list(lines[:MOST])
    rows = [
        [one.member.name, _unit(one.member), one.get_kind_display(), one.what, one.since, one.until] for one in found
    ]
    return Table(
        "党员作用发挥台账", f"共 {len(found)} 条", ("姓名", "党组织", "方式", "内容", "从", "到"), rows,
        _links(one.member for one in found), "还没有登记。在党员页面登记，党员也可以在“我的”里填",
        (10, 24, 12, 40, 12, 12), states=tuple(MemberRole.Kind.choices), hint="只作记录，不计分、不排名、不对外公开。",
    )  # fmt: skip


def as_of(scope: Scope, asked: Asked) -> Table:
    day = asked.on or scope.on
    found = history.roster_on(scope, day, asked.area)[:MOST]
    names = dict(Organisation.objects.within(scope).values_list("path", "name"))
    kinds, work = dict(MemberKind.choices), dict(Employment.choices)
    rows = [
        [one.name, names.get(one.path, one.organisation), kinds.get(one.kind), work.get(one.employment), one.joined_on]
        for one in found
    ]
    return Table(
        "某日党员名册", f"{day} 在册 {len(found)} 人", ("姓名", "党组织", "类别", "工作岗位", "加入日期"), rows,
        [""] * len(rows), "这一天没有在册党员", (10, 24, 12, 14, 12), has_day=True,
        hint="按登记的变动推算；导入以前的变动没有记录，按现在的情况列。",
    )  # fmt: skip


REGISTERS: dict[str, Callable[[Scope, Asked], Table]] = {
    "floating": floating, "transfers": on_the_way, "care": care, "excused": excused, "papers": files, "roles": playing,
    "as-of": as_of,
}  # fmt: skip


@action("members.export")
def export(*, by: Scope, table: Table, unit: str, place: Organisation | None) -> bytes:
    """The rows of the page as a workbook, with a line in the log."""
    rows = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in table.rows[:MOST]]
    filters = f"单位：{unit}；{table.lead}；截至 {by.on.isoformat()}"
    write(
        by=by, action="members.export", sentence=f"导出{table.title} {unit} {len(rows)} 行", thing=place or Member(),
        organisation=place, new={"filters": filters, "rows": len(rows)},
    )  # fmt: skip
    return sheets.workbook(sheets.Sheet(f"{unit}{table.title}", filters, table.headings, rows, table.widths))


def _unit(member: Member) -> str:
    return member.organisation.short_name or member.organisation.name


def _links(members: object) -> list[str]:
    return [reverse("member", args=[one.pk]) for one in members]  # type: ignore[attr-defined]
