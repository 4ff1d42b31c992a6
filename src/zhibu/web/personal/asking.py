"""A person asks for their data to be put right, restricted or deleted, and may take it back before it is answered."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed, action, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.members.about_me import own_row
from zhibu.web.organisations.models import Organisation
from zhibu.web.personal.configuration import answer_by
from zhibu.web.personal.models import Request

MOST = 5  # open requests of one person


@action("me.ask")
def ask(*, by: Scope, kind: str, text: str, wanted: Mapping[str, str] | None = None) -> Request:
    """To the branch of the person's own row, else to the organisation of the present post. Raises ValidationError."""
    User.objects.select_for_update().get(pk=by.user_id)  # two at once are counted one after another
    own = Request.objects.unscoped("a person's own requests").filter(user_id=by.user_id)
    if own.filter(state=Request.State.ASKED).count() >= MOST:
        raise ValidationError(f"有 {MOST} 件还没有答复，等答复以后再提，或者撤回其中一件")
    member, today = own_row(by.user_id), clock.today()
    here = member.organisation if member else _place(by)
    if kind == Request.Kind.CORRECT and wanted and member is None:
        raise ValidationError("这个账号没有和党员名册对上，用文字说明要更正什么")
    asked = Request(
        organisation=here, user_id=by.user_id, member=member, kind=kind, text=text, asked_on=today,
        due_on=answer_by(today),
    )  # fmt: skip
    asked.wanted = dict(wanted or {})
    asked.save()
    _write(by, asked, "me.ask", f"请求{asked.get_kind_display()}本人资料")
    return asked


@action("me.ask")
def take_back(*, by: Scope, request: Request) -> None:
    """Raises NotAllowed when it is another person's, or answered."""
    rows = Request.objects.unscoped("a person's own requests").filter(pk=request.pk, user_id=by.user_id)
    if not rows.filter(state=Request.State.ASKED).update(state=Request.State.TAKEN_BACK, answered_at=clock.now()):
        raise NotAllowed("已经答复，不能撤回")
    _write(by, request, "me.ask", "撤回本人资料的请求")


def _place(by: Scope) -> Organisation:
    return Organisation.objects.unscoped("the organisation of the present post").get(pk=by.organisation_id)


def _write(by: Scope, asked: Request, name: str, sentence: str) -> None:
    """What is wanted is not written: it may hold numbers, and the log keeps what it has."""
    write(by=by, action=name, sentence=sentence, thing=asked, organisation=asked.organisation, new={"kind": asked.kind})
