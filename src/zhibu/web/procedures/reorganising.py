"""Effects on organisations: the steps of their life (`organisations.lifecycle`), with day and papers of the step."""

from __future__ import annotations

from typing import Any

from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding, fitting, lifecycle, tree
from zhibu.web.organisations.models import BRANCH_KINDS, Change, Kind, Organisation
from zhibu.web.procedures.effects import CannotFollow, Done
from zhibu.web.procedures.models import StepRecord

WHY = "what this case set up"


def set_up(by: Scope, done: Done) -> dict[str, Any]:
    """Below the superior that the case names; else below the organisation of the case, or, where that is a branch,
    which has none below it, beside it."""
    here = done.case.organisation
    above = tree.superior(here) if here.kind in BRANCH_KINDS else here
    if said := str(done.values.get("superior") or "").strip():
        above = _named(by, "organisations.set_up", said)
    if above is None:
        raise CannotFollow(f"{here.name}没有上级，新的党组织没有地方可设。由上级党委开始办理")
    made = lifecycle.set_up(
        by=by, superior=above, name=_said(done, "name"), kind=str(done.values.get("kind", Kind.TEMPORARY_BRANCH)),
        on=done.on, document=done.document, sector=here.sector if here.kind in BRANCH_KINDS else "",
    )  # fmt: skip
    return {"made": made.code}


def rename(by: Scope, done: Done) -> dict[str, Any]:
    here = done.case.organisation
    lifecycle.rename(by=by, organisation=here, name=_said(done, "name"), on=done.on, document=done.document)
    return _last(here)


def convert(by: Scope, done: Done) -> dict[str, Any]:
    here = done.case.organisation
    lifecycle.convert(by=by, organisation=here, kind=_said(done, "kind"), on=done.on, document=done.document)
    return _last(here)


def move(by: Scope, done: Done) -> dict[str, Any]:
    here = done.case.organisation
    to = _named(by, "organisations.move", _said(done, "to"))
    lifecycle.move(by=by, organisation=here, to=to, on=done.on, document=done.document)
    return _last(here)


def merge(by: Scope, done: Done) -> dict[str, Any]:
    into = _named(by, "organisations.merge", _said(done, "into"))
    lifecycle.merge(by=by, organisation=done.case.organisation, into=into, on=done.on, document=done.document)
    return _last(done.case.organisation)


def abolish(by: Scope, done: Done) -> dict[str, Any]:
    """The organisation of the case, or the one (a temporary branch) that an earlier step of it set up."""
    rows = StepRecord.objects.unscoped(WHY).filter(case=done.case, undone_at=None, effect="organisations.set_up")
    made = rows.exclude(pk=done.record.pk).order_by("-pk").first()
    here = done.case.organisation
    if made is not None:
        here = Organisation.objects.unscoped(WHY).get(code=made.effect_old["made"])
    lifecycle.abolish(by=by, organisation=here, on=done.on, document=done.document)
    return _last(here)


def undo(by: Scope, done: Done) -> None:
    """The step that the record made, if it is still the last of that organisation."""
    rows = Change.objects.unscoped("what this record changed").select_related("organisation")
    _taken_back(by, done, rows.filter(pk=done.record.effect_old.get("change")).first())


def undo_set_up(by: Scope, done: Done) -> None:
    """The organisation that the record set up goes, if nothing hangs on it yet."""
    rows = Change.objects.unscoped("what this record set up").select_related("organisation")
    made = rows.filter(organisation__code=done.record.effect_old.get("made"), kind=Change.Kind.SET_UP)
    _taken_back(by, done, made.first())


def _taken_back(by: Scope, done: Done, change: Change | None) -> None:
    if change is None:
        raise CannotFollow("组织那边的这次变更已经不在了，先到组织一页核对沿革")
    lifecycle.undo(by=by, change=change, reason=f"{done.case.title} {done.case.number} 撤销这一步")


def _last(here: Organisation) -> dict[str, Any]:
    last = fitting.last_step(here)
    return {"change": last.pk if last else None}


def _said(done: Done, name: str) -> str:
    said = str(done.values.get(name) or "").strip()
    if not said:
        raise CannotFollow("开始办理时没有写全（名称、类别或接收的党组织），撤回这件事重新开始")
    return said


def _named(by: Scope, action: str, said: str) -> Organisation:
    """Within what the decider reaches for this act."""
    try:
        return finding.named(finding.reached(by.doing(action)), said)
    except finding.NotFound as refusal:
        raise CannotFollow(f"{refusal}。由管得到两边的上级来记这一步，或者撤回重新开始") from refusal
