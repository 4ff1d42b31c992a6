"""What a month already asks of organisations: for whoever is about to send them more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from zhibu.web.burden.estimates import minutes, rule_key, spoken, total
from zhibu.web.burden.models import SentDown
from zhibu.web.burden.month import sent_to
from zhibu.web.core.scope import Scope
from zhibu.web.duties.grouping import last_of
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import rules_by_name

STANDING = ("always",)  # a state to be in: nothing is done for it month by month
WHY = "sums of those whom a sending goes to"


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """One organisation's month: duties of the rules, things sent down, and what is known of their minutes."""

    unit: Organisation
    duties: int
    sent: int
    minutes: int

    @property
    def spoken(self) -> str:
        return spoken(self.minutes)


def unit_loads(scope: Scope, units: Sequence[Organisation], first: date) -> list[UnitLoad]:
    """Of the organisations given, in their order; verdicts in the post's reach alone."""
    rows = due_in(Verdict.objects.within(scope).filter(organisation__in=units), first)
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows.values("organisation", "rulebook", "rule").annotate(number=Count("pk")):
        counted[row["organisation"]][rule_key(row["rulebook"], row["rule"])] = row["number"]
    sent = {unit.pk: sent_to(unit, first) for unit in units}
    told = {key: one.minutes for key, one in minutes({key for keys in counted.values() for key in keys}).items()}
    return [_load(unit, counted[unit.pk], sent[unit.pk], told) for unit in units]


def _load(unit: Organisation, duties: dict[str, int], sent: list[SentDown], told: dict[str, int]) -> UnitLoad:
    amount = total(told.get(key, 0) * number for key, number in duties.items()) + total(one.minutes for one in sent)
    return UnitLoad(unit, sum(duties.values()), len(sent), amount)


def average(units: QuerySet[Organisation] | Sequence[Organisation], number: int, first: date) -> int:
    """Minutes of the month's duties for each of `number` organisations, on average; sums only, nobody named."""
    rows = due_in(Verdict.objects.unscoped(WHY).filter(organisation__in=units), first)
    counted = {
        rule_key(row["rulebook"], row["rule"]): row["number"]
        for row in rows.values("rulebook", "rule").annotate(number=Count("pk"))
    }
    told = minutes(counted)
    return round(total(told[key].minutes * counted[key] for key in told) / number) if number else 0


def branches(scope: Scope, path: str, sectors: Sequence[str] = ()) -> QuerySet[Organisation]:
    """Branches in reach below an organisation, of `sectors` if any are named: whom most sendings go to."""
    rows = Organisation.objects.below(scope, path).filter(kind__in=BRANCH_KINDS, dissolved_on=None)
    return rows.filter(sector__in=sectors) if sectors else rows


def branches_of(scope: Scope) -> QuerySet[Organisation]:
    """Branches below the own organisation; of a branch, none."""
    own = Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()
    return branches(scope, own.path if own else "nowhere").exclude(pk=scope.organisation_id)


def due_in(verdicts: QuerySet[Verdict], first: date) -> QuerySet[Verdict]:
    """Duties whose period ends in the month; standing ones and those not asked left out."""
    rows = verdicts.filter(ends_on__range=(first, last_of(first))).exclude(status="exempt")
    for (rulebook, rule), row in rules_by_name().items():
        rows = rows if asks(row) or row.subject != "organisation" else rows.exclude(rulebook=rulebook, rule=rule)
    return rows.order_by()


def asks(rule: Rule) -> bool:
    """Something is done for it, by organisations: not a state to be in, nor a duty of persons or units."""
    return rule.subject == "organisation" and rule.every not in STANDING
