"""督办台: who is late, with what, for how long. The same overdue duties grouped by organisation or by item.

Shown are the duties of one year by their deadline (default: this year, with the terms and steps that ran out before),
judged with today's date. Nothing is sent and nothing is decided here: the steps are proposals of the rules, a person
decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet

from zhibu.web.assessment.models import Proposal
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.dashboards import items
from zhibu.web.dashboards.items import Item
from zhibu.web.dashboards.months import ended_before
from zhibu.web.duties.models import Evaluation, Verdict
from zhibu.web.duties.rows import Row as Duty
from zhibu.web.duties.rows import row_of
from zhibu.web.duties.status import late_on, soon_on
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.queries import rules_by_name


@dataclass(frozen=True, slots=True)
class Asked:
    area: Organisation | None = None
    by: str = "branch"  # or item
    item: str = ""
    year: int = 0
    page: str = "1"
    size: int = 50


@dataclass(frozen=True, slots=True)
class LateOrganisation:
    organisation: Organisation
    duties: tuple[Duty, ...]  # the longest overdue first
    proposals: tuple[tuple[Proposal, str], ...]  # with the item's name
    days: int

    @property
    def words(self) -> str:
        return f"逾期 {len(self.duties)} 项"


@dataclass(frozen=True, slots=True)
class LateItem:
    item: Item
    organisations: int
    duties: int
    days: int


@dataclass(frozen=True, slots=True)
class Late:
    asked: Asked
    evaluation: Evaluation | None
    duties: int = 0
    organisations: int = 0
    days: int = 0  # of the longest
    soon: int = 0
    rows: tuple[LateOrganisation, ...] = ()
    by_item: tuple[LateItem, ...] = ()
    page: Page | None = None

    @property
    def most(self) -> int:
        return max((one.organisations for one in self.by_item), default=0)


def late(scope: Scope, asked: Asked) -> Late:
    everything = overdue(scope, asked)
    chosen = _of_item(everything, asked.item)
    numbers = chosen.aggregate(
        duties=Count("pk"), organisations=Count("organisation", distinct=True), since=Min("deadline")
    )
    page, rows, by_item = None, (), ()
    if asked.by == "item":
        by_item = _by_item(everything, scope.on)
    else:
        page = Paginator(_grouped(chosen), asked.size).get_page(asked.page)
        rows = tuple(_organisations(scope, list(page.object_list), chosen))
    return Late(
        asked,
        Evaluation.objects.filter(year=asked.year).first(),
        duties=numbers["duties"],
        organisations=numbers["organisations"],
        days=days_late(numbers["since"], scope.on),
        soon=_below(Verdict.objects.within(scope), asked).filter(soon_on(scope.on)).count(),
        rows=rows,
        by_item=by_item,
        page=page,
    )


def overdue(scope: Scope, asked: Asked) -> QuerySet[Verdict]:
    """Overdue duties of the year asked for; this year also the terms and steps that ran out before it."""
    first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
    due = Q(deadline__range=(first, last))
    if asked.year == scope.on.year:
        due |= ended_before(first)
    return _below(Verdict.objects.within(scope), asked).filter(late_on(scope.on), due)


def days_late(since: date | None, today: date) -> int:
    return max(0, (today - since).days) if since else 0


def _below(rows: QuerySet[Verdict], asked: Asked) -> QuerySet[Verdict]:
    return rows.filter(subtree("organisation__path", asked.area.path)) if asked.area else rows


def _of_item(rows: QuerySet[Verdict], item: str) -> QuerySet[Verdict]:
    book, _, rule = item.partition("/")
    return rows.filter(rulebook=book, rule=rule) if item else rows


def _grouped(rows: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """(organisation, number, oldest deadline), the worst first."""
    grouped = rows.order_by().values("organisation_id").annotate(n=Count("pk"), since=Min("deadline"))
    return grouped.order_by("-n", "since", "organisation__path").values_list("organisation_id", flat=True)


def _organisations(scope: Scope, keys: list[int], rows: QuerySet[Verdict]) -> Iterable[LateOrganisation]:
    found = Organisation.objects.within(scope).in_bulk(keys)
    rules = rules_by_name()
    duties: dict[int, list[Duty]] = defaultdict(list)
    for verdict in rows.filter(organisation__in=keys).order_by("deadline", "rulebook", "rule"):
        duties[verdict.organisation_id].append(row_of(verdict, rules.get((verdict.rulebook, verdict.rule)), scope.on))
    steps: dict[int, list[tuple[Proposal, str]]] = defaultdict(list)
    for proposal in Proposal.objects.within(scope).filter(organisation__in=keys, year=scope.on.year).order_by("-run"):
        rule = rules.get((proposal.rulebook, proposal.rule))
        steps[proposal.organisation_id].append((proposal, rule.title if rule else proposal.rule))
    for key in keys:
        own = duties[key]
        days = days_late(own[0].verdict.deadline if own else None, scope.on)
        yield LateOrganisation(found[key], tuple(own), tuple(steps[key]), days)


def _by_item(rows: QuerySet[Verdict], today: date) -> tuple[LateItem, ...]:
    known = items.named()
    grouped = rows.order_by().values("rulebook", "rule")
    grouped = grouped.annotate(n=Count("pk"), organisations=Count("organisation", distinct=True), since=Min("deadline"))
    return tuple(
        LateItem(
            known.get(f"{row['rulebook']}/{row['rule']}") or items.unnamed(row["rulebook"], row["rule"]),
            row["organisations"],
            row["n"],
            days_late(row["since"], today),
        )
        for row in grouped.order_by("-organisations", "-n", "rulebook", "rule")
    )
