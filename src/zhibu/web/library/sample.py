"""Documents of the sample county: made-up ones, with a checklist half answered."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.core.scope import Scope
from zhibu.web.library import actions
from zhibu.web.library.models import Answer
from zhibu.web.library.splitting import pieces

TEXT = """第一条　各基层党委每年研究党支部建设不少于一次，把结果告诉各支部。
第二条　党支部活动有固定场所，与其他单位共用的写明时间。
第三条　党支部书记外出三个月以上的，由副书记或者委员主持工作。
第四条　新任党支部书记任职谈话由上级党委负责人进行。"""


def fill(*, by: Scope, units: list[str], branch: Scope, today: date) -> None:
    """`by`: the county's officer; `units`: codes asked, that of `branch` among them; `branch`: who has answered one."""
    issued = today - timedelta(days=200)
    facts = {
        "title": "青川县党支部建设若干意见（示例）",
        "number": f"青示〔{issued.year}〕28号",
        "issuer": "中共青川县委",
    }
    document = actions.keep(by=by, document=None, facts=facts | {"issued_on": issued})
    actions.put_clauses(by=by, document=document, pieces=pieces(TEXT))
    older = {"title": "青川县党支部建设办法（示例）", "issuer": "中共青川县委", "status": "superseded"}
    dates = {"issued_on": issued - timedelta(days=1500), "ended_on": issued - timedelta(days=1)}
    actions.keep(by=by, document=None, facts=older | dates | {"replaced_by": facts["title"]})
    for kind, days, text, heads in (
        ("body", 20, "成立党支部建设工作小组", None),
        ("people", 35, "工作小组办公室配齐人员", 3),
        ("task", 60, "各基层党委研究一次党支部建设", None),
    ):
        happened = issued + timedelta(days=days)
        actions.follow(by=by, document=document, kind=kind, happened_on=happened, text=text, heads=heads)
    clauses = list(document.clauses.values_list("pk", flat=True))
    due = today + timedelta(days=10)
    actions.ask(by=by, document=document, clauses=clauses, units=units, due_on=due, minutes=15)
    asked = Answer.objects.within(branch).filter(organisation=branch.organisation_id).order_by("clause__position")
    if one := asked.first():
        actions.answer(by=branch, answer=one, state="done", sentence="镇党委三月研究过，结果已告诉党员", record="")
