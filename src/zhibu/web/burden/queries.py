"""Which forms and which units a post sees; the rules that minutes are estimated for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import QuerySet

from zhibu.web.burden.estimates import Answers, Minutes, answers, minutes, rule_key
from zhibu.web.burden.loads import asks
from zhibu.web.burden.models import CountyForm, SentDown
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.regulations.words import CLOCKS

WHY = "forms are public inside the installation"


@dataclass(frozen=True, slots=True)
class RuleLine:
    rule: Rule
    key: str
    told: Minutes | None
    answers: Answers

    @property
    def clock(self) -> str:
        return CLOCKS.get(self.rule.every, self.rule.every)


def rule_lines(place: Organisation) -> list[RuleLine]:
    """The active rules on organisations, rulebook by rulebook, with what is said of their minutes."""
    rows = [row for row in rules_by_name().values() if asks(row) and row.status == "active"]
    rows.sort(key=lambda row: (row.book.since, row.book.rulebook, row.position))
    keys = {row.pk: rule_key(row.book.rulebook, row.rule) for row in rows}
    told, said = minutes(keys.values(), place), answers(keys.values())
    return [RuleLine(row, keys[row.pk], told.get(keys[row.pk]), said.get(keys[row.pk], Answers())) for row in rows]


def county_forms() -> QuerySet[CountyForm]:
    """Every form that was sent down, the latest first."""
    return CountyForm.objects.unscoped(WHY).select_related("organisation")


def in_force_around(place: Organisation, on: object) -> Sequence[str]:
    """Texts of the forms in force of the place, of those above and of those below it."""
    rows = county_forms().filter(withdrawn_on=None, until__gte=on)
    above = [*tree.ancestor_paths(place.path), place.path]
    there = rows.filter(organisation__path__in=above) | rows.filter(organisation__path__startswith=place.path)
    return list(there.order_by("registered_on", "pk").values_list("text", flat=True))


def minutes_sent(thing: models.Model) -> int | None:
    """What a thing that was sent down costs each time, as its sender said last; None if never weighed."""
    rows = SentDown.objects.unscoped("of the thing in hand")
    row = rows.filter(thing=thing._meta.label_lower, thing_id=thing.pk).first()
    return row and minutes({row.key}).get(row.key, row).minutes


def units(scope: Scope) -> QuerySet[Organisation]:
    """The organisations in reach besides the own, in the order of the tree: no ranking."""
    rows = Organisation.objects.within(scope).filter(dissolved_on=None).exclude(pk=scope.organisation_id)
    return rows.order_by("path")
