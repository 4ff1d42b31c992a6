"""The table of a year over organisations, and all there is of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from zhibu.web.core.scope import Scope
from zhibu.web.funds import reckoning
from zhibu.web.funds.models import Budget, Fund, FundKind, Income, Premises, Purpose, Rate, Spend
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

ABOVE = "the rate of a superior holds for those below it"
NOTHING = Decimal("0.00")
WANTS = {"short": "应提未足", "late": "拨付未到账", "unbudgeted": "没有列入预算", "placeless": "没有阵地"}


def rate(path: str, kind: str, year: int, rates: Iterable[Rate] | None = None) -> Rate | None:
    """The rate in force: of the nearest superior (or itself) that has one, its latest."""
    steps = [path, *reversed(tree.ancestor_paths(path))]
    if rates is None:
        rates = Rate.objects.unscoped(ABOVE).filter(organisation__path__in=steps).select_related("organisation")
    held = [one for one in rates if one.kind == kind and one.year <= year]
    found = {one.organisation.path: one for one in sorted(held, key=lambda one: one.year)}
    return next((found[step] for step in steps if step in found), None)


@dataclass(frozen=True, slots=True)
class Row:
    place: Organisation
    fund: Fund | None
    due: reckoning.Due | None
    short: Decimal
    budget: Decimal
    spent: Decimal
    study: Decimal
    premises: int
    area: Decimal

    @property
    def wants(self) -> list[str]:
        """What is missing, in words of WANTS."""
        found = []
        if self.short:
            found.append("short")
        if self.fund and self.fund.kind == FundKind.ORGAN and self.fund.amount and not self.fund.arrived_on:
            found.append("late")
        if not self.budget:
            found.append("unbudgeted")
        if not self.premises:
            found.append("placeless")
        return found

    @property
    def said(self) -> str:
        return "、".join(WANTS[one] for one in self.wants)


def table(scope: Scope, year: int, want: str = "") -> list[Row]:
    """Organisations within reach that have anything registered in or before the year; `want` keeps one kind of gap."""
    funds = {one.organisation_id: one for one in Fund.objects.within(scope).filter(year=year).order_by("pk")}
    budgets = _sums(Budget.objects.within(scope).filter(year=year))
    spent = Spend.objects.within(scope).filter(spent_on__year=year)
    spends, study = _sums(spent), _sums(spent.filter(purpose=Purpose.STUDY))
    # A place that began later than the year was not there yet; one of an unknown day counts.
    standing = Premises.objects.within(scope).filter(
        Q(since=None) | Q(since__lte=date(year, 12, 31)), kind=Premises.Kind.ROOM, state=Premises.State.IN_USE
    )
    rooms = {
        row["organisation"]: (row["count"], (row["area"] or NOTHING).quantize(NOTHING))
        for row in standing.order_by().values("organisation").annotate(count=Count("pk"), area=Sum("area"))
    }
    keys = {*funds, *budgets, *spends, *rooms}
    rates = list(Rate.objects.unscoped(ABOVE).select_related("organisation"))
    found = []
    for place in Organisation.objects.within(scope).filter(pk__in=keys).order_by("path"):
        fund = funds.get(place.pk)
        due = reckoning.due(fund, rate(place.path, fund.kind, year, rates), place.sector) if fund else None
        row = Row(
            place, fund, due, due.short(fund.amount) if due and fund else NOTHING, budgets.get(place.pk, NOTHING),
            spends.get(place.pk, NOTHING), study.get(place.pk, NOTHING), *rooms.get(place.pk, (0, NOTHING)),
        )  # fmt: skip
        if not want or want in row.wants:
            found.append(row)
    return found


def _sums(rows: Any) -> dict[int, Decimal]:
    return {
        row["organisation"]: (row["sum"] or NOTHING).quantize(NOTHING)
        for row in rows.order_by().values("organisation").annotate(sum=Sum("amount"))
    }


@dataclass(frozen=True, slots=True)
class Year:
    """A year's use of a community's income."""

    year: int
    income: Decimal
    residents: Decimal

    @property
    def left(self) -> Decimal:
        return self.income - self.residents


def card(scope: Scope, here: Organisation) -> dict[str, Any]:
    """条件卡: everything of one organisation, by year."""
    funds = list(Fund.objects.within(scope).filter(organisation=here).order_by("-year", "kind"))
    rates = list(Rate.objects.unscoped(ABOVE).select_related("organisation"))
    budgets = list(Budget.objects.within(scope).filter(organisation=here).order_by("-year", "pk"))
    spends = list(Spend.objects.within(scope).filter(organisation=here).order_by("-spent_on", "-pk"))
    incomes = list(Income.objects.within(scope).filter(organisation=here).order_by("-year", "pk"))
    told: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for one in budgets:
        told[one.year] += one.amount
    studied: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    residents: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for one in spends:
        if one.purpose in (Purpose.STUDY, Purpose.RESIDENTS):
            (studied if one.purpose == Purpose.STUDY else residents)[one.spent_on.year] += one.amount
    earned: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    collective: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for one in incomes:
        (earned if one.source == Income.Source.COMMUNITY else collective)[one.year] += one.amount
    return {
        "funds": [(one, reckoning.due(one, rate(here.path, one.kind, one.year, rates), here.sector)) for one in funds],
        "budgets": budgets,
        "budget_growth": reckoning.growth(told),
        "spends": spends[:100],
        "study_growth": reckoning.growth(studied),
        "incomes": incomes,
        "collective_growth": reckoning.growth(collective),
        "community": [Year(year, income, residents[year]) for year, income in sorted(earned.items(), reverse=True)],
        "premises": list(Premises.objects.within(scope).filter(organisation=here).order_by("kind", "pk")),
    }
