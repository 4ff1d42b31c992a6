"""A concern on its way: taken in, assigned, handled, replied, rated. Only the side whose turn it is does a step."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.concerns import queries
from zhibu.web.concerns.models import Concern, ConcernKind, ConcernStep
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

State, What = Concern.State, ConcernStep.What
OTHERS = "这一步由正在办理的党组织或受理的党组织做"
WORDS = {State.TAKEN: "没有交办", State.ASSIGNED: "还在办理", State.HANDLED: "还没有答复", State.REPLIED: "已经答复",
         State.CLOSED: "已经办结", State.WITHDRAWN: "已经撤回"}  # fmt: skip


@action("concerns.keep")
def take_in(
    *,
    by: Scope,
    source: str,
    what: str,
    kind: ConcernKind | None,
    due_on: date | None,
    taken_on: date,
    contact: str = "",
) -> Concern:
    """At the own organisation. The reply is due by `due_on`, else by the days of the kind. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if taken_on > by.on:
        raise Unfit("taken_on", f"受理日期不能晚于今天（{by.on}）")
    due = due_on or (taken_on + timedelta(days=kind.days) if kind else None)
    if due is None or due < taken_on:
        raise Unfit("due_on", "答复期限不早于受理日期；选了有时限的类别可以不写")
    made = Concern(organisation=own, handler=own, source=source, what=what, kind=kind, taken_on=taken_on, due_on=due)
    made.contact = contact
    made.save()
    _step(by, made, own, What.TAKEN, taken_on, f"受理反映事项：{what}", new={"source": source, "due_on": due})
    return made


@action("concerns.keep")
def assign(*, by: Scope, concern: Concern, to: Organisation, person: str = "", text: str = "") -> Concern:
    """To an organisation within reach, or up to the own superior; by the one that has it now. Raises Unfit."""
    here = _at(by, concern, "to", State.TAKEN, State.ASSIGNED)
    own = _own(here, by, handler=True)
    if not queries.may_go_to(by, here).filter(pk=to.pk).exists():
        raise Unfit("to", "交给本级管理范围内的党组织，或者报上级党组织")
    here.handler, here.person, here.state = to, person, State.ASSIGNED
    here.save(update_fields=["handler", "person", "state"])
    _step(by, here, own, What.ASSIGNED, by.on, f"交办反映事项给{to.name}：{here.what}", to=to, text=text)
    return here


@action("concerns.keep")
def handle(*, by: Scope, concern: Concern, on: date, outcome: str, text: str) -> Concern:
    """What came of it. Raises Unfit."""
    here = _at(by, concern, "on", State.TAKEN, State.ASSIGNED)
    own = _own(here, by, handler=True)
    _between("on", here.taken_on, on, by.on)
    here.outcome, here.handled_on, here.state = Concern.Outcome(outcome), on, State.HANDLED
    here.save(update_fields=["outcome", "handled_on", "state"])
    sentence = f"反映事项{here.get_outcome_display()}：{here.what}"
    _step(by, here, own, What.HANDLED, on, sentence, text=text, new={"outcome": outcome})
    return here


@action("concerns.keep")
def reply(*, by: Scope, concern: Concern, on: date, text: str) -> Concern:
    """Whoever raised it was told, by either side. Raises Unfit."""
    here = _at(by, concern, "on", State.HANDLED)
    _between("on", here.handled_on or here.taken_on, on, by.on)
    here.replied_on, here.state = on, State.REPLIED
    here.save(update_fields=["replied_on", "state"])
    _step(by, here, _own(here, by), What.REPLIED, on, f"答复反映事项：{here.what}", text=text)
    return here


@action("concerns.keep")
def redo(*, by: Scope, concern: Concern, due_on: date, text: str) -> Concern:
    """Back to the one that handled it, with a reason and a new day. Raises Unfit."""
    here = _at(by, concern, "text", State.HANDLED, State.REPLIED)
    own = _own(here, by, taker=True)
    if due_on < by.on:
        raise Unfit("due_on", f"新的答复期限不能早于今天（{by.on}）")
    old = {"due_on": here.due_on, "outcome": here.outcome}
    here.due_on, here.outcome, here.handled_on, here.replied_on = due_on, "", None, None
    here.state = State.ASSIGNED
    here.save(update_fields=["due_on", "outcome", "handled_on", "replied_on", "state"])
    sentence = f"反映事项退回重办：{here.what}"
    _step(by, here, own, What.REDO, by.on, sentence, to=here.handler, text=text, old=old, new={"due_on": due_on})
    return here


@action("concerns.keep")
def rate(*, by: Scope, concern: Concern, rating: str) -> Concern:
    """What whoever raised it says of the handling, as the taker was told; closes it. The contact is erased."""
    here = _at(by, concern, "rating", State.REPLIED)
    own = _own(here, by, taker=True)
    here.rating = Concern.Rating(rating)
    _close(here, State.CLOSED, by.on)
    _step(by, here, own, What.RATED, by.on, f"反映事项办结：{here.what}", new={"rating": rating})
    return here


@action("concerns.keep")
def withdraw(*, by: Scope, concern: Concern, text: str) -> Concern:
    """Taken in by mistake. The contact is erased."""
    here = _at(by, concern, "text", State.TAKEN, State.ASSIGNED, State.HANDLED, State.REPLIED)
    own = _own(here, by, taker=True)
    _close(here, State.WITHDRAWN, by.on)
    _step(by, here, own, What.WITHDRAWN, by.on, f"撤回反映事项：{here.what}", text=text)
    return here


def _close(here: Concern, state: str, on: date) -> None:
    here.state, here.closed_on, here.contact = state, on, ""
    here.save(update_fields=["state", "closed_on", "rating", "contact_sealed"])


def _at(by: Scope, concern: Concern, field: str, *states: str) -> Concern:
    here = reached(queries.mine(by).select_for_update(of=("self",)), concern.pk, OTHERS)
    if here.state not in states:
        raise Unfit(field, f"这件事{WORDS[State(here.state)]}，不能做这一步")
    return here


def _own(here: Concern, by: Scope, *, handler: bool = False, taker: bool = False) -> Organisation:
    """The side that acts. Raises Unfit when the step is the other's."""
    if here.handler_id == by.organisation_id and not taker:
        return here.handler
    if here.organisation_id == by.organisation_id and not handler:
        return here.organisation
    raise Unfit("", f"这一步由{here.handler.name if handler else here.organisation.name}做")


def _between(field: str, first: date, on: date, last: date) -> None:
    if not first <= on <= last:
        raise Unfit(field, f"日期在 {first} 和今天（{last}）之间")


def _step(
    by: Scope, here: Concern, own: Organisation, what: str, on: date, sentence: str, *, to: Organisation | None = None,
    text: str = "", old: dict | None = None, new: dict | None = None,
) -> None:  # fmt: skip
    ConcernStep.objects.create(concern=here, organisation=own, to=to, what=what, on=on, recorded_on=by.on, text=text)
    write(
        by=by, action="concerns.keep", sentence=sentence, thing=here, organisation=own, old=old,
        new={**(new or {}), **({"to": to.code} if to else {})} or None, happened_on=on,
    )  # fmt: skip
