"""A unit fills in a form that was sent to it, corrects it, takes it back; offices above see and export the table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.held import facts
from zhibu.web.burden.models import CountyForm, FormSheet
from zhibu.web.burden.periods import Period, periods
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.regulations.form_checks import held_titles

MOST = 20_000
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?")
OWN = "只能填发给本单位的表"


def own(scope: Scope) -> QuerySet[FormSheet]:
    """Sheets of the own organisation."""
    rows = FormSheet.objects.within(scope).filter(organisation=scope.organisation_id)
    return rows.select_related("form__organisation", "organisation").order_by("form__until", "pk")


def of_form(scope: Scope, form: CountyForm) -> QuerySet[FormSheet]:
    """Sheets of a form within reach, in the order of the tree; of who is dissolved only what was filled in."""
    rows = FormSheet.objects.within(scope).filter(form=form).select_related("organisation")
    return rows.filter(Q(organisation__dissolved_on=None) | ~Q(answers={})).order_by("organisation__path")


@action("burden.fill")
def fill(*, by: Scope, sheet: FormSheet, period: str, values: Sequence[str]) -> FormSheet:
    """`values`: one for each field of the form, empty where the fact is held. Again: it replaces what stood there.

    Raises Unfit: withdrawn, over, not asked yet.
    """
    kept, now = _kept(by, sheet, period)
    before = kept.answers.get(period)
    kept.answers = {**kept.answers, period: {"on": by.on.isoformat(), "values": list(values)}}
    _save(by, kept, now, "修改" if before else "填报", before, kept.answers[period])
    return kept


@action("burden.fill")
def take_back(*, by: Scope, sheet: FormSheet, period: str) -> FormSheet:
    """Filled in by mistake: it is open again. Raises Unfit: as `fill`, or nothing was filled in."""
    kept, now = _kept(by, sheet, period)
    if (before := kept.answers.get(period)) is None:
        raise Unfit("", "这一期还没有填")
    kept.answers = {key: told for key, told in kept.answers.items() if key != period}
    _save(by, kept, now, "撤回", before, None)
    return kept


def _kept(by: Scope, sheet: FormSheet, period: str) -> tuple[FormSheet, Period]:
    kept = reached(own(by).select_for_update(of=("self",)), sheet.pk, OWN)
    form = kept.form
    if form.withdrawn_on:
        raise Unfit("", f"{form.withdrawn_on} 已经收回，不用再填")
    if form.until < by.on:
        raise Unfit("", f"只填到 {form.until}")
    now = next((one for one in periods(form, by.on) if one.key == period), None)
    if now is None or form.asked != "organisation":
        raise Unfit("", "这一期还没有到填的时候")
    return kept, now


def _save(
    by: Scope, kept: FormSheet, now: Period, word: str, old: Mapping[str, object] | None,
    new: Mapping[str, object] | None,
) -> None:  # fmt: skip
    kept.save(update_fields=["answers"])
    write(
        by=by, action="burden.fill", sentence=f"{word}下发的表：{kept.form.title}，{now.words}", thing=kept,
        organisation=kept.organisation, old={"answers": old}, new={"period": now.key, "answers": new},
        happened_on=by.on,
    )  # fmt: skip


def table(
    scope: Scope, form: CountyForm, rows: Sequence[FormSheet], period: str
) -> list[tuple[FormSheet, list[str], str]]:
    """(sheet, a text for each field, the day it was filled in on or empty)."""
    known = facts([source for _, source in form.fields], [one.organisation for one in rows], scope.on)
    told = [(one, one.answers.get(period) or {"on": "", "values": []}) for one in rows]
    return [(one, _texts(form, known[one.organisation_id], answer["values"]), answer["on"]) for one, answer in told]


def _texts(form: CountyForm, known: Mapping[str, str], values: Sequence[str]) -> list[str]:
    typed = dict(enumerate(values))
    return [known.get(source, "") if source else typed.get(at, "") for at, (_, source) in enumerate(form.fields)]


@action("burden.export")
def export(*, by: Scope, form: CountyForm, period: Period, rows: QuerySet[FormSheet], shown: str) -> bytes:
    """What the page shows, all pages of it: one line a unit."""
    found = table(by, form, list(rows[:MOST]), period.key)
    cells = [[one.organisation.name, *map(_cell, texts), on] for one, texts, on in found]
    write(
        by=by, action="burden.export", sentence=f"导出下发的表 {form.title} {period.words}：{len(cells)} 个单位",
        thing=form, organisation=form.organisation, new={"rows": len(cells), "period": period.key}, happened_on=by.on,
    )  # fmt: skip
    headings = ["单位", *(label for label, _ in form.fields), "填报日期"]
    about = f"{form.organisation.name}；{period.words}；{shown}"
    return sheets.workbook(sheets.Sheet(form.title, about, headings, cells, [36, *(18 for _ in form.fields), 14]))


def _cell(text: str) -> sheets.Cell:
    """A number as one, so that it can be added up; no code that begins with 0."""
    return Decimal(text) if NUMBER.fullmatch(text) else text


def sources(form: CountyForm) -> list[tuple[str, str, str]]:
    """(label, id of the fact, where it is held) of the fields that are not asked."""
    titles = held_titles()
    return [(label, source, titles.get(source, source)) for label, source in form.fields if source]
