"""Superiors beside the tree: sector committees, organ committees, guiding leading groups (M003, M013)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import held, overlapping
from zhibu.web.organisations.models import Organisation, Supervision

KINDS = tuple(Supervision.Kind.values)
WHY = "who supervises whom gives the scope"


class Contradiction(ValueError):
    """The relation can't stand beside those there are; `str()` is the sentence for the reader."""


def units(superior: Organisation, on: date) -> dict[str, list[tuple[str, bool]]]:
    """Kind → (path of a unit, whether something is below it) that an organisation or one below it supervises."""
    lines = Supervision.objects.unscoped(WHY).filter(held(on), subtree("superior__path", superior.path))
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for kind, path, children in lines.values_list("kind", "organisation__path", "organisation__numchild"):
        found[kind].append((path, bool(children)))
    return found


def superiors(organisation: Organisation) -> QuerySet[Supervision]:
    """All relations of an organisation, those in force first. Names of superiors are no secret."""
    rows = Supervision.objects.unscoped("names of superiors are shown to everybody")
    return rows.filter(organisation=organisation).select_related("superior").order_by("ends_on", "kind", "-starts_on")


def supervising(paths: list[str], on: date) -> QuerySet[Supervision]:
    """Who supervises one of these organisations on a day, for 谁能看到我的资料."""
    rows = Supervision.objects.unscoped("names of superiors are shown to everybody").filter(held(on))
    return rows.filter(organisation__path__in=paths).select_related("superior")


@action("lines.keep")
def begin(
    *, by: Scope, organisation: Organisation, superior: Organisation, kind: str, starts_on: date, document: str
) -> Supervision:
    """From a day on an organisation has another superior of this kind. Raises Contradiction."""
    unit = reached(Organisation.objects.within(by), organisation.pk)
    _check(unit, reached(Organisation.objects.within(by), superior.pk), kind, starts_on)
    line = Supervision.objects.create(
        organisation=unit, superior=superior, kind=kind, starts_on=starts_on, document=document
    )
    sentence = f"登记{line.get_kind_display()}：{unit.name} 由 {superior.name}"
    new = {"kind": kind, "superior": superior.code, "document": document}
    write(by=by, action="lines.keep", sentence=sentence, thing=line, organisation=unit, new=new, happened_on=starts_on)
    return line


@action("lines.keep")
def end(*, by: Scope, line: Supervision, ends_on: date, document: str) -> Supervision:
    """The relation holds up to this day, inclusive. Raises Contradiction when it began later or has ended."""
    unit = reached(Organisation.objects.within(by), line.organisation_id)
    if line.ends_on and line.ends_on <= ends_on:
        raise Contradiction(f"这条关系已于 {line.ends_on} 结束")
    if ends_on < line.starts_on:
        raise Contradiction(f"这条关系 {line.starts_on} 才开始，结束日期不能更早")
    old, line.ends_on = line.ends_on, ends_on
    line.save(update_fields=["ends_on"])
    write(
        by=by, action="lines.keep", sentence=f"结束{line.get_kind_display()}：{unit.name}", thing=line,
        organisation=unit, old={"ends_on": old}, new={"ends_on": ends_on, "document": document}, happened_on=ends_on,
    )  # fmt: skip
    return line


def _check(unit: Organisation, superior: Organisation, kind: str, starts_on: date) -> None:
    if superior.path.startswith(unit.path):
        raise Contradiction(f"{superior.name} 就是它自己或它的下级，不能当它的上级")
    if unit.path.startswith(superior.path):
        raise Contradiction(f"{superior.name} 已经是它的隶属上级，不用再登记")
    rows = Supervision.objects.unscoped(WHY).filter(overlapping(starts_on, None), organisation=unit, kind=kind)
    other = rows.select_related("superior").first()
    if other:
        until = f"{other.ends_on} 止" if other.ends_on else "没有结束日期"
        raise Contradiction(
            f"{other.superior.name} 已是它的{other.get_kind_display()}（{until}）。先结束那一条，新的从次日起"
        )
