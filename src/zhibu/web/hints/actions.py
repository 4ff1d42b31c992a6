"""A branch answers a question or takes its answer back; an office says what everybody quotes and what is long after."""

from __future__ import annotations

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.hints import queries
from zhibu.web.hints.models import Hint, LateBound, Reference
from zhibu.web.organisations.models import Organisation

MOST_DAYS = 366
LONGEST = 200_000
ELSEWHERE = "只能答复问本组织的提示"


@action("hints.answer")
def answer(*, by: Scope, hint: Hint, answer: str, sentence: str = "") -> Hint:
    """The branch's own word; it closes the hint. Raises Unfit, NotAllowed."""
    one = _own(by, hint)
    if one.answered_on:
        raise Unfit("answer", f"{one.answered_on} 已经答复。要改，先撤回答复")
    if answer not in Hint.Answer.values:
        raise Unfit("answer", "选一项答复")
    if answer == Hint.Answer.OTHER and not sentence:
        raise Unfit("sentence", "写一句是怎么回事")
    return _answered(by, one, f"答复提示：{one.record.number}", answer=answer, sentence=sentence, answered_on=by.on)


@action("hints.answer")
def take_back(*, by: Scope, hint: Hint) -> Hint:
    """The answer goes, the question is open again. Raises Unfit, NotAllowed."""
    one = _own(by, hint)
    if not one.answered_on:
        raise Unfit("answer", "还没有答复，不用撤回")
    return _answered(by, one, f"撤回对提示的答复：{one.record.number}", answer="", sentence="", answered_on=None)


@action("hints.set")
def set_days(*, by: Scope, days: int | None) -> None:
    """Ask about entries more than so many days after, at the own body and below; None: by the rules' own days."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Unfit("days", f"天数在 1 和 {MOST_DAYS} 之间")
    rows, old = LateBound.objects.within(by).filter(organisation=own), queries.bound(by)
    if days is None:
        rows.delete()
    else:
        LateBound.objects.unscoped("of the own organisation").update_or_create(
            organisation=own, defaults={"days": days}
        )
    says = f"活动后超过 {days} 天录入的，问一句" if days else "录入提示按规则给的天数"
    write(by=by, action="hints.set", sentence=says, thing=None, organisation=own, old={"days": old}, new={"days": days})


@action("hints.set")
def add_reference(*, by: Scope, title: str, text: str) -> Reference:
    """A text whose quotation is no copying, from the next night on."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    made = Reference.objects.create(organisation=own, title=title, text=text[:LONGEST], added_on=by.on)
    new = {"title": title, "letters": len(text)}
    write(by=by, action="hints.set", sentence=f"添加引用文本：{title}", thing=made, organisation=own, new=new)
    return made


@action("hints.set")
def drop_reference(*, by: Scope, reference: Reference) -> None:
    one = reached(queries.references(by).select_related("organisation"), reference.pk, "只能移除本级的引用文本")
    old = {"title": one.title, "letters": len(one.text)}
    write(
        by=by,
        action="hints.set",
        sentence=f"移除引用文本：{one.title}",
        thing=one,
        organisation=one.organisation,
        old=old,
    )
    one.delete()


def _own(by: Scope, hint: Hint) -> Hint:
    rows = queries.hints(by).filter(record__organisation=by.organisation_id)
    return reached(rows.select_for_update(of=("self",)), hint.pk, ELSEWHERE)


def _answered(by: Scope, one: Hint, says: str, **values: object) -> Hint:
    old = {name: getattr(one, name) for name in values}
    for name, value in values.items():
        setattr(one, name, value)
    one.save(update_fields=list(values))
    write(
        by=by, action="hints.answer", sentence=says, thing=one, organisation=one.record.organisation,
        happened_on=one.record.held_on, old=old, new=dict(values),
    )  # fmt: skip
    return one
