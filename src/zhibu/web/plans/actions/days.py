"""A branch says of a record which themes it served, what prepared it, why it deviated, which rules were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.models import Cycle, CycleTheme, DayCheck, Discipline, Kept, Served
from zhibu.web.plans.queries import days as queries
from zhibu.web.plans.queries import meetings, themes
from zhibu.web.records.models import Record

ELSEWHERE = "只能核对本组织的活动记录"
Marks = Mapping[int, tuple[bool, str]]  # discipline → kept, what was the matter


@action("plans.keep")
def check(
    *,
    by: Scope,
    record: Record,
    served: Sequence[CycleTheme],
    preparation: Record | None,
    explanation: str,
    marks: Marks,
) -> DayCheck:
    """All of one record at once. Raises Unfit for a theme or rule that did not bind it, NotAllowed elsewhere."""
    kept = _own(by, record)
    allowed = set(themes.choices(kept.organisation, kept.held_on).values_list("pk", flat=True))
    if {one.pk for one in served} - allowed:
        raise Unfit("served", "有主题不在活动那天的目录里，重新选")
    prepared = None
    if preparation:
        rows = meetings.preparations(by, kept.organisation_id, kept.held_on)
        prepared = reached(rows, preparation.pk, "不是本组织近期的准备会或支委会记录")
    rows = Served.objects.unscoped("of the record in hand").filter(record=kept)
    rows.exclude(theme__in=served).delete()
    Served.objects.bulk_create([Served(record=kept, theme=one) for one in served], ignore_conflicts=True)
    made, _ = DayCheck.objects.unscoped("of the record in hand").update_or_create(
        record=kept, defaults={"preparation": prepared, "explanation": explanation}
    )
    _mark(by, kept, marks, above=False)
    new = {"themes": [one.name for one in served], "explanation": explanation, "record": kept.number}
    _write(by, "plans.keep", kept, f"核对活动 {kept.number}", new)
    return made


@action("plans.keep")
def own_theme(*, by: Scope, cycle: Cycle, name: str) -> CycleTheme:
    """自选主题 of the own organisation. Raises Unfit when it has the name already."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    bound = reached(themes.cycles(by), cycle.pk)
    if not own.path.startswith(bound.organisation.path):
        raise NotAllowed("这份主题目录不是对本组织的")
    rows = CycleTheme.objects.within(by).filter(cycle=bound, organisation=own, name=name, dropped_on=None)
    if rows.exists():
        raise Unfit("name", f"自选主题“{name}”已经有了")
    made = CycleTheme.objects.create(cycle=bound, organisation=own, name=name)
    write(
        by=by, action="plans.keep", sentence=f"增加自选主题：{name}", thing=made, organisation=own,
        new={"name": name}, happened_on=by.on,
    )  # fmt: skip
    return made


@action("plans.keep")
def drop_theme(*, by: Scope, theme: CycleTheme) -> None:
    """An own theme is not offered any more; what served it stays."""
    rows = CycleTheme.objects.within(by).filter(organisation=by.organisation_id, required=False, dropped_on=None)
    kept = reached(rows.select_related("organisation"), theme.pk, "只能停用本组织的自选主题")
    kept.dropped_on = by.on
    kept.save(update_fields=["dropped_on"])
    write(
        by=by, action="plans.keep", sentence=f"停用自选主题：{kept.name}", thing=kept, organisation=kept.organisation,
        happened_on=by.on,
    )  # fmt: skip


@action("plans.note")
def note(*, by: Scope, record: Record, discipline: Discipline, text: str) -> Kept:
    """Who looks into a record notes that a rule was not kept. Raises NotAllowed at the own organisation."""
    rows = Record.objects.within(by).exclude(organisation=by.organisation_id).filter(withdrawn_at=None)
    there = reached(rows.select_related("organisation"), record.pk, "本组织的由本组织自己对照")
    rule = reached(queries.in_force(there), discipline.pk, "活动那天没有这条纪律")
    _mark(by, there, {rule.pk: (False, text)}, above=True)
    _write(by, "plans.note", there, f"登记违反活动日纪律：{there.number}：{rule.text}", {"note": text})
    return Kept.objects.within(by).get(record=there, discipline=rule, above=True)


@action("plans.note")
def withdraw_note(*, by: Scope, mark: Kept) -> None:
    """Taken back by the side that noted it."""
    rows = Kept.objects.within(by).filter(above=True, noted_by=body(by)).select_related("record__organisation")
    kept = reached(rows, mark.pk, "只能撤回本级登记的")
    _write(by, "plans.note", kept.record, f"撤回登记：{kept.record.number}", {"note": kept.note})
    kept.delete()


def _mark(by: Scope, record: Record, marks: Marks, *, above: bool) -> None:
    rules = {one.pk: one for one in queries.in_force(record).filter(pk__in=marks)}
    if set(marks) - set(rules):
        raise Unfit("marks", "有纪律不在活动那天的清单里，重新打开这页")
    for pk, (kept, text) in marks.items():
        if not kept and not text.strip():
            raise Unfit(f"note-{pk}", f"“{rules[pk].text}”没做到，写一句情况")
        Kept.objects.unscoped("of the record in hand").update_or_create(
            record=record, discipline=rules[pk], above=above,
            defaults={"kept": kept, "note": text, "noted_on": by.on, "noted_by": body(by)},
        )  # fmt: skip


def body(by: Scope) -> str:
    """The body and post, without anybody's name: 大营镇党委·组织干事."""
    return by.title.split("（代")[0][:120]


def _own(by: Scope, record: Record) -> Record:
    rows = Record.objects.within(by).filter(organisation=by.organisation_id, withdrawn_at=None)
    return reached(rows.select_related("organisation"), record.pk, ELSEWHERE)


def _write(by: Scope, action: str, record: Record, sentence: str, new: dict[str, object]) -> None:
    write(
        by=by, action=action, sentence=sentence, thing=record, organisation=record.organisation, new=new,
        happened_on=record.held_on,
    )  # fmt: skip
