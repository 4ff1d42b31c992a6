"""A template goes to units as letters; they are signed on both sides; taken back with a reason. Each with its line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.burden.actions import charge, lift, spare
from zhibu.web.core.scope import Scope
from zhibu.web.letters import queries
from zhibu.web.letters.drafting import OWN
from zhibu.web.letters.models import Letter, LetterCheck, LetterTemplate
from zhibu.web.organisations.models import Organisation

MOST = 2_000  # units at once
ISSUERS = "只有下发责任书的单位可以做"
SIDES = {"above": "上级", "unit": "单位"}
State = Letter.State


@action("letters.keep")
def issue(
    *, by: Scope, template: LetterTemplate, units: Sequence[Organisation], sign_by: date, minutes: int
) -> list[Letter]:
    """A letter for each of the units, some of which may have had one already: they are left out.

    `minutes`: estimated for a unit, its own report at half-year and year's end. Raises Unfit.
    """
    rows = LetterTemplate.objects.within(by).filter(organisation=by.organisation_id, dropped_on=None)
    kept = reached(rows.select_for_update(of=("self",)), template.pk, OWN)  # nobody alters its words meanwhile
    _fits(by, kept, sign_by)
    there = _units(by, kept, units)
    made = [
        Letter(organisation_id=by.organisation_id, unit=one, template=kept, issued_on=by.on, sign_by=sign_by)
        for one in there
    ]
    Letter.objects.bulk_create(made)
    standing = Letter.objects.unscoped("of the own template").filter(queries.STANDING, template=kept)
    given = list(standing.values_list("unit", flat=True))
    charge(
        by=by, thing=kept, kind="责任书", title=f"{kept.year} 年责任书自查", units=len(given), minutes=minutes,
        starts_on=by.on, ends_on=kept.year_by, to={"units": given},
    )  # fmt: skip
    names = there[0].name if len(there) == 1 else f"{there[0].name}等 {len(there)} 个单位"
    write(
        by=by, action="letters.keep", sentence=f"下发责任书给{names}：{kept.title}", thing=kept,
        organisation=kept.organisation, new={"units": len(there), "sign_by": sign_by, "minutes": minutes},
        happened_on=by.on,
    )  # fmt: skip
    return made


def _fits(by: Scope, kept: LetterTemplate, sign_by: date) -> None:
    if sign_by < by.on:
        raise Unfit("sign_by", f"签订期限不能早于今天（{by.on}）")
    if sign_by > kept.year_by:
        raise Unfit("sign_by", f"签订期限不能晚于年终自查报送期限（{kept.year_by}）")
    blocks = queries.blocks(kept)
    if not blocks or not all(one.clauses.all() for one in blocks):
        raise Unfit("", "模板每个板块至少有一条，才能下发")


def _units(by: Scope, kept: LetterTemplate, units: Sequence[Organisation]) -> list[Organisation]:
    """Those within reach that have none of it yet, as the tree stands."""
    wanted = {one.pk for one in units}
    if not wanted or len(wanted) > MOST:
        raise Unfit("units", f"写 1 到 {MOST} 个单位，现在是 {len(wanted)} 个")
    there = list(Organisation.objects.within(by).filter(pk__in=wanted, dissolved_on=None).order_by("path"))
    if len(there) != len(wanted) or by.organisation_id in wanted:
        raise Unfit("units", "责任书发给本级管理范围内的单位，不包括本单位和已撤销的")
    rows = Letter.objects.unscoped("of the own template").filter(queries.STANDING, template=kept)
    had = set(rows.values_list("unit", flat=True))
    if not (left := [one for one in there if one.pk not in had]):
        raise Unfit("units", "这些单位都已经有这份责任书")
    return left


@action("letters.sign")
def sign(*, by: Scope, letter: Letter, side: str, signer: str, on: date) -> Letter:
    """Who signed the paper for a side, and when. The unit notes its own side, who issued it either. Raises Unfit."""
    kept = _held(by, letter)
    if side not in SIDES or (side == "above" and kept.organisation_id != by.organisation_id):
        raise NotAllowed(ISSUERS)
    if kept.state == State.WITHDRAWN or getattr(kept, f"{side}_signed_on"):
        raise Unfit("signer", f"这份责任书{kept.words(by.on)}，这一方不用再登记")
    if not kept.issued_on <= on <= by.on:
        raise Unfit("on", f"签字日期在下发日期（{kept.issued_on}）和今天（{by.on}）之间")
    setattr(kept, f"{side}_signer", signer)
    setattr(kept, f"{side}_signed_on", on)
    if kept.above_signed_on and kept.unit_signed_on:
        kept.state = State.SIGNED
    kept.save(update_fields=[f"{side}_signer", f"{side}_signed_on", "state"])
    told = {"side": SIDES[side], "signer": signer, "on": on, "state": kept.state}
    _write(by, kept, "letters.sign", f"登记责任书{SIDES[side]}签字：{kept}", told, on)
    return kept


@action("letters.sign")
def unsign(*, by: Scope, letter: Letter, text: str) -> Letter:
    """The record of signing was wrong: both sides again. Raises Unfit: a check of it has begun."""
    kept = _issued(by, letter)
    if LetterCheck.objects.unscoped(queries.SIDES).filter(letter=kept).exists():
        raise Unfit("text", "已经开始检查，签订记录不再改")
    if not (kept.above_signed_on or kept.unit_signed_on) or kept.state == State.WITHDRAWN:
        raise Unfit("text", "没有登记过签字，不用撤回")
    told = {"above_signer": "", "above_signed_on": None, "unit_signer": "", "unit_signed_on": None}
    for name, value in told.items():
        setattr(kept, name, value)
    kept.state = State.ISSUED
    kept.save(update_fields=[*told, "state"])
    _write(by, kept, "letters.sign", f"撤回责任书签订记录：{kept}", {"reason": text}, by.on)
    return kept


@action("letters.keep")
def withdraw(*, by: Scope, letter: Letter, text: str) -> Letter:
    """From one unit. What was said of it stays to be read. Raises Unfit: the year's check is final."""
    kept = _issued(by, letter)
    if kept.state == State.WITHDRAWN:
        raise Unfit("text", f"{kept.withdrawn_on} 已经撤回")
    if _settled([kept]):
        raise Unfit("text", "年终考核已定，不能再撤回；考核错了的，先重新打开")
    kept.state, kept.withdrawn_on, kept.withdrawn_why = State.WITHDRAWN, by.on, text
    kept.save(update_fields=["state", "withdrawn_on", "withdrawn_why"])
    spare(by=by, thing=kept.template, units={kept.unit_id})
    _write(by, kept, "letters.keep", f"撤回责任书：{kept}", {"reason": text}, by.on)
    return kept


@action("letters.keep")
def recall(*, by: Scope, template: LetterTemplate, text: str) -> int:
    """From all units; the template may be altered again. Raises Unfit: some were signed already."""
    rows = queries.templates(by).filter(organisation=by.organisation_id)
    kept = reached(rows, template.pk, OWN)
    standing = Letter.objects.unscoped("of the own template").filter(queries.STANDING, template=kept)
    if standing.filter(state=State.SIGNED).exists():
        raise Unfit("text", "已有单位签订，不能全部撤回。改一个单位的，在它的责任书里作修改")
    if not (many := standing.update(state=State.WITHDRAWN, withdrawn_on=by.on, withdrawn_why=text)):
        raise Unfit("text", "没有下发过，不用撤回")
    lift(by=by, thing=kept)
    write(
        by=by, action="letters.keep", sentence=f"全部撤回责任书 {many} 份：{kept.title}", thing=kept,
        organisation=kept.organisation, new={"reason": text, "units": many}, happened_on=by.on,
    )  # fmt: skip
    return many


def _settled(letters: Sequence[Letter]) -> bool:
    rows = LetterCheck.objects.unscoped(queries.SIDES).filter(letter__in=letters)
    return rows.filter(term=LetterCheck.Term.YEAR, state=LetterCheck.State.FINAL).exists()


def _held(by: Scope, letter: Letter) -> Letter:
    """One of whose sides is the own organisation."""
    rows = queries.issued(by) | queries.owned(by)
    return reached(rows.select_for_update(of=("self",)), letter.pk, "只有签订责任书的两方可以登记签字")


def _issued(by: Scope, letter: Letter) -> Letter:
    return reached(queries.issued(by).select_for_update(of=("self",)), letter.pk, ISSUERS)


def _write(by: Scope, kept: Letter, action_: str, sentence: str, new: dict, on: date) -> None:
    own = kept.unit if kept.unit_id == by.organisation_id else kept.organisation
    write(by=by, action=action_, sentence=sentence, thing=kept, organisation=own, new=new, happened_on=on)
