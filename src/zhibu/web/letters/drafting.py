"""A template is begun, altered, copied for the next year, dropped. Each with its audit line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.letters import queries
from zhibu.web.letters.models import Letter, LetterTemplate
from zhibu.web.library.models import Document
from zhibu.web.library.queries import documents
from zhibu.web.organisations.models import Organisation

OWN = "只能修改本单位制定的模板"


@action("letters.keep")
def make(*, by: Scope, year: int, title: str, year_by: date, **facts: Any) -> LetterTemplate:
    """An empty template of the own organisation. Raises Unfit: a day, or a template of that year and name stands."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    told = _template(by, {"year": year, "title": title, "year_by": year_by} | facts)
    _unlike_others(by, told)
    made = LetterTemplate.objects.create(organisation=own, made_on=by.on, **told)
    written(by, made, f"制定责任书模板：{made.title}", {"year": year, "year_by": year_by}, made)
    return made


@action("letters.keep")
def alter(*, by: Scope, template: LetterTemplate, **facts: Any) -> LetterTemplate:
    """Raises Unfit."""
    kept = open_template(by, template.pk)
    told = _template(by, facts)
    _unlike_others(by, told, kept.pk)
    old = put(kept, told)
    written(by, kept, f"修改责任书模板：{kept.title}", {}, kept, old)
    return kept


@action("letters.keep")
def drop(*, by: Scope, template: LetterTemplate) -> LetterTemplate:
    """Nobody signs it any more. Raises Unfit: letters of it stand."""
    kept = open_template(by, template.pk)
    put(kept, {"dropped_on": by.on})
    written(by, kept, f"作废责任书模板：{kept.title}", {"dropped_on": by.on}, kept)
    return kept


@action("letters.keep")
def copy(*, by: Scope, template: LetterTemplate) -> LetterTemplate:
    """The same text for the year after, all days a year later. Raises Unfit: that one is there already."""
    rows = LetterTemplate.objects.within(by).filter(organisation=by.organisation_id)
    kept = reached(rows, template.pk, OWN)
    told = {name: getattr(kept, name) for name in ("title", "opening", "closing", "source", "document")}
    told |= {"year": kept.year + 1, "half_by": _later(kept.half_by), "year_by": _later(kept.year_by)}
    _unlike_others(by, told)
    made = LetterTemplate.objects.create(organisation_id=by.organisation_id, made_on=by.on, **told)
    for block in queries.blocks(kept):
        clauses = list(block.clauses.all())
        block.pk, block.template, block._state.adding = None, made, True
        block.save()
        for one in clauses:
            one.pk, one.block, one.due_on, one._state.adding = None, block, _later(one.due_on) or one.due_on, True
            one.save()
    written(by, made, f"照 {kept.year} 年的制定责任书模板：{made.title}", {"year": made.year}, made)
    return made


def _later(day: date | None) -> date | None:
    """A year later; 29 February becomes the 28th."""
    if day is None:
        return None
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def open_template(by: Scope, pk: int) -> LetterTemplate:
    """One of the own organisation, of which no letter stands. Raises NotAllowed, Unfit."""
    rows = LetterTemplate.objects.within(by).filter(organisation=by.organisation_id, dropped_on=None)
    kept = reached(rows.select_for_update(of=("self",)), pk, OWN)
    if Letter.objects.unscoped("letters of the own template").filter(queries.STANDING, template=kept).exists():
        raise Unfit("", "已经下发，文字不再改。要改一个单位的，在它的责任书里作修改；全部重来的，先全部撤回")
    return kept


def _template(by: Scope, facts: dict[str, Any]) -> dict[str, Any]:
    year = facts["year"]
    for name in ("half_by", "year_by"):
        day = facts.get(name)
        if day and not date(year, 1, 1) <= day <= date(year + 1, 3, 31):
            raise Unfit(name, f"{year} 年责任书的自查，报送期限在 {year}-01-01 和 {year + 1}-03-31 之间")
    if facts.get("half_by") and facts["half_by"] >= facts["year_by"]:
        raise Unfit("half_by", f"半年自查要早于年终自查（{facts['year_by']}）")
    return facts | {"document": paper(by, facts.get("source", ""))}


def paper(by: Scope, word: str) -> Document | None:
    """The document of the library of that number or title, if there is one."""
    return documents(by).filter(Q(number=word) | Q(title=word)).first() if word else None


def _unlike_others(by: Scope, told: dict[str, Any], but: int | None = None) -> None:
    rows = LetterTemplate.objects.within(by).filter(organisation=by.organisation_id, dropped_on=None)
    if rows.filter(year=told["year"], title=told["title"]).exclude(pk=but).exists():
        raise Unfit("title", f"{told['year']} 年已有同名的模板，在列表里找它")


def put(row: models.Model, facts: dict[str, Any]) -> dict[str, Any]:
    """Gives what stood there before, of the columns that are another now."""
    old = {name: getattr(row, name) for name, value in facts.items() if getattr(row, name) != value}
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    return old


def written(
    by: Scope, thing: models.Model, sentence: str, new: dict[str, Any], template: LetterTemplate,
    old: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """`old`: columns that were altered; what they are now is read from the thing."""
    told = {name: str(value) for name, value in (old or {}).items() if name != "document"}
    now = {name: str(getattr(thing, name)) for name in told}
    write(
        by=by, action="letters.keep", sentence=sentence, thing=thing, organisation=template.organisation, old=told,
        new=new | now, happened_on=by.on,
    )  # fmt: skip
