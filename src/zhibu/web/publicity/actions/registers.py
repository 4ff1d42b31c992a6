"""A line of a register of the own organisation is written, corrected, or withdrawn with a reason."""

from __future__ import annotations

from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.publicity.models import Kept


@action("publicity.keep")
def keep[M: Kept](*, by: Scope, model: type[M], row: M | None, facts: dict[str, Any]) -> M:
    """`facts`: columns of `model`. Raises NotAllowed for another organisation's line, Unfit for a withdrawn one."""
    kept = _own(by, model, row.pk) if row else model(organisation=_here(by))
    if kept.withdrawn_on:
        raise Unfit("", f"{kept.withdrawn_on} 已经撤回，另记一条")
    old = {name: _said(getattr(kept, name)) for name in facts} if row else None
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.save()
    new = {name: _said(value) for name, value in facts.items()}
    sentence = f"{'更正' if row else '登记'}{model._meta.verbose_name}：{next(iter(facts.values()))}"
    write(by=by, action="publicity.keep", sentence=sentence, thing=kept, organisation=kept.organisation, old=old,
          new=new, happened_on=by.on)  # fmt: skip
    return kept


@action("publicity.keep")
def strike[M: Kept](*, by: Scope, row: M, reason: str) -> M:
    """Withdraw a line. Raises Unfit when it was."""
    kept = _own(by, type(row), row.pk)
    if kept.withdrawn_on:
        raise Unfit("reason", f"{kept.withdrawn_on} 已经撤回")
    kept.withdrawn_on, kept.withdrawn_why = by.on, reason
    kept.save(update_fields=["withdrawn_on", "withdrawn_why"])
    sentence = f"撤回{row._meta.verbose_name}：{reason}"
    write(by=by, action="publicity.keep", sentence=sentence, thing=kept, organisation=kept.organisation,
          new={"reason": reason}, happened_on=by.on)  # fmt: skip
    return kept


def _own[M: Kept](by: Scope, model: type[M], pk: int) -> M:
    rows = model.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    return reached(rows.select_for_update(of=("self",)), pk, "只能改本组织登记的")


def _here(by: Scope) -> Organisation:
    return reached(Organisation.objects.within(by), by.organisation_id)


def _said(value: Any) -> Any:
    return value.pk if isinstance(value, Kept) else value
