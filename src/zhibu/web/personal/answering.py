"""The branch or the committee answers: does what was asked, or refuses with its reason. Each request once."""

from __future__ import annotations

from zhibu.web.audit.actions import NotAllowed, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.members.correcting import correct
from zhibu.web.members.models import Member
from zhibu.web.personal import standings
from zhibu.web.personal.models import Request

KINDS, STATES = Request.Kind, Request.State
# What the one who answers must be able to do besides.
NEEDS = {KINDS.CORRECT: "members.correct", KINDS.RESTRICT: "members.restrict", KINDS.DELETE: "members.restrict"}


@action("requests.answer")
def accept(*, by: Scope, request: Request, reason: str = "") -> Request:
    """Do it, in the same transaction. Raises NotAllowed."""
    here = _open(by, request)
    if reason_not := why_not_accept(by, here):
        raise NotAllowed(reason_not)
    if here.member is not None:
        _do(by, here, here.member)
    return _close(by, here, STATES.ACCEPTED, reason, "")


@action("requests.answer")
def refuse(*, by: Scope, request: Request, template: str, reason: str) -> Request:
    """`template`: a key of the texts of refusals; `reason`: what the person will read. Raises NotAllowed."""
    if not reason.strip():
        raise NotAllowed("写明理由（个人信息保护法第五十条）")
    return _close(by, _open(by, request), STATES.REFUSED, reason, template)


def why_not_accept(by: Scope, request: Request) -> str:
    """Why this post can't do what is asked, as a sentence; empty when it can."""
    if request.member is None and request.kind != KINDS.CORRECT:
        return "这个账号没有对应的党员；停用账号请上级党委办理，办完后在答复里写明"
    needed = NEEDS[KINDS(request.kind)]
    if request.member and not by.may_at(needed, request.organisation.path):
        return f"“{by.title}”不能{request.get_kind_display()}党员资料，由上级党委办理；不同意的可以直接答复"
    return standings.why_not(request.member) if request.member and needed == "members.restrict" else ""


def why_not_answer(by: Scope, request: Request) -> str:
    """Why this person can't answer at all; empty when they can."""
    if request.user_id == by.user_id:
        return "自己提的请求由另一个人答复，上级党委也可以答复"
    return "" if request.state == STATES.ASKED else "已经答复"


def _do(by: Scope, here: Request, member: Member) -> None:
    if here.kind == KINDS.CORRECT and here.wanted:
        correct(by=by, member=member, values=here.wanted, why="本人请求")
    elif here.kind == KINDS.RESTRICT:
        standings.restrict(by=by, member=member, request=here)
    elif here.kind == KINDS.DELETE:
        standings.erase(by=by, member=member, request=here)


def _open(by: Scope, request: Request) -> Request:
    here = reached(Request.objects.within(by).select_related("organisation", "member__organisation"), request.pk)
    if reason := why_not_answer(by, here):
        raise NotAllowed(reason)
    return here


def _close(by: Scope, here: Request, state: Request.State, reason: str, template: str) -> Request:
    """Whoever comes second changes no row."""
    rows = Request.objects.unscoped("looked up within the scope").filter(pk=here.pk, state=STATES.ASKED)
    changes = {
        "state": state, "reason": reason[:1000], "template": template, "answered_by_id": by.user_id,
        "answered_title": by.title, "answered_at": clock.now(),
    }  # fmt: skip
    if not rows.update(**changes):
        raise NotAllowed("已经答复")
    write(
        by=by, action="requests.answer", sentence=f"答复本人请求（{here.get_kind_display()}）：{state.label}",
        thing=here, organisation=here.organisation, new={"state": str(state), "template": template},
    )  # fmt: skip
    return Request.objects.unscoped("the row just changed").get(pk=here.pk)
