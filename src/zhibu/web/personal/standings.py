"""active → restricted → erased (PIPL 47). Restricted: stored and protected, no more. Erased: values gone, id kept."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from zhibu.web.access.models import Role
from zhibu.web.access.queries import posts_on
from zhibu.web.audit.actions import NotAllowed, action, reached, write
from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.personal import erasing, tombstones
from zhibu.web.personal.models import Request, Standing

WORDS = {Standing.State.RESTRICTED: "限制处理", Standing.State.ERASED: "删除"}


def withheld() -> Q:
    """The members nobody may see: for `core.scoped.withhold`."""
    return Q(Exists(Standing._base_manager.filter(member=OuterRef("pk"))))


def withheld_with() -> Q:
    """The same for rows about a member (column `member`)."""
    return Q(Exists(Standing._base_manager.filter(member=OuterRef("member"))))


@action("members.restrict")
def restrict(*, by: Scope, member: Member, request: Request | None = None) -> Standing:
    """From now on the row is only stored. Raises NotAllowed: out of reach, or an office is held that works with it."""
    return _set(by, member, Standing.State.RESTRICTED, request)


@action("members.restrict")
def erase(*, by: Scope, member: Member, request: Request | None = None) -> Standing:
    """The values of the member and of their account go, the ids stay. Can't be undone. Raises NotAllowed."""
    done = _set(by, member, Standing.State.ERASED, request)
    erasing.erase(member)
    return done


@action("members.restrict")
def lift(*, by: Scope, standing: Standing, reason: str) -> None:
    """A restricted row is active again. Raises NotAllowed for an erased one: there is nothing to bring back."""
    here = Standing.objects.within(by).select_related("member__organisation").filter(pk=standing.pk).first()
    if here is None or here.state != Standing.State.RESTRICTED:
        raise NotAllowed("没有这条限制，或者资料已经删除，不能恢复")
    member = here.member
    here.delete()
    _write(by, member, f"恢复处理党员资料：{reason}", old=str(Standing.State.RESTRICTED), new="active")
    announce.facts_changed({member.organisation_id})
    transaction.on_commit(partial(tombstones.set_free, member.row_key))


def _set(by: Scope, member: Member, state: Standing.State, request: Request | None) -> Standing:
    rows = Member.objects.everything("looked for within the scope").filter(by.where(Member.scope_path))
    found = reached(rows.select_related("organisation"), member.pk)
    if reason := why_not(found):
        raise NotAllowed(reason)
    was = Standing.objects.within(by).filter(member=found).first()
    if was and was.state == Standing.State.ERASED:
        raise NotAllowed("资料已经删除")
    done, _ = Standing.objects.unscoped("within reach, looked up above").update_or_create(
        member=found, defaults={"state": state, "since": clock.today(), "request": request, "by_title": by.title}
    )
    _write(by, found, f"{WORDS[state]}一名党员的资料", old=was.state if was else "active", new=str(state))
    _after(found)
    return done


def why_not(member: Member, on: date | None = None) -> str:
    """Why this person's row can't be taken out of processing, as a sentence; empty when it can."""
    posts = posts_on(member.user_id, on or clock.today()) if member.user_id else []
    held = [post for post in posts if post.role != Role.MEMBER]
    return f"本人现任“{held[0]}”，先免职或交接，再办理" if held else ""


def _write(by: Scope, member: Member, sentence: str, *, old: str, new: str) -> None:
    write(
        by=by, action="members.restrict", sentence=sentence, thing=member, organisation=member.organisation,
        old={"standing": old}, new={"standing": new},
    )  # fmt: skip


def _after(member: Member) -> None:
    """Statistics count anew, and the list for restored backups follows once the change is certain."""
    announce.facts_changed({member.organisation_id})
    transaction.on_commit(tombstones.keep)
