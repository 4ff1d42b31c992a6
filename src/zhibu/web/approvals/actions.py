"""Ask, decide, take. Each step happens once: the state is changed by a statement that only the first one satisfies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from zhibu.web.approvals.kinds import kind_of
from zhibu.web.approvals.models import Approval, State
from zhibu.web.audit.actions import NotAllowed, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation


@action("approvals.ask")
def ask(
    *, by: Scope, action: str, sentence: str, reason: str, organisation: Organisation, payload: dict[str, Any]
) -> Approval:
    """A request for `action`, which the asker's post may do and whose kind is registered. Raises NotAllowed."""
    kind, now = kind_of(action), clock.now()
    if not by.may_at(action, organisation.path):
        raise NotAllowed(f"“{by.title}”在那里不能申请{kind.word}")
    asked = Approval.objects.create(
        organisation=organisation, action=action, sentence=sentence[:300], payload=payload, reason=reason[:300],
        asked_by_id=by.user_id, asked_post=by.post_id, asked_title=by.title, asked_at=now,
        expires_at=now + timedelta(days=kind.days),
    )  # fmt: skip
    _write(by, asked, "approvals.ask", f"申请{kind.word}：{sentence}", {"reason": reason, "kind": action})
    return asked


@action("approvals.decide")
def decide(*, by: Scope, approval: Approval, approve: bool, answer: str = "") -> Approval:
    """Approve or refuse. Raises NotAllowed: not in reach, not this post's to decide, the asker themselves by whatever
    post, or somebody was first."""
    here = reached(Approval.objects.within(by).select_related("organisation"), approval.pk)
    if reason := why_not(by, here):
        raise NotAllowed(reason)
    now = clock.now()
    changes = {
        "state": State.APPROVED if approve else State.REFUSED, "answer": answer[:300], "decided_at": now,
        "decided_by_id": by.user_id, "decided_post": by.post_id, "decided_title": by.title,
    }  # fmt: skip
    if approve:
        changes["expires_at"] = now + timedelta(days=here.kind.days)
    _once(here, State.ASKED, changes, "已经有人作了决定")
    word = "批准" if approve else "不批准"
    _write(by, here, "approvals.decide", f"{word}{here.asked_title}的申请：{here.sentence}", {"answer": answer})
    return here


def why_not(by: Scope, approval: Approval) -> str:
    """Why this person can't decide, as a sentence; empty when they can. The post counts too: who stands in for the
    asker must not wave the asker's request through, nor a person their own by another post or account of that post."""
    if approval.asked_by_id == by.user_id or approval.asked_post == by.post_id:
        return "自己提的申请要由另一个人批准"
    if not by.may_at(approval.kind.decided_by, approval.organisation.path):
        return f"“{by.title}”不能批准{approval.kind.word}"
    if approval.state != State.ASKED:
        return "已经有人作了决定"
    return "已过期，要办请重新申请" if approval.expired else ""


def take(*, by: Scope, approval: Approval, action: str) -> dict[str, Any]:
    """Use the approval, once: the payload that was approved. Call it inside the act's own `@action`.

    The same person by the same post, whose rights are looked at again now. Raises NotAllowed.
    """
    here = Approval.objects.within(by).select_related("organisation").filter(pk=approval.pk).first()
    if here is None or here.asked_by_id != by.user_id or here.asked_post != by.post_id:
        raise NotAllowed("只有申请人本人、以申请时的职务、在本级管理范围内才能使用这份批准")
    if here.action != action or not by.may_at(action, here.organisation.path):
        raise NotAllowed(f"“{by.title}”现在不能{here.kind.word}")
    if here.expired:
        raise NotAllowed("批准已过期，要办请重新申请")
    _once(here, State.APPROVED, {"state": State.USED, "used_at": clock.now()}, _unusable(here))
    _write(by, here, "approvals.take", f"使用批准：{here.sentence}", {"decided_by": here.decided_title})
    return here.payload


def _unusable(here: Approval) -> str:
    return {State.ASKED: "还没有批准", State.REFUSED: "没有批准"}.get(State(here.state), "已经使用过一次")


def _once(here: Approval, state: State, changes: dict[str, Any], late: str) -> None:
    """Exactly one of many gets through: whoever comes second changes no row."""
    rows = Approval.objects.unscoped("checked above").filter(pk=here.pk, state=state, expires_at__gt=clock.now())
    if rows.update(**changes) != 1:
        raise NotAllowed(late)
    here.refresh_from_db(from_queryset=Approval.objects.unscoped("the row just changed"))


def _write(by: Scope, here: Approval, name: str, sentence: str, new: dict[str, Any]) -> models.Model:
    return write(by=by, action=name, sentence=sentence, thing=here, organisation=here.organisation, new=new)
