"""A plan is begun, filled, filed with the superior, who accepts or returns it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans import words
from zhibu.web.plans.models import CycleTheme, Plan, PlanItem
from zhibu.web.plans.queries import plans as queries
from zhibu.web.plans.queries import themes
from zhibu.web.records.models import Record

ELSEWHERE = "只能改本组织的计划"
COPIED = ("month", "day", "types", "topic", "content", "place", "owner", "speaker", "note")
FIELDS = (*COPIED, "theme")
MOST = 53  # sessions of one rota: a year of weeks


@action("plans.keep")
def begin(*, by: Scope, year: int, start: str) -> Plan:
    """`start`: `blank`, `last` (copy last year's items) or the id of a template. Raises Unfit: there is one."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if Plan.objects.within(by).filter(organisation=own, year=year).exists():
        raise Unfit("year", f"{year} 年的计划已经有了，打开它接着改")
    items = _start(by, own, year, start)
    made = Plan.objects.create(organisation=own, year=year, fixed_day=_last_fixed(by, own, year))
    PlanItem.objects.bulk_create([PlanItem(plan=made, **one) for one in items])
    _write(by, made, f"做 {year} 年计划，{len(items)} 项", new={"items": len(items)})
    return made


@action("plans.keep")
def describe(*, by: Scope, plan: Plan, fixed_day: int | None, rule: str, method: str, checks: str) -> Plan:
    """The fixed day and the three of a study plan."""
    kept = _own(by, plan)
    new = {"fixed_day": fixed_day, "rule": rule, "method": method, "checks": checks}
    old = {name: getattr(kept, name) for name in new}
    for name, value in new.items():
        setattr(kept, name, value)
    _changed(by, kept)
    _write(by, kept, f"修改 {kept.year} 年计划的制度、方法、督查", old=old, new=new)
    return kept


@action("plans.keep")
def put(*, by: Scope, plan: Plan, item: PlanItem | None, facts: Mapping[str, Any]) -> PlanItem:
    """A new item or another wording of one. Raises Unfit for a theme that does not bind the organisation."""
    kept = _own(by, plan)
    told = {name: facts.get(name) for name in FIELDS}
    _theme(kept, told["theme"])
    one = _item(by, kept, item) if item else PlanItem(plan=kept)
    old = {name: _plain(getattr(one, name)) for name in FIELDS} if item else None
    for name, value in told.items():
        setattr(one, name, value)
    one.save()
    _changed(by, kept)
    new = {name: _plain(value) for name, value in told.items()}
    _write(by, kept, f"{'修改' if item else '增加'}计划事项：{one.month} 月 {one}", old=old, new=new)
    return one


@action("plans.keep")
def rota(*, by: Scope, plan: Plan, facts: Mapping[str, Any]) -> list[PlanItem]:
    """周讲、夜学: a session every so many days, speakers in turn. Raises Unfit outside the year."""
    kept, first, speakers = _own(by, plan), facts["first"], facts["speakers"]
    every, times = facts["every"], facts["times"]
    last = first + timedelta(days=every * (times - 1))
    if first.year != kept.year or last.year != kept.year:
        raise Unfit("times", f"最后一次在 {last}，不在 {kept.year} 年；少排几次，余下的排进下一年")
    if times > MOST:
        raise Unfit("times", f"一次最多排 {MOST} 次")
    told = {name: facts.get(name) or "" for name in ("topic", "place", "content")}
    made = PlanItem.objects.bulk_create(
        PlanItem(
            plan=kept, month=day.month, day=day.day, types=facts["types"], **told,
            speaker=speakers[number % len(speakers)] if speakers else "",
        )
        for number, day in enumerate(first + timedelta(days=every * one) for one in range(times))
    )  # fmt: skip
    _changed(by, kept)
    _write(by, kept, f"排 {kept.year} 年轮讲，{times} 次", new={"items": times, "first": first, "last": last})
    return made


@action("plans.keep")
def drop(*, by: Scope, plan: Plan, item: PlanItem) -> None:
    kept = _own(by, plan)
    one = _item(by, kept, item)
    _changed(by, kept)
    old = {name: _plain(getattr(one, name)) for name in FIELDS}
    _write(by, kept, f"去掉计划事项：{one.month} 月 {one}", old=old)
    one.delete()


@action("plans.keep")
def link(*, by: Scope, plan: Plan, item: PlanItem, record: Record | None) -> PlanItem:
    """Say by hand which record did an item; None: leave it to the first of its type in its month."""
    kept = _own(by, plan)
    one = _item(by, kept, item)
    chosen = reached(queries.linkable(by, one), record.pk, "不是本组织这一年的活动记录") if record else None
    one.record = chosen
    one.save(update_fields=["record"])
    _write(by, kept, f"计划事项 {one.month} 月 {one} 连活动记录", new={"record": chosen.number if chosen else ""})
    return one


@action("plans.keep")
def file(*, by: Scope, plan: Plan) -> Plan:
    """Send it to the superior. Raises Unfit when it has no items or waits already."""
    kept = _own(by, plan)
    if kept.state in (Plan.State.FILED, Plan.State.ACCEPTED) and not kept.changed_on:
        raise Unfit("plan", f"{kept.filed_on} 已经报送，没有改过")
    if not PlanItem.objects.within(by).filter(plan=kept).exists():
        raise Unfit("plan", "计划里还没有事项，先加一项")
    kept.state, kept.filed_on, kept.answered_on, kept.answer, kept.changed_on = Plan.State.FILED, by.on, None, "", None
    kept.save()
    _write(by, kept, f"报送 {kept.year} 年计划")
    return kept


@action("plans.keep")
def recall(*, by: Scope, plan: Plan) -> Plan:
    """Take a filed plan back before the superior has answered. Raises Unfit."""
    kept = _own(by, plan)
    if kept.state != Plan.State.FILED:
        raise Unfit("plan", "上级已经答复，不能收回；改了以后再报送")
    kept.state, kept.filed_on = Plan.State.DRAFT, None
    kept.save()
    _write(by, kept, f"收回报送的 {kept.year} 年计划")
    return kept


@action("plans.answer")
def answer(*, by: Scope, plan: Plan, accept: bool, text: str) -> Plan:
    """The superior accepts, or returns with a reason. Raises Unfit: nothing waits, no reason."""
    rows = Plan.objects.within(by).exclude(organisation=by.organisation_id).select_for_update(of=("self",))
    kept = reached(rows.select_related("organisation"), plan.pk, "本级的计划由上级接收")
    if kept.state != Plan.State.FILED:
        raise Unfit("text", f"这份计划现在是“{kept.get_state_display()}”，没有等着接收")
    if not accept and not text.strip():
        raise Unfit("text", "退回要写一句：哪里要改，怎样才对")
    kept.state = Plan.State.ACCEPTED if accept else Plan.State.RETURNED
    kept.answered_on, kept.answer = by.on, text
    kept.save()
    sentence = f"{'接收' if accept else '退回'}{kept.organisation.name} {kept.year} 年计划"
    write(
        by=by, action="plans.answer", sentence=sentence, thing=kept, organisation=kept.organisation,
        new={"answer": text}, happened_on=by.on,
    )  # fmt: skip
    return kept


def _start(by: Scope, own: Organisation, year: int, start: str) -> list[dict[str, Any]]:
    if start == "last":
        rows = PlanItem.objects.within(by).filter(plan__organisation=own, plan__year=year - 1)
        if not rows.exists():
            raise Unfit("start", f"{year - 1} 年没有计划可抄，选模板或从空白开始")
        return [{name: getattr(one, name) for name in COPIED} for one in rows]
    if start == "blank":
        return []
    chosen = next((one for one in words.templates_for(own.kind, own.sector) if one["id"] == start), None)
    if chosen is None:
        raise Unfit("start", "没有这个模板，重新选一个")
    return [
        {"month": month, "types": [kind]} for month in range(1, 13)
        for kind, months in chosen["months"].items() if month in months
    ]  # fmt: skip


def _last_fixed(by: Scope, own: Organisation, year: int) -> int | None:
    last = Plan.objects.within(by).filter(organisation=own, year__lt=year).order_by("-year").first()
    return last.fixed_day if last else None


def _theme(plan: Plan, theme: CycleTheme | None) -> None:
    if theme and not themes.of_year(plan.organisation, plan.year).filter(pk=theme.pk).exists():
        raise Unfit("theme", "这个主题不在本组织今年的主题目录里")


def _own(by: Scope, plan: Plan) -> Plan:
    rows = Plan.objects.within(by).filter(organisation=by.organisation_id).select_for_update(of=("self",))
    return reached(rows.select_related("organisation"), plan.pk, ELSEWHERE)


def _item(by: Scope, plan: Plan, item: PlanItem) -> PlanItem:
    return reached(PlanItem.objects.within(by).filter(plan=plan).select_related("theme", "plan"), item.pk, ELSEWHERE)


def _changed(by: Scope, plan: Plan) -> None:
    """After filing a change is seen by the superior, and may be filed again."""
    if plan.state in (Plan.State.FILED, Plan.State.ACCEPTED):
        plan.changed_on = by.on
    plan.save()


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, CycleTheme) else value


def _write(by: Scope, plan: Plan, sentence: str, **values: dict[str, Any] | None) -> None:
    write(
        by=by, action="plans.keep", sentence=sentence, thing=plan, organisation=plan.organisation, happened_on=by.on,
        **values,
    )  # fmt: skip
