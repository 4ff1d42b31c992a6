"""管理终端 (等保 入侵防范: administrator terminals are limited): from where the three administrators may work.

The list of an organisation binds the administrators of it and of all below; each list on the way up has to hold the
address, so one below may narrow what one above allows and never widen it. It is asked at every request
(`middleware.TerminalGate`). Who locked himself out asks the 安全管理员 above, or whoever is at the server
(`zhibu terminals`).
"""

from __future__ import annotations

import logging

from django.db.models import QuerySet

from zhibu.web.access import networks
from zhibu.web.access.models import Post, Terminals
from zhibu.web.access.policy import POLICY
from zhibu.web.accounts.models import Session
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import held
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

WHY = "the lists above a post bind it, whoever may see them"
log = logging.getLogger("zhibu.security")


def lists(scope: Scope) -> QuerySet[Terminals]:
    """The lists of the organisations within reach, the upper ones first."""
    return Terminals.objects.within(scope).select_related("organisation").order_by("organisation__path")


def above(here: Organisation) -> list[Organisation]:
    """The superiors whose lists bind this organisation too; what stands in those is theirs to see."""
    rows = Terminals.objects.unscoped(WHY).filter(organisation__path__in=tree.ancestor_paths(here.path))
    return [row.organisation for row in rows.select_related("organisation").order_by("organisation__path")]


def kept_out(post: Post, address: str) -> Organisation | None:
    """The organisation whose list does not hold the address; None when the post may work from there.

    A list that can't be read holds nothing.
    """
    if post.role not in POLICY.apart:
        return None
    here = post.organisation
    rows = Terminals.objects.unscoped(WHY).filter(organisation__path__in=[*tree.ancestor_paths(here.path), here.path])
    for row in rows.select_related("organisation").order_by("organisation__path"):
        if not networks.holds(_read(row), address):
            return row.organisation
    return None


def outside(here: Organisation, allowed: tuple[networks.Network, ...]) -> int:
    """How many sessions of administrators whom the list would bind began at an address outside it."""
    posts = Post.objects.unscoped(WHY).filter(held(clock.today()), role__in=POLICY.apart)
    people = posts.filter(subtree("organisation__path", here.path)).values("user")
    rows = Session.objects.filter(user__in=people, expire_date__gt=clock.now()).values_list("address", flat=True)
    return sum(not networks.holds(allowed, address) for address in rows) if allowed else 0


@action("terminals.keep")
def keep(*, by: Scope, organisation: Organisation, text: str, reason: str, address: str = "") -> tuple:
    """Put the list of an organisation in place of the present one; an empty text takes it away.

    `address`: where the asker is; a list that would shut himself out is refused. Returns the networks. Raises Unfit,
    NotAllowed.
    """
    here = reached(Organisation.objects.within(by), organisation.pk)
    try:
        allowed = networks.read(text)
    except ValueError as error:
        raise Unfit("networks", str(error)) from error
    if allowed and by.role != "system" and by.organisation_id == here.pk and not networks.holds(allowed, address):
        raise Unfit(
            "networks", f"现在的地址 {address or '（看不出）'} 不在里面，保存后自己也进不来。先把它所在的网段加上"
        )
    row = Terminals.objects.unscoped("of an organisation within reach").select_for_update().filter(organisation=here)
    old, new = row.first(), networks.written(allowed)
    if new:
        row.update_or_create(organisation=here, defaults={"networks": new, "changed_at": clock.now()})
    else:
        row.delete()
    words = "规定了管理终端的网段" if new else "取消了管理终端的限制"
    write(
        by=by, action="terminals.keep", sentence=f"{words}：{here.name}（{reason}）", thing=here, organisation=here,
        old={"networks": old.networks.split("\n") if old else []}, new={"networks": new.split(), "reason": reason},
    )  # fmt: skip
    return allowed


def _read(row: Terminals) -> tuple[networks.Network, ...]:
    try:
        return networks.read(row.networks)
    except ValueError:
        log.error("the terminal list of %s cannot be read: nobody is let in by it", row.organisation.code)
        return ()
