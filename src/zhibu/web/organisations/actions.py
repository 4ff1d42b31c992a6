"""What a county office writes down of an organisation: its secretary, its committee, its term. Its life is in
`lifecycle.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import fitting, history
from zhibu.web.organisations.models import Change, Organisation

CHANGEABLE = frozenset(history.TERM)


@action("organisations.change")
def change(
    *, by: Scope, organisation: Organisation, fields: dict[str, Any], on: date | None = None, document: str = ""
) -> Organisation:
    """Store another secretary, committee or term. Raises KeyError for any other field.

    Without `on` a figure is corrected, which holds for the past too. With a day (and its document) it is a 换届: what
    was before stays in the history. Raises Unfit as every step does.
    """
    here = reached(Organisation.objects.within(by), organisation.pk)
    if strange := fields.keys() - CHANGEABLE:
        raise KeyError(sorted(strange)[0])
    if on is not None:
        fitting.elected(by, here, on, document)
    old = {name: getattr(here, name) for name, value in fields.items() if getattr(here, name) != value}
    for name in old:
        setattr(here, name, fields[name])
    here.save(update_fields=list(old))
    new: dict[str, Any] = {name: fields[name] for name in old}
    if on is not None:
        Change.objects.create(organisation=here, kind=Change.Kind.ELECTED, on=on, document=document.strip(), old=old)
        new["document"] = document.strip()
    write(
        by=by, action="organisations.change", sentence=f"修改党组织信息 {here.name}", thing=here, organisation=here,
        old=old, new=new, happened_on=on,
    )  # fmt: skip
    announce.facts_changed({here.pk})
    return here
