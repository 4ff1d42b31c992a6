"""What is held of organisations already and stands in their forms by itself; read where it is kept, never copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial

from django.db.models import Count

from zhibu.web.core.scope import subtree
from zhibu.web.core.spans import overlapping
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

WHY = "numbers of members of those whom a form asks"
COLUMNS: dict[str, Callable[[Organisation], object]] = {
    "organisation.name": lambda one: one.name,
    "organisation.code": lambda one: one.code,
    "organisation.kind": lambda one: one.get_kind_display(),
    "organisation.secretary": lambda one: one.secretary_name,
    "organisation.founded_on": lambda one: one.founded_on,
    "organisation.term_ends_on": lambda one: one.term_ends_on,
    "organisation.committee_size": lambda one: one.committee_size,
}
MEMBERS = "members.count"
FILLED = frozenset({*COLUMNS, MEMBERS})  # the other facts of the list stand in their own registers


def facts(sources: Iterable[str], units: Sequence[Organisation], on: date) -> dict[int, dict[str, str]]:
    """Organisation → fact → its value in words, of those that can be filled in."""
    wanted = FILLED.intersection(sources)
    people = _people(units, on) if MEMBERS in wanted else {}
    values = partial(_values, [name for name in wanted if name != MEMBERS])
    return {one.pk: values(one) | ({MEMBERS: str(people[one.pk])} if people else {}) for one in units}


def _values(names: Iterable[str], one: Organisation) -> dict[str, str]:
    told = {name: COLUMNS[name](one) for name in names}
    return {name: "" if value is None else str(value) for name, value in told.items()}


def _people(units: Sequence[Organisation], on: date) -> dict[int, int]:
    """Of branches in one query together; of a committee with all below it."""
    rows = Member.objects.unscoped(WHY).filter(overlapping(on, None, ends="left_on")).order_by()
    counted = dict(rows.filter(organisation__in=units).values_list("organisation").annotate(Count("pk")))
    return {
        one.pk: counted.get(one.pk, 0)
        if one.kind in BRANCH_KINDS
        else rows.filter(subtree("organisation__path", one.path)).count()
        for one in units
    }
