"""A few tasks of the sample county, by the actions an office would use: made up, one at each step of the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.tasks import actions, problems, steps
from zhibu.web.tasks.models import Order, Task


def fill(*, officer: Scope, town: Scope, branch: Scope, today: date) -> None:
    """`branch`: a secretary's, below the `town`."""
    places = Organisation.objects.unscoped("the sample county")
    county, committee, here = (places.get(pk=one.organisation_id) for one in (officer, town, branch))
    towns = list(tree.children(county).within(officer).filter(kind=committee.kind, dissolved_on=None)[:4])
    _decisions(officer, town, committee, here, sorted({*towns, committee}, key=lambda one: one.path), today)
    _instruction(officer, town, committee, today)
    _inspections(officer, committee, here, towns, today)
    _own(branch, here, today)


def _on(scope: Scope, today: date, ago: int) -> Scope:
    return replace(scope, on=today - timedelta(days=ago))


def _decisions(
    officer: Scope, town: Scope, committee: Organisation, here: Organisation, towns: list[Organisation], today: date
) -> None:
    """The county's committee decided; the town hands its part on."""
    decided, due = today - timedelta(days=30), today + timedelta(days=20)
    order = actions.issue(
        by=_on(officer, today, 30), kind=Order.Kind.DECISION, title="年底前补齐村级活动场所设施", units=towns,
        decided_on=decided, due_on=due, document="县委常委会会议纪要 8 号（示例）", section="阵地",
        measure="每个村有桌椅、有取暖、每周开门", weight=Order.Weight.KEY,
    )  # fmt: skip
    mine = Task.objects.within(officer).get(order=order, owner=committee)
    villages = list(tree.children(committee).within(town).filter(dissolved_on=None)[:3])
    actions.issue(
        by=_on(town, today, 25), kind=Order.Kind.DECISION, title="报本村活动场所缺什么", part_of=mine,
        units=sorted({*villages, here}, key=lambda one: one.path), decided_on=today - timedelta(days=25),
        due_on=today + timedelta(days=2), document="镇党委会会议纪要 15 号（示例）", minutes=15,
    )  # fmt: skip


def _instruction(officer: Scope, town: Scope, committee: Organisation, today: date) -> None:
    order = actions.issue(
        by=_on(officer, today, 12), kind=Order.Kind.INSTRUCTION, title="研究社区党务工作者配备", units=[committee],
        text="请大家重视，一周内拿出意见。（示例）", signer="分管领导（示例）", decided_on=today - timedelta(days=12),
        due_on=today + timedelta(days=1), urgent=True,
    )  # fmt: skip
    task = Task.objects.within(officer).get(order=order)
    steps.report(
        by=_on(town, today, 1), task=task, text="已提出意见：两个社区各配一人。（示例）", on=today - timedelta(days=1)
    )


def _inspections(
    officer: Scope, committee: Organisation, here: Organisation, towns: list[Organisation], today: date
) -> None:
    """Problems of two inspections, the ones answered by a requirement, the others not yet."""
    by = _on(officer, today, 20)
    found = [(here, "活动记录的议定事项没有写谁来办"), (committee, "两个村的党务公开栏三个月没有更新")]
    first = problems.note(by=by, source="市委督查（示例）", found_on=by.on, found=found, section="组织生活")
    others = [(one, "流动党员联系台账不全") for one in towns[:2]]
    problems.note(by=by, source="县委督查（示例）", found_on=by.on, found=others, section="党员队伍")
    actions.issue(
        by=_on(officer, today, 15), title="会议议定的事写明谁办、哪天办成", units=[here, committee], section="组织生活",
        decided_on=today - timedelta(days=15), due_on=today - timedelta(days=3), problems=[one.pk for one in first],
        document="组织工作推进会要求（示例）", minutes=30,
    )  # fmt: skip


def _own(branch: Scope, here: Organisation, today: date) -> None:
    """What a meeting of the branch decided, on its own record."""
    rows = Record.objects.within(branch).filter(organisation=here, withdrawn_at=None, held_on__lte=today)
    meetings = [one for one in rows.order_by("-held_on", "-pk")[:60] if "committee_meeting" in one.types]
    held = meetings[0] if meetings else rows.order_by("-held_on").first()
    if held is None:
        return
    actions.issue(
        by=branch, kind=Order.Kind.DECISION, title="给两户独居老人装好扶手", units=[here], person="组织委员（示例）",
        decided_on=held.held_on, due_on=today + timedelta(days=10), record=held, measure="两户都装好，老人试过",
    )  # fmt: skip
