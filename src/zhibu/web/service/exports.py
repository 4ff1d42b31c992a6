"""Commitments, calls and teams as workbooks, each with its line in the log. Hours are sums, never a person's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding
from zhibu.web.service import queries
from zhibu.web.service.models import Call, Commitment, Team

MOST = 20_000
COMMITMENTS = (
    "党组织",
    "谁的承诺",
    "承诺",
    "承诺日期",
    "完成期限",
    "公开",
    "践诺日期",
    "怎么做到的",
    "确认日期",
    "状态",
)
CALLS = (
    "名称", "类别", "发起单位", "做什么", "在哪里", "从哪天", "到哪天", "岗位人数", "报名", "已安排", "到岗人数",
    "小时", "服务人次", "总结",
)  # fmt: skip
TEAMS = ("名称", "党组织", "做什么", "成立日期", "解散日期", "队员", "派出次数", "累计小时（每人小时×人数）")


@action("service.export")
def commitments(*, by: Scope, state: str, unit: str) -> bytes:
    rows = queries.commitments(by, state)[:MOST]
    filters = queries.STATES.get(state, "全部")
    return _book(by, "承诺台账", filters, COMMITMENTS, [_commitment(one, by) for one in rows], unit)


@action("service.export")
def calls(*, by: Scope, unit: str) -> bytes:
    rows = queries.calls(by).filter(by.where("organisation__path"))[:MOST]
    return _book(by, "招募台账", "全部", CALLS, [_call(one) for one in rows], unit)


@action("service.export")
def teams(*, by: Scope, unit: str) -> bytes:
    return _book(by, "党员服务队台账", "全部", TEAMS, [_team(one) for one in queries.teams(by)[:MOST]], unit)


@action("service.export")
def sums(*, by: Scope, unit: str) -> bytes:
    """People and hours, community by community."""
    rows = [[one["place"].name, one["people"], one["times"], one["hours"]] for one in queries.sums(by)]
    heads = ("社区党组织", "报到人数", "今年服务（人次）", "今年服务（小时）")
    return _book(by, "社区报到汇总", f"{by.on.year} 年", heads, rows, unit)


def _book(
    by: Scope, title: str, filters: str, heads: Sequence[str], rows: Iterable[Sequence[sheets.Cell]], unit: str
) -> bytes:
    table, own = list(rows), finding.own(by)
    write(
        by=by, action="service.export", sentence=f"导出{title} {unit} {len(table)} 行", thing=own or Team(),
        organisation=own, new={"filters": filters, "rows": len(table)},
    )  # fmt: skip
    widths = [max(10, min(40, 2 * len(head) + 4)) for head in heads]
    return sheets.workbook(sheets.Sheet(f"{unit}{title}", f"单位：{unit}；{filters}", heads, table, widths))


def _commitment(one: Commitment, by: Scope) -> list[sheets.Cell]:
    return [
        one.organisation.name, one.who, one.text, one.made_on, one.due_on, "是" if one.public else "否",
        one.fulfilled_on, one.fulfilment, one.confirmed_on, one.status(by.on)[1],
    ]  # fmt: skip


def _call(one: Call) -> list[sheets.Cell]:
    told = queries.counts_of(one)
    needed = sum(post.needed for post in one.posts.unscoped("of a call within reach"))
    return [
        one.title, one.get_kind_display(), one.organisation.name, one.task, one.place, one.starts_on, one.ends_on,
        needed, told["signed"], told["assigned"], told["came"], told["hours"], one.served, one.report,
    ]  # fmt: skip


def _team(one: Team) -> list[sheets.Cell]:
    done = [each for each in queries.dispatches(one) if each.closed_on]
    spent = sum((each.hours or 0) * (each.people or 0) for each in done)
    return [
        one.name, one.organisation.name, one.purpose, one.founded_on, one.ended_on, one.many, len(done), spent,
    ]  # fmt: skip
