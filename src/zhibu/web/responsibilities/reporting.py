"""Telling how far a charge is, keeping the register of holders, and taking the boards out. Each with its audit line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.library.models import Document
from zhibu.web.library.queries import documents
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.responsibilities.models import Charge, Charter, Holder, Progress


@action("responsibilities.report")
def report(*, by: Scope, charge: Charge, state: str, happened_on: date, sentence: str, proof: str) -> Progress:
    """One sentence on a charge; `proof`: the number of an activity record of the body, or number or title of a
    document of the library, or empty. The last one told says whether it is done. Raises Unfit.
    """
    kept = reached(Charge.objects.within(by).select_for_update(of=("self",)), charge.pk)
    charter = kept.item.charter
    if kept.withdrawn_on:
        raise Unfit("", f"这项职责 {kept.withdrawn_on} 已经收回")
    if charter.ends_on and charter.ends_on < by.on:
        raise Unfit("", f"这份清单 {charter.ends_on} 已经停用")
    if happened_on > by.on:
        raise Unfit("happened_on", "日期还没有到，办了以后再报")
    if happened_on < charter.starts_on:
        raise Unfit("happened_on", f"清单从 {charter.starts_on} 起有效，日期不能更早")
    record, paper = _proof(by, kept, proof.strip())
    done = state == Progress.State.DONE
    if done and kept.item.needs_proof and not (record or paper):
        raise Unfit("proof", "这一条办好要附佐证：活动记录的编号，或者制度库里文件的文号")
    made = Progress.objects.create(
        charge=kept, state=state, happened_on=happened_on, reported_on=by.on, sentence=sentence.strip(),
        record=record, paper=paper, for_it=kept.holder.place_id != by.organisation_id,
    )  # fmt: skip
    old = {"done_on": kept.done_on}
    kept.done_on = happened_on if done else None
    kept.save(update_fields=["done_on"])
    write(
        by=by, action="responsibilities.report", sentence=f"报职责进展：{kept.holder}：{kept.item.text}", thing=made,
        organisation=kept.organisation, old=old if kept.done_on != old["done_on"] else {},
        new={"state": state, "sentence": made.sentence, "done_on": kept.done_on}, happened_on=happened_on,
    )  # fmt: skip
    return made


def _proof(by: Scope, charge: Charge, word: str) -> tuple[Record | None, Document | None]:
    """What exists under this word."""
    if not word:
        return None, None
    rows = Record.objects.within(by).filter(organisation=charge.organisation_id, withdrawn_at=None)
    if record := rows.filter(number=word).first():
        return record, None
    if paper := documents(by).filter(Q(number=word) | Q(title=word)).first():
        return None, paper
    raise Unfit("proof", "本单位没有这个编号的活动记录，制度库里也没有这个文号或名称的文件。不附的清空这一格")


@action("responsibilities.keep")
def keep_holder(*, by: Scope, holder: Holder, facts: dict[str, Any]) -> Holder:
    """`facts`: kind, name, place (an Organisation or None), gone_on. Its open charges go where it reports from now on.

    Raises Unfit: no name and no Party organisation, a name somebody else has, gone with something open.
    """
    kept = reached(Holder.objects.within(by).select_for_update(of=("self",)), holder.pk)
    old = {name: getattr(kept, name) for name in facts if getattr(kept, name) != facts[name]}
    if not facts["name"] and facts["place"] is None:
        raise Unfit("name", "写名称，或者写它的党组织代码")
    beside = Holder.objects.within(by).filter(organisation=kept.organisation_id, gone_on=None).exclude(pk=kept.pk)
    if beside.filter(name=facts["name"], **({} if facts["name"] else {"place": facts["place"]})).exists():
        raise Unfit("name", "已经登记过这个单位，在列表里找它")
    mine = Charge.objects.within(by).filter(holder=kept, withdrawn_on=None)
    if facts["gone_on"] and (open_ := mine.filter(done_on=None).count()):
        raise Unfit("gone_on", f"还有 {open_} 项职责没有办好，先收回或者办好")
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.save()
    mine.update(organisation=kept.place or kept.organisation)
    write(
        by=by, action="responsibilities.keep", sentence=f"修改承担单位：{kept}", thing=kept,
        organisation=kept.organisation, old=_words(old), new=_words({name: facts[name] for name in old}),
        happened_on=facts["gone_on"] or by.on,
    )  # fmt: skip
    return kept


def _words(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.name if isinstance(value, Organisation) else value for name, value in values.items()}


@action("responsibilities.export")
def export(*, by: Scope, title: str, headings: Sequence[str], rows: Sequence[Sequence[sheets.Cell]]) -> bytes:
    """A board or register as a workbook."""
    sheet = sheets.Sheet(title, f"截至 {by.on.isoformat()}", headings, rows, [28, *(20 for _ in headings[1:])])
    own = reached(Organisation.objects.within(by), by.organisation_id)
    write(
        by=by, action="responsibilities.export", sentence=f"导出{title}", thing=Charter(), organisation=own,
        new={"filters": sheet.filters, "rows": len(rows)},
    )  # fmt: skip
    return sheets.workbook(sheet)
