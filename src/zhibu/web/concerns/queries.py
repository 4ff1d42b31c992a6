"""Which concerns a post may read: those of which it reaches the organisation that took it in, or that has it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from zhibu.web.concerns.models import Concern, ConcernKind, ConcernStep
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

SIDES = "read by its two sides, as filtered here"
State = Concern.State
OPEN = ~Q(state__in=[State.CLOSED, State.WITHDRAWN])
UNANSWERED = Q(replied_on=None) & OPEN
# What the page filters by: word → rows.
STATES = {"unanswered": "还没答复的", "late": "过了答复期限的", "replied": "已答复，待评价", "closed": "已办结的"}


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    state: str = ""
    source: str = ""

    def filters(self) -> str:
        source = Concern.Source(self.source).label if self.source else "全部"
        return f"来源：{source}；状态：{STATES.get(self.state, '全部')}；文字：{self.q or '不限'}"


def concerns(scope: Scope) -> QuerySet[Concern]:
    """Unanswered ones first, the nearest day first."""
    rows = Concern.objects.unscoped(SIDES).filter(scope.where("organisation__path") | scope.where("handler__path"))
    waits = Case(When(UNANSWERED, then=Value(0)), default=Value(1))
    return rows.select_related("organisation", "handler", "kind").order_by(waits, "due_on", "-taken_on", "-pk")


def mine(scope: Scope) -> QuerySet[Concern]:
    """Of which the own organisation is a side."""
    return concerns(scope).filter(Q(organisation=scope.organisation_id) | Q(handler=scope.organisation_id))


def filtered(rows: QuerySet[Concern], asked: Asked, on: date) -> QuerySet[Concern]:
    states = {
        "unanswered": UNANSWERED,
        "late": UNANSWERED & Q(due_on__lt=on),
        "replied": Q(state=State.REPLIED),
        "closed": Q(state=State.CLOSED),
    }
    rows = rows.filter(states[asked.state]) if asked.state else rows
    rows = rows.filter(source=asked.source) if asked.source else rows
    if asked.q:
        there = Q(what__icontains=asked.q) | Q(organisation__name__icontains=asked.q)
        rows = rows.filter(there | Q(handler__name__icontains=asked.q))
    return rows


def steps(one: Concern) -> QuerySet[ConcernStep]:
    return one.steps.unscoped("of a concern within reach").select_related("organisation", "to")


def kinds(here: Organisation) -> QuerySet[ConcernKind]:
    """In force at an organisation: its own and its superiors'."""
    rows = ConcernKind.objects.unscoped("a superior's kinds hold below it").filter(ended_on=None)
    return rows.filter(organisation__path__in=[here.path, *tree.ancestor_paths(here.path)]).order_by("name", "pk")


def may_go_to(scope: Scope, one: Concern) -> QuerySet[Organisation]:
    """Who may get a concern from the one that has it: all within the reach of the post, and the own superior."""
    path = tree.parent_path(one.handler.path)
    rows = Organisation.objects.unscoped("one's superior is no secret")
    return rows.filter(scope.where("path") | Q(path=path), dissolved_on=None)


def figures(rows: QuerySet[Concern], on: date) -> dict[str, int]:
    """Of all within reach: waiting, late; of those replied this year how many, how many within the day, how rated."""
    year = Q(replied_on__year=on.year)
    return rows.order_by().aggregate(
        waiting=Count("pk", UNANSWERED),
        late=Count("pk", UNANSWERED & Q(due_on__lt=on)),
        replied=Count("pk", year),
        in_time=Count("pk", year & Q(replied_on__lte=F("due_on"))),
        **{word: Count("pk", year & Q(rating=word)) for word in ("satisfied", "fair", "unsatisfied")},
    )
