"""生产经营目标 (M238): what an enterprise's Party organisation wants to help with, the activities that served it, the
result. Activities are those on record: nothing is written twice."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.coverage.models import Covering, Goal, GoalActivity, Unit
from zhibu.web.organisations.models import Organisation, Sector
from zhibu.web.records.models import Record

OF_ENTERPRISES = (Sector.SOE, Sector.NPE, Sector.SOCIAL_ORG)
BEFORE = timedelta(days=30)  # an activity may be a little older than the day on which the goal was noted
WHY = "units that the organisation covers, by name"
HEADINGS = ("党组织", "单位", "目标", "做到什么程度", "开始", "期限", "活动", "活动效果", "结果", "结束")


@action("goals.keep")
def set_(
    *, by: Scope, organisation: Organisation, title: str, starts_on: date, unit: Unit | None = None, measure: str = "",
    due_on: date | None = None,
) -> Goal:  # fmt: skip
    """A goal of an organisation of an enterprise. Raises Unfit."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    covered = covers(here, by.on)
    if here.sector not in OF_ENTERPRISES and not covered:
        raise Unfit("title", f"{here.name} 没有覆盖企业或社会组织，不用登记生产经营目标")
    if unit and unit.pk not in {one.pk for one in covered}:
        raise Unfit("unit", f"{here.name} 现在没有覆盖这个单位")
    if due_on and due_on < starts_on:
        raise Unfit("due_on", "完成期限不能早于开始日期")
    made = Goal.objects.create(
        organisation=here, unit=unit, title=title, measure=measure, starts_on=starts_on, due_on=due_on
    )
    write(
        by=by, action="goals.keep", sentence=f"登记生产经营目标：{title}", thing=made, organisation=here,
        new={"title": title, "measure": measure, "due_on": due_on}, happened_on=starts_on,
    )  # fmt: skip
    return made


@action("goals.keep")
def serve(*, by: Scope, goal: Goal, record: Record, effect: str = "") -> GoalActivity:
    """An activity on record served the goal. Raises Unfit."""
    here = _goal(by, goal)
    found = activities_to_pick(by, here).filter(pk=record.pk).first()
    if found is None:
        raise Unfit("record", "选本支部这个目标期间的一次活动，已经选过的不再选")
    made = GoalActivity.objects.create(goal=here, record=found, effect=effect)
    write(
        by=by, action="goals.keep", sentence=f"活动 {found.number} 围绕目标：{here.title}", thing=here,
        organisation=here.organisation, new={"record": found.number, "effect": effect}, happened_on=found.held_on,
    )  # fmt: skip
    return made


@action("goals.keep")
def drop(*, by: Scope, activity: GoalActivity) -> None:
    """Picked by mistake."""
    here = reached(GoalActivity.objects.within(by).select_related("goal__organisation", "record"), activity.pk)
    write(
        by=by, action="goals.keep", sentence=f"活动 {here.record.number} 不再围绕目标：{here.goal.title}",
        thing=here.goal, organisation=here.goal.organisation, old={"record": here.record.number, "effect": here.effect},
    )  # fmt: skip
    here.delete()


@action("goals.keep")
def close(*, by: Scope, goal: Goal, on: date, result: str) -> Goal:
    """The goal ends with its result in words. Raises Unfit."""
    here = _goal(by, goal)
    if not here.starts_on <= on <= by.on:
        raise Unfit("on", f"结束日期在 {here.starts_on} 和今天之间")
    here.closed_on, here.result = on, result
    here.save(update_fields=["closed_on", "result"])
    write(
        by=by, action="goals.keep", sentence=f"生产经营目标结束：{here.title}", thing=here,
        organisation=here.organisation, new={"closed_on": on, "result": result}, happened_on=on,
    )  # fmt: skip
    return here


def _goal(by: Scope, goal: Goal) -> Goal:
    here = reached(Goal.objects.within(by).select_related("organisation"), goal.pk)
    if here.closed_on:
        raise Unfit("on", f"这个目标已于 {here.closed_on} 结束")
    return here


def covers(here: Organisation, on: date) -> list[Unit]:
    """Units that an organisation covers on a day, by name: they hang on a committee above it."""
    rows = Covering.objects.unscoped(WHY).filter(held(on), party=here).select_related("unit")
    return sorted({one.unit for one in rows}, key=lambda one: one.name)


def goals(scope: Scope, state: str = "") -> QuerySet[Goal]:
    """With `many` activities; `state`: open, closed, idle (open and no activity yet)."""
    valid = GoalActivity.objects.within(scope).filter(goal=OuterRef("pk"), record__withdrawn_at=None)
    rows = Goal.objects.within(scope).select_related("organisation", "unit").annotate(served=Exists(valid))
    rows = rows.annotate(many=Count("activities"))
    if state in ("open", "idle"):
        rows = rows.filter(closed_on=None)
    if state == "idle":
        rows = rows.filter(served=False)
    if state == "closed":
        rows = rows.exclude(closed_on=None)
    return rows.order_by("organisation__path", "-starts_on", "-pk")


def activities(scope: Scope, goal: Goal) -> QuerySet[GoalActivity]:
    rows = GoalActivity.objects.within(scope).filter(goal=goal).select_related("record")
    return rows.order_by("-record__held_on", "-pk")


def activities_to_pick(scope: Scope, goal: Goal) -> QuerySet[Record]:
    """Records of the organisation since the goal that it does not have yet."""
    chosen = GoalActivity.objects.within(scope).filter(goal=goal).values("record")
    rows = Record.objects.within(scope).filter(organisation=goal.organisation_id, withdrawn_at=None)
    rows = rows.filter(held_on__gte=goal.starts_on - BEFORE, held_on__lte=goal.due_on or scope.on)
    return rows.exclude(pk__in=chosen).order_by("-held_on", "-pk")


@action("coverage.export")
def export(*, by: Scope, state: str, unit: str) -> bytes:
    """The list with each goal's activities, as a workbook."""
    found = list(goals(by, state)[:20_000])
    served: dict[int, list[GoalActivity]] = {}
    rows = GoalActivity.objects.within(by).filter(goal__in=[one.pk for one in found]).select_related("record")
    for one in rows.order_by("record__held_on"):
        served.setdefault(one.goal_id, []).append(one)
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="coverage.export", sentence=f"导出生产经营目标 {unit} {len(found)} 个", thing=place or Goal(),
        organisation=place, new={"rows": len(found)},
    )  # fmt: skip
    table = [_cells(one, served.get(one.pk, [])) for one in found]
    about = f"单位：{unit}；截至 {by.on.isoformat()}"
    return sheets.workbook(
        sheets.Sheet(f"{unit}生产经营目标", about, HEADINGS, table, (26, 24, 26, 26, 12, 12, 26, 26, 26, 12))
    )


def _cells(one: Goal, served: list[GoalActivity]) -> list[sheets.Cell]:
    what = "；".join(f"{row.record.held_on} {row.record.topic or row.record.types_words}" for row in served)
    return [
        one.organisation.name, one.unit.name if one.unit else "", one.title, one.measure, one.starts_on.isoformat(),
        one.due_on.isoformat() if one.due_on else "", what, "；".join(row.effect for row in served if row.effect),
        one.result, one.closed_on.isoformat() if one.closed_on else "",
    ]  # fmt: skip
