"""Study of the sample county: a class for secretaries, a booked school, readings, the leaders' group, a scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zhibu.web.core.scope import Scope
from zhibu.web.learning import actions
from zhibu.web.learning.audience import SECRETARIES, people
from zhibu.web.learning.models import Trainee, TrainingClass
from zhibu.web.library.models import Document
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Kind, Organisation

DAY = timedelta(days=1)
SOME = 60  # branches
CLASS: dict[str, Any] = {
    "form": "form_off_job", "channel": "channel_training", "abilities": ["ability_execute", "ability_serve"],
    "venue": "", "document": "", "others": 0, "record": "",
}  # fmt: skip


SCHOOL = {
    "kind": "school", "name": "县委党校一教室（示例）", "about": "", "place": "示范路 1 号", "capacity": 120,
    "closed": False,
}  # fmt: skip
SCENARIO = {
    "title": "支部换届情景模拟（示例）", "procedure": "election", "closed": False,
    "story": "某村党支部两个月后届满，有两名委员提出不再担任。",
    "roles": "支部书记\n镇党委组织委员\n监票人\n计票人", "notes": "谁批准、差额怎么算、票怎么算有效。",
}  # fmt: skip


LECTURE = {"title": "一条渠修了三十年（示例）", "speaker": "支部书记", "text": "从一条渠讲党员怎样带头。（示例）"}
ORGAN = {
    "goal": "人人有学习计划，学用结合（示例）", "standard": "全年集中学习 12 次，每项重点工作前先学政策",
    "methods": "领学、自学、研讨", "head": "何书记，党组书记", "body": "学习型机关创建领导小组", "department": "办公室",
    "person": "办公室主任", "document": "（示例）局党组文件",
}  # fmt: skip


def fill(*, officer: Scope, branch: Scope, group: Scope, today: date) -> None:
    """`officer`: of the county; `branch`: its secretary writes for the study corner; `group`: of a bureau."""
    _secretaries(officer)
    school = actions.keep_resource(by=officer, resource=None, fields=SCHOOL)
    starts = today - timedelta(days=40)
    held = actions.hold(
        by=officer,
        fields=CLASS | {"name": "党支部书记示范培训班（示例）", "audience": SECRETARIES, "starts_on": starts,
                        "ends_on": starts + 2 * DAY, "hours": Decimal(24)},
    )  # fmt: skip
    _trainees(officer, held)
    rural = CLASS | {"name": "乡镇、村干部培训班（示例）", "audience": "audience_rural", "hours": Decimal(16)}
    coming = actions.hold(by=officer, fields=rural | {"starts_on": today + 10 * DAY, "ends_on": today + 11 * DAY})
    actions.book(by=officer, held=coming, resource=school, starts_on=coming.starts_on, ends_on=coming.ends_on)
    _texts(officer, branch, today)
    _centre(officer, today)
    _lectures(officer, branch, today)
    _organ(group, today)


def _lectures(officer: Scope, branch: Scope, today: date) -> None:
    """A selection that is over, its best in the library; and one that takes entries."""
    items = [("内容准确", 40), ("联系实际", 30), ("讲授效果", 30)]
    for title, closes in (("上半年党课评选（示例）", today - 20 * DAY), ("下半年党课评选（示例）", today + 30 * DAY)):
        began = replace(officer, on=closes - 40 * DAY)
        contest = actions.open_contest(
            by=began, title=title, document="青示〔2026〕9号（示例）", closes_on=closes, items=items
        )
        if closes < today:
            sent = actions.enter(by=replace(branch, on=closes), contest=contest, **LECTURE)
            actions.choose(by=officer, contest=contest, chosen=[sent.pk])


def _organ(group: Scope, today: date) -> None:
    starts = today - 90 * DAY
    steps = [("制定学习计划", starts + 10 * DAY), ("半年检查", today + 60 * DAY), ("申请验收", today + 200 * DAY)]
    made = actions.set_up(by=group, fields=ORGAN | {"starts_on": starts, "due_on": today + 300 * DAY}, steps=steps)
    first = made.steps.within(group).order_by("pk")[0]
    actions.finish(by=group, step=first, done_on=starts + 8 * DAY, result="学习计划已印发（示例）")


def _secretaries(officer: Scope) -> None:
    """The books of the sample leave posts in the branch out: here the secretaries of some are known on the roster."""
    branches = Organisation.objects.within(officer).exclude(secretary_name="").filter(kind=Kind.BRANCH)
    for here in branches.order_by("path")[:SOME]:
        rows = Member.objects.within(officer).filter(organisation=here, left_on=None, user=None)
        if one := rows.order_by("pk").first():
            one.name, one.initials, one.branch_post = here.secretary_name, "", "书记"
            one.save(update_fields=["name", "initials", "branch_post"])


def _trainees(officer: Scope, held: TrainingClass) -> None:
    chosen = list(people(officer, None, SECRETARIES).values_list("pk", flat=True)[:60])
    if not chosen:
        return
    actions.enrol(by=officer, held=held, members=chosen)
    rows = Trainee.objects.within(officer).filter(training_class=held).order_by("pk")
    came = {pk: None if at % 12 == 5 else held.hours for at, pk in enumerate(rows.values_list("pk", flat=True))}
    actions.attend(by=officer, held=held, came=came)


def _texts(officer: Scope, branch: Scope, today: date) -> None:
    for title, kind, new_until in (
        ("中国共产党章程", "constitution", None),
        ("中国共产党支部工作条例（试行）", "rules", None),
        ("青川县党支部建设若干意见（示例）", "new", today + timedelta(days=60)),
    ):
        kept = Document.objects.within(officer).filter(title=title).first()
        actions.put(
            by=officer, title=title, kind=kind, edition="", audience="audience_all", document=kept, new_until=new_until
        )
    text = "这次学习以后，支部把要办的事列成一张单子。"
    actions.post(by=branch, title="学用结合，先把清单理出来（示例）", text=text, author="")
    actions.keep_scenario(by=officer, scenario=None, fields=SCENARIO)
    cells = [
        {"stage": "第一阶段", "audience": "audience_all", "topic": "党章", "form": "form_collective",
         "due_on": today + timedelta(days=30), "essay": True},
        {"stage": "第二阶段", "audience": "audience_team", "topic": "支部工作条例", "form": "form_special",
         "due_on": today + timedelta(days=90), "essay": False},
    ]  # fmt: skip
    actions.arrange(by=officer, title=f"{today.year} 年主题学习安排（示例）", document="", cells=cells, minutes=15)


def _centre(officer: Scope, today: date) -> None:
    seats = [
        actions.seat(by=officer, name=name, post=post, starts_on=date(today.year, 1, 1)).pk
        for name, post in (("陈常委", "县委常委"), ("周部长", "组织部部长"), ("林主任", "县委办主任"))
    ]
    for days, topic in ((70, "党纪学习专题（示例）"), (10, "乡村振兴专题（示例）"), (-20, "基层治理专题（示例）")):
        on = today - timedelta(days=days)
        session = actions.plan_session(by=officer, topic=topic, planned_on=on, speakers="周部长")
        if days > 0:
            done = actions.hold_session(
                by=officer, session=session, held_on=on, place="县委会议室", speakers="周部长",
                summary="集中学习原文，交流三项工作打算。", present=seats[: 3 if days > 30 else 2],
            )  # fmt: skip
            if days > 30:
                actions.show(by=officer, session=done)
