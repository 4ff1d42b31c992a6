"""Reading for the pages: chains, hosted offices, subordinate units and how many of them are covered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db.models import QuerySet

from zhibu.web.bodies.models import HostedOffice, Link, Profile, Subunit
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations.models import Organisation


@dataclass(slots=True)
class Department:
    """A department and how far its units are covered; `share` in percent, cut, so that 100 means all."""

    organisation: Organisation
    units: list[Subunit]

    @property
    def covered(self) -> int:
        return sum(covered(one) for one in self.units)

    @property
    def gap(self) -> int:
        return len(self.units) - self.covered

    @property
    def share(self) -> Decimal:
        return (Decimal(100 * self.covered) / len(self.units)).quantize(Decimal("0.1"), ROUND_DOWN)


def covered(unit: Subunit) -> bool:
    """By an organisation that has not been abolished."""
    return unit.covered_by is not None and unit.covered_by.dissolved_on is None


def profile(organisation: Organisation, scope: Scope) -> tuple[Profile | None, list[Link]]:
    links = Link.objects.within(scope).filter(organisation=organisation).order_by("pk")
    return Profile.objects.within(scope).filter(organisation=organisation).first(), list(links)


def chains(scope: Scope) -> dict[str, dict[str, list[Organisation]]]:
    """Chain → link → branches, in the order of their names."""
    found: dict[str, dict[str, list[Organisation]]] = defaultdict(lambda: defaultdict(list))
    rows = Link.objects.within(scope).filter(organisation__dissolved_on=None).select_related("organisation")
    for one in rows.order_by("chain", "pk"):
        found[one.chain][one.name].append(one.organisation)
    return {chain: dict(links) for chain, links in found.items()}


def offices(scope: Scope, on: date) -> list[HostedOffice]:
    """Those there are on the day; the ones that lack people first."""
    rows = HostedOffice.objects.within(scope).filter(held(on)).select_related("organisation")
    return sorted(rows.order_by("organisation__path", "pk"), key=lambda one: -one.missing)


def subunits(scope: Scope) -> QuerySet[Subunit]:
    rows = Subunit.objects.within(scope).filter(gone_on=None).select_related("organisation", "covered_by")
    return rows.order_by("organisation__path", "name")


def departments(scope: Scope) -> list[Department]:
    """Each department with its units, those with the most uncovered first."""
    found: dict[int, Department] = {}
    for unit in subunits(scope):
        found.setdefault(unit.organisation_id, Department(unit.organisation, [])).units.append(unit)
    return sorted(found.values(), key=lambda one: -one.gap)
