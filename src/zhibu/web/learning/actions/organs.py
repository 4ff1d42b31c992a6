"""A learning-organ programme is set up whole, its steps are done, the superior accepts it or gives it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.learning.models import LearningOrgan, OrganStep
from zhibu.web.organisations.models import Organisation


@action("learning.organs")
def set_up(*, by: Scope, fields: Mapping[str, Any], steps: Sequence[tuple[str, date]]) -> LearningOrgan:
    """For the own organisation, with its steps. Raises Unfit: days, no step, one under way."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if fields["due_on"] < fields["starts_on"]:
        raise Unfit("due_on", "创建期限不能早于开始日期")
    if not steps:
        raise Unfit("steps", "至少写一个步骤和期限，一行一个，如：制定学习计划 2026-12-31")
    if LearningOrgan.objects.within(by).filter(organisation=own, accepted_on=None).exists():
        raise Unfit("goal", "本单位已有一个没有验收的创建方案")
    if LearningOrgan.objects.within(by).filter(organisation=own, starts_on=fields["starts_on"]).exists():
        raise Unfit("starts_on", "这一天已登记过一个方案，换一个开始日期")
    made = LearningOrgan.objects.create(organisation=own, **fields)
    for what, due_on in steps:
        OrganStep.objects.create(programme=made, what=what, due_on=due_on)
    _write(
        by, "learning.organs", f"创建学习型机关，{len(steps)} 个步骤", made, {"due_on": made.due_on, "body": made.body}
    )
    return made


@action("learning.organs")
def finish(*, by: Scope, step: OrganStep, done_on: date, result: str) -> None:
    """Raises Unfit: a day to come; the programme waits for acceptance or has it."""
    kept = reached(OrganStep.objects.within(by).select_related("programme__organisation"), step.pk)
    _own(by, kept.programme)
    if done_on > by.on:
        raise Unfit("done_on", "完成日期不能晚于今天")
    kept.done_on, kept.result = done_on, result
    kept.save(update_fields=["done_on", "result"])
    _write(by, "learning.organs", f"学习型机关：{kept.what} 已做", kept.programme, {"done_on": done_on})


@action("learning.organs")
def apply(*, by: Scope, programme: LearningOrgan) -> None:
    """Ask the superior to accept. Raises Unfit while a step is open."""
    kept = _own(by, programme)
    if left := kept.steps.unscoped("of the programme in hand").filter(done_on=None).first():
        raise Unfit("goal", f"“{left.what}”还没有做，做完再申请验收")
    kept.applied_on = by.on
    kept.save(update_fields=["applied_on"])
    _write(by, "learning.organs", "申请验收学习型机关", kept, {})


@action("learning.accept")
def decide(*, by: Scope, programme: LearningOrgan, accepted: bool, opinion: str) -> None:
    """By a superior, never by the organisation itself. A return says what is missing. Raises Unfit, NotAllowed."""
    rows = LearningOrgan.objects.within(by).select_for_update(of=("self",)).select_related("organisation")
    kept = reached(rows, programme.pk)
    if kept.applied_on is None or kept.accepted_on:
        raise Unfit("opinion", "没有申请验收，或者已经验收")
    kept.opinion = opinion
    if accepted:
        kept.accepted_on = by.on
    else:
        kept.applied_on = None
    kept.save(update_fields=["opinion", "accepted_on", "applied_on"])
    word = "验收通过" if accepted else "退回"
    _write(by, "learning.accept", f"{word}学习型机关：{kept.organisation.name}", kept, {"opinion": opinion})


def _own(by: Scope, programme: LearningOrgan) -> LearningOrgan:
    rows = LearningOrgan.objects.within(by).filter(organisation=by.organisation_id)
    kept = reached(
        rows.select_for_update(of=("self",)).select_related("organisation"), programme.pk, "由本单位自己登记"
    )
    if kept.applied_on:
        raise Unfit("done_on", "已申请验收，等上级意见")
    return kept


def _write(by: Scope, name: str, sentence: str, one: LearningOrgan, new: dict[str, Any]) -> None:
    write(by=by, action=name, sentence=sentence, thing=one, organisation=one.organisation, new=new, happened_on=by.on)
