"""Keeping documents, asking units about their clauses, answering. Each with its audit line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import charge, finish
from zhibu.web.core.scope import Scope
from zhibu.web.library import queries
from zhibu.web.library.models import Answer, Checklist, Clause, Document, Follow
from zhibu.web.library.splitting import Piece
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

FIELDS = ("title", "number", "issuer", "issued_on", "since", "status", "replaced_by", "ended_on")
MOST_UNITS = 500


@action("library.keep")
def keep(*, by: Scope, document: Document | None, facts: dict[str, Any]) -> Document:
    """Enter a document at the post's own organisation, or correct one in its reach. `facts`: the columns of FIELDS."""
    if document is None:
        own = reached(Organisation.objects.within(by), by.organisation_id)
        kept, old = Document(organisation=own), {}
    else:
        kept = reached(Document.objects.within(by).select_for_update(of=("self",)), document.pk)
        old = {name: getattr(kept, name) for name in facts if getattr(kept, name) != facts[name]}
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.save()
    write(
        by=by, action="library.keep", sentence=f"{'更正' if document else '收存'}制度文件：{kept.title}", thing=kept,
        organisation=kept.organisation, old=old, new={name: facts[name] for name in (old or facts)},
        happened_on=kept.issued_on,
    )  # fmt: skip
    return kept


@action("library.keep")
def put_clauses(*, by: Scope, document: Document, pieces: Sequence[Piece]) -> int:
    """Put the clauses in place of those there are. Raises Unfit once units have been asked about them."""
    kept = reached(Document.objects.within(by).select_for_update(of=("self",)), document.pk)
    if kept.checklists.within(by).exists():
        raise Unfit("text", "已经按这些条款发出过对照检查，不能再换条文。修订过的文件，请另外收存一份")
    kept.clauses.all().delete()
    Clause.objects.bulk_create(
        Clause(document=kept, position=number, number=one.number, text=one.text) for number, one in enumerate(pieces, 1)
    )
    write(
        by=by, action="library.keep", sentence=f"写入条款 {len(pieces)} 条：{kept.title}", thing=kept,
        organisation=kept.organisation,
    )  # fmt: skip
    return len(pieces)


@action("library.keep")
def follow(*, by: Scope, document: Document, kind: str, happened_on: date, text: str, heads: int | None) -> Follow:
    """Write down what the document led to. Raises Unfit for a day before the document or after today."""
    kept = reached(Document.objects.within(by), document.pk)
    if happened_on > by.on:
        raise Unfit("happened_on", "日期还没有到，办了以后再记")
    if kept.issued_on and happened_on < kept.issued_on:
        raise Unfit("happened_on", f"早于文件印发的 {kept.issued_on}，请核对")
    made = Follow.objects.create(document=kept, kind=kind, happened_on=happened_on, text=text, heads=heads)
    write(
        by=by, action="library.keep", sentence=f"记下后续：{kept.title}：{text}", thing=made,
        organisation=kept.organisation, happened_on=happened_on,
    )  # fmt: skip
    return made


@action("library.ask")
def ask(
    *, by: Scope, document: Document, clauses: Collection[int], units: Collection[str], due_on: date,
    minutes: int | None = None,
) -> Checklist:  # fmt: skip
    """Send the clauses to units in reach (their codes). A clause that a rule's verdict tells of is not asked.

    `minutes`: what answering costs a unit, as the sender has weighed it.

    Raises Unfit: nothing chosen, a unit out of reach, a day that is over.
    """
    own = reached(Organisation.objects.within(by), by.organisation_id)
    found = queries.documents(by).get(pk=document.pk)
    chosen = list(found.clauses.filter(pk__in=clauses))
    if not chosen:
        raise Unfit("clauses", "至少选一条")
    if due_on <= by.on:
        raise Unfit("due_on", "答复期限要在今天以后")
    asked = _units(by, units)
    sent = Checklist.objects.create(organisation=own, document=found, asked_on=by.on, due_on=due_on)
    sent.clauses.add(*chosen)
    sent.units.add(*asked)
    told = queries.rules_of(chosen, queries.citing(found))
    verdicts = queries.judged(by, set(told.values()), [one.pk for one in asked], by.on)
    Answer.objects.bulk_create(
        Answer(organisation=unit, checklist=sent, clause=clause)
        for unit in asked
        for clause in chosen
        if (unit.pk, told.get(clause.pk)) not in verdicts
    )
    if minutes:
        charge(
            by=by, thing=sent, kind="对照检查", title=found.title, units=len(asked), minutes=minutes, starts_on=by.on,
            ends_on=due_on, to={"units": [unit.pk for unit in asked]},
        )  # fmt: skip
    write(
        by=by, action="library.ask", sentence=f"发出对照检查：{found.title}，{len(chosen)} 条，{len(asked)} 个单位",
        thing=sent, organisation=own, new={"minutes": minutes}, happened_on=by.on,
    )  # fmt: skip
    return sent


def _units(by: Scope, codes: Collection[str]) -> list[Organisation]:
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise Unfit("units", "至少写一个单位的代码")
    if len(wanted) > MOST_UNITS:
        raise Unfit("units", f"一次最多发给 {MOST_UNITS} 个单位，现在是 {len(wanted)} 个")
    found = {one.code: one for one in Organisation.objects.within(by).filter(code__in=wanted, dissolved_on=None)}
    if missing := [code for code in wanted if code not in found]:
        raise Unfit("units", f"管理范围内没有这些代码：{'、'.join(missing[:5])}")
    return [found[code] for code in wanted]


@action("library.ask")
def close(*, by: Scope, checklist: Checklist) -> Checklist:
    """End it; nobody can answer any more. Raises Unfit when it was ended before."""
    kept = reached(Checklist.objects.within(by).select_for_update(of=("self",)), checklist.pk)
    if kept.closed_on:
        raise Unfit("", f"{kept.closed_on} 已经结束")
    kept.closed_on = by.on
    kept.save(update_fields=["closed_on"])
    finish(by=by, thing=kept)
    write(
        by=by, action="library.ask", sentence=f"结束对照检查：{kept.document.title}", thing=kept,
        organisation=kept.organisation, happened_on=by.on,
    )  # fmt: skip
    return kept


@action("library.answer")
def answer(*, by: Scope, answer: Answer, state: str, sentence: str, record: str) -> Answer:
    """One sentence of the unit's own; `record`: the number of an activity record as evidence, or empty. May be
    changed until the checklist is ended. Raises Unfit."""
    own = Answer.objects.within(by).filter(organisation=by.organisation_id)
    kept = reached(own.select_for_update(of=("self",)), answer.pk, "这一条问的不是本单位")
    if kept.checklist.closed_on:
        raise Unfit("", f"这次对照检查 {kept.checklist.closed_on} 已经结束")
    proof = None
    if record:
        rows = Record.objects.within(by).filter(organisation=kept.organisation_id, withdrawn_at=None)
        if (proof := rows.filter(number=record).first()) is None:
            raise Unfit("record", "本单位没有这个编号的活动记录。编号在活动详情页，如 2026-000123")
    if state != Answer.State.DONE and not sentence.strip():
        raise Unfit("sentence", "写一句为什么")
    old = {"state": kept.state, "sentence": kept.sentence}
    kept.state, kept.sentence, kept.record, kept.answered_on = state, sentence.strip(), proof, by.on
    kept.save()
    write(
        by=by, action="library.answer", sentence=f"答复对照检查：{kept.checklist.document.title}{kept.clause.number}",
        thing=kept, organisation=kept.organisation, old=old, new={"state": state, "sentence": kept.sentence},
        happened_on=by.on,
    )  # fmt: skip
    return kept
