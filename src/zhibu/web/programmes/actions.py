"""A superior issues a programme, alters it, takes it back. What counts for it, branches tick on their records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import alter, charge, lift
from zhibu.web.burden.loads import branches
from zhibu.web.burden.models import Every
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.programmes.models import Mark, Programme

FIELDS = ("name", "document", "themes", "text", "ends_on")


@action("programmes.keep")
def issue(
    *, by: Scope, kind: str, name: str, document: str, starts_on: date, ends_on: date | None = None,
    themes: Sequence[str] = (), text: str = "", sectors: Sequence[str] = (), every: str = Every.ONCE,
    minutes: int | None = None,
) -> Programme:  # fmt: skip
    """A programme of the own organisation, which binds what is below it. `every`, `minutes`: what it costs a branch,
    as its sender has weighed it. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if own.kind in BRANCH_KINDS:
        raise Unfit("name", f"{own.name} 没有下级党组织，专项由上级部署")
    _dated(starts_on, ends_on)
    made = Programme.objects.create(
        organisation=own, kind=kind, name=name, document=document, starts_on=starts_on, ends_on=ends_on,
        themes=list(themes), text=text, sectors=list(sectors),
    )  # fmt: skip
    if minutes:
        charge(
            by=by, thing=made, kind=made.get_kind_display(), title=name, minutes=minutes, every=every,
            units=branches(by, own.path, sectors).count(), starts_on=starts_on, ends_on=ends_on,
            to={"sectors": list(sectors), "kinds": list(BRANCH_KINDS)},
        )  # fmt: skip
    new = {"document": document, "starts_on": starts_on, "ends_on": ends_on, "themes": list(themes), "minutes": minutes}
    _write(by, made, f"部署{made.get_kind_display()}：{name}", new=new | {"sectors": list(sectors)}, on=starts_on)
    return made


@action("programmes.keep")
def change(
    *, by: Scope, programme: Programme, name: str, document: str, ends_on: date | None, themes: Sequence[str], text: str
) -> Programme:
    """Other words, another last day. A theme under which records stand stays. Raises Unfit."""
    kept = _own(by, programme)
    if kept.withdrawn_at:
        raise Unfit("name", "已经撤回，不能修改")
    _dated(kept.starts_on, ends_on)
    _themes_stay(kept, themes)
    told = {"name": name, "document": document, "themes": list(themes), "text": text, "ends_on": ends_on}
    old = {field: getattr(kept, field) for field in FIELDS if getattr(kept, field) != told[field]}
    if not old:
        return kept
    for field in old:
        setattr(kept, field, told[field])
    kept.save(update_fields=list(old))
    alter(thing=kept, title=name, ends_on=ends_on)
    _write(by, kept, f"修改{kept.get_kind_display()}：{name}", old=old, new={field: told[field] for field in old})
    return kept


@action("programmes.keep")
def withdraw(*, by: Scope, programme: Programme, reason: str) -> Programme:
    """Issued by mistake: it binds nobody any more. Records keep what they were ticked for. Raises Unfit."""
    kept = _own(by, programme)
    if kept.withdrawn_at:
        raise Unfit("reason", "已经撤回")
    kept.withdrawn_at, kept.withdrawn_reason = clock.now(), reason
    kept.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    lift(by=by, thing=kept)
    _write(by, kept, f"撤回{kept.get_kind_display()}：{kept.name}", new={"withdrawn_reason": reason})
    return kept


@action("programmes.keep")
def restore(*, by: Scope, programme: Programme) -> Programme:
    """The withdrawal undone. Raises Unfit."""
    kept = _own(by, programme)
    if not kept.withdrawn_at:
        raise Unfit("reason", "没有撤回过")
    old = {"withdrawn_reason": kept.withdrawn_reason}
    kept.withdrawn_at, kept.withdrawn_reason = None, ""
    kept.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    alter(thing=kept, withdrawn_on=None)
    _write(by, kept, f"恢复{kept.get_kind_display()}：{kept.name}", old=old)
    return kept


def _dated(starts_on: date, ends_on: date | None) -> None:
    if ends_on and ends_on < starts_on:
        raise Unfit("ends_on", f"结束日期 {ends_on} 早于开始日期 {starts_on}")


def _themes_stay(kept: Programme, themes: Sequence[str]) -> None:
    used = Mark.objects.unscoped("of the programme in hand").filter(programme=kept).exclude(theme="")
    if gone := sorted(set(used.values_list("theme", flat=True)) - set(themes)):
        raise Unfit("themes", f"已有记录计入“{gone[0]}”，这个主题要留着")
    if themes and not kept.themes and kept.marks.unscoped("of the programme in hand").exists():
        raise Unfit("themes", "已有记录计入，不能再分主题；可以另部署一项")


def _own(by: Scope, programme: Programme) -> Programme:
    rows = Programme.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    return reached(rows, programme.pk, "只能修改本级部署的")


def _write(by: Scope, programme: Programme, sentence: str, on: date | None = None, **values: object) -> None:
    write(
        by=by, action="programmes.keep", sentence=sentence, thing=programme, organisation=programme.organisation,
        happened_on=on or by.on, **values,
    )  # fmt: skip
