"""An organisation changes hands, is elected anew, or gets another superior: what follows for duties follows at once."""

from __future__ import annotations

from typing import Any

from zhibu.web.audit.actions import NotAllowed, action, reached, write
from zhibu.web.core import announce, turns
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

# What a county office writes down of a branch: its secretary, its committee, its term.
CHANGEABLE = frozenset(
    ("secretary_name", "secretary_since", "committee_size", "groups", "elected_on", "term_years", "term_ends_on")
)


class CannotMove(ValueError):
    """The tree would break; `str()` is the sentence for the reader."""


@action("organisations.change")
def change(*, by: Scope, organisation: Organisation, fields: dict[str, Any]) -> Organisation:
    """Store another secretary, committee or term. Raises KeyError for any other field."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if strange := fields.keys() - CHANGEABLE:
        raise KeyError(sorted(strange)[0])
    old = {name: getattr(here, name) for name, value in fields.items() if getattr(here, name) != value}
    for name in old:
        setattr(here, name, fields[name])
    here.save(update_fields=list(old))
    new = {name: fields[name] for name in old}
    write(
        by=by, action="organisations.change", sentence=f"修改党组织信息 {here.name}", thing=here, organisation=here,
        old=old, new=new,
    )  # fmt: skip
    announce.facts_changed({here.pk})
    return here


@action("organisations.move")
def move(*, by: Scope, organisation: Organisation, to: Organisation) -> Organisation:
    """Hang an organisation, with all below it, under another superior. Raises CannotMove."""
    turns.alone()
    reachable = Organisation.objects.within(by)
    here, there = reached(reachable, organisation.pk), reached(reachable, to.pk)
    if here.path in by.prefixes:
        raise NotAllowed("自己所在的党组织由上级党委调整")
    before = tree.superior(here)
    try:
        old, new = tree.move(here, there)
    except ValueError as error:
        raise CannotMove(str(error)) from error
    write(
        by=by, action="organisations.move", sentence=f"调整隶属关系 {here.name}：改由{there.name}管理", thing=here,
        organisation=here, old={"superior": before.code if before else None}, new={"superior": there.code},
    )  # fmt: skip
    announce.tree_moved(here.pk, old, new)
    return here
