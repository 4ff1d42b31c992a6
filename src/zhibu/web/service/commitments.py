"""承诺践诺 (M299): made, fulfilled with a sentence, confirmed by somebody else; withdrawn with a reason."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members.about_me import own_row
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.service import queries
from zhibu.web.service.models import Commitment

NOT_ON_ROSTER = "这个账号没有和名册里的党员对上，请联系支部"


def myself(by: Scope) -> Member:
    """The row of who acts. Raises NotAllowed."""
    if (member := own_row(by.user_id)) is None or member.left_on:
        raise NotAllowed(NOT_ON_ROSTER)
    return member


@action("service.keep")
def make(*, by: Scope, text: str, due_on: date, public: bool, member: Member | None = None) -> Commitment:
    """Of a member of the own organisation, or of the organisation itself. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if member is not None:
        member = reached(queries.roster(by), member.pk, "只能登记本党组织的党员")
    return _make(by, "service.keep", own, member, text, due_on, public)


@action("me.serve")
def make_own(*, by: Scope, text: str, due_on: date, public: bool) -> Commitment:
    """Of oneself, whatever the post. Raises Unfit."""
    member = myself(by)
    return _make(by, "me.serve", member.organisation, member, text, due_on, public)


@action("service.keep")
def fulfil(*, by: Scope, commitment: Commitment, on: date, text: str) -> Commitment:
    return _fulfil(by, "service.keep", _open(_of_own(by), commitment), on, text)


@action("me.serve")
def fulfil_own(*, by: Scope, commitment: Commitment, on: date, text: str) -> Commitment:
    return _fulfil(by, "me.serve", _open(mine(myself(by)), commitment), on, text)


@action("service.confirm")
def confirm(*, by: Scope, commitment: Commitment) -> Commitment:
    """By somebody other than who made it and who said that it was done. Raises Unfit."""
    rows = Commitment.objects.within(by).select_for_update(of=("self",)).select_related("organisation", "member")
    here = reached(rows.filter(withdrawn_on=None), commitment.pk)
    if here.fulfilled_on is None or here.confirmed_on:
        raise Unfit("", "还没有写怎么做到的" if here.fulfilled_on is None else "已经确认过了")
    if by.user_id in (here.fulfilled_by_id, here.member.user_id if here.member else None):
        raise Unfit("", "自己承诺、自己填写的，由另一个人确认")
    here.confirmed_on, here.confirmed_by_id = by.on, by.user_id or None
    here.save(update_fields=["confirmed_on", "confirmed_by"])
    _write(by, "service.confirm", f"确认践诺：{here.text}", here, new={"confirmed_on": by.on})
    return here


@action("service.confirm")
def give_back(*, by: Scope, commitment: Commitment, reason: str) -> Commitment:
    """Not done as it was said: it is open again. Raises Unfit."""
    rows = Commitment.objects.within(by).select_for_update(of=("self",)).select_related("organisation", "member")
    here = reached(rows.filter(withdrawn_on=None), commitment.pk)
    if here.fulfilled_on is None:
        raise Unfit("reason", "还没有写怎么做到的，不用退回")
    old = {"fulfilled_on": here.fulfilled_on, "confirmed_on": here.confirmed_on}
    here.fulfilled_on, here.fulfilment, here.fulfilled_by = None, "", None
    here.confirmed_on, here.confirmed_by = None, None
    here.save(update_fields=["fulfilled_on", "fulfilment", "fulfilled_by", "confirmed_on", "confirmed_by"])
    _write(by, "service.confirm", f"践诺退回：{here.text}", here, old=old, new={"reason": reason})
    return here


@action("service.keep")
def withdraw(*, by: Scope, commitment: Commitment, reason: str) -> Commitment:
    return _withdraw(by, "service.keep", _open(_of_own(by), commitment), reason)


@action("me.serve")
def withdraw_own(*, by: Scope, commitment: Commitment, reason: str) -> Commitment:
    return _withdraw(by, "me.serve", _open(mine(myself(by)), commitment), reason)


def mine(member: Member) -> queries.QuerySet[Commitment]:
    """A member's own, also those of a branch they left."""
    rows = Commitment.objects.unscoped("a member's own").filter(member=member)
    return rows.select_related("organisation", "member").order_by("confirmed_on", "due_on", "pk")


def _of_own(by: Scope) -> queries.QuerySet[Commitment]:
    rows = Commitment.objects.within(by).filter(organisation=by.organisation_id)
    return rows.select_related("organisation", "member")


def _open(rows: queries.QuerySet[Commitment], commitment: Commitment) -> Commitment:
    here = reached(rows.select_for_update(of=("self",)), commitment.pk)
    if here.withdrawn_on or here.confirmed_on:
        raise Unfit("", "这条承诺已经撤回" if here.withdrawn_on else "这条承诺已经确认，不能再改")
    return here


def _make(
    by: Scope, name: str, place: Organisation, member: Member | None, text: str, due_on: date, public: bool
) -> Commitment:
    if due_on < by.on:
        raise Unfit("due_on", f"完成期限不能早于今天（{by.on}）")
    made = Commitment.objects.create(
        organisation=place, member=member, text=text, made_on=by.on, due_on=due_on, public=public
    )
    _write(by, name, f"登记承诺：{text}", made, new={"due_on": due_on, "public": public})
    return made


def _fulfil(by: Scope, name: str, here: Commitment, on: date, text: str) -> Commitment:
    if not here.made_on <= on <= by.on:
        raise Unfit("on", f"日期在 {here.made_on} 和今天（{by.on}）之间")
    here.fulfilled_on, here.fulfilment, here.fulfilled_by_id = on, text, by.user_id or None
    here.save(update_fields=["fulfilled_on", "fulfilment", "fulfilled_by"])
    _write(by, name, f"践诺：{here.text}", here, new={"fulfilled_on": on, "text": text})
    return here


def _withdraw(by: Scope, name: str, here: Commitment, reason: str) -> Commitment:
    here.withdrawn_on, here.withdrawn_why = by.on, reason
    here.save(update_fields=["withdrawn_on", "withdrawn_why"])
    _write(by, name, f"撤回承诺：{here.text}", here, new={"withdrawn_why": reason})
    return here


def _write(
    by: Scope, name: str, sentence: str, here: Commitment, *, old: dict | None = None, new: dict | None = None
) -> None:
    write(by=by, action=name, sentence=sentence, thing=here, organisation=here.organisation, old=old, new=new)
