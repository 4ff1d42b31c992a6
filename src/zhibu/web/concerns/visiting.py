"""到联系点 (M309, M313): visits by kind of point and month, what was found there and how much of it is solved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractMonth

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.concerns import actions
from zhibu.web.concerns.models import Concern, ConcernStep, PointKind, PointVisit
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

FOUND = ~Q(state=Concern.State.WITHDRAWN)
SOLVED = Q(outcome=Concern.Outcome.SOLVED)


@dataclass(slots=True)
class Month:
    """`visits`: of each kind of point, in the order of `PointKind`."""

    month: int  # 0: the whole year
    visits: list[int] = field(default_factory=lambda: [0] * len(PointKind))
    found: int = 0
    solved: int = 0

    @property
    def all(self) -> int:
        return sum(self.visits)

    @property
    def by_kind(self) -> list[tuple[str, int]]:
        return list(zip(PointKind.labels, self.visits, strict=True))

    def add(self, other: Month) -> None:
        self.visits = [one + more for one, more in zip(self.visits, other.visits, strict=True)]
        self.found, self.solved = self.found + other.found, self.solved + other.solved


@action("concerns.visit")
def note(
    *, by: Scope, point_kind: str, point: str, visited_on: date, people: int, note: str, problems: list[str],
    due_on: date | None,
) -> PointVisit:  # fmt: skip
    """A visit of the own organisation, and each problem found there as a concern of its own. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if visited_on > by.on:
        raise Unfit("visited_on", f"日期不能晚于今天（{by.on}）")
    if problems and (due_on is None or due_on < visited_on):
        raise Unfit("due_on", "写了问题，就写哪天以前给出答复，不早于到联系点的日期")
    made = PointVisit.objects.create(
        organisation=own, point_kind=point_kind, point=point, visited_on=visited_on, recorded_on=by.on, people=people,
        note=note,
    )  # fmt: skip
    for what in problems:
        _found(by, own, made, what, due_on or by.on)
    sentence = f"登记到{made.get_point_kind_display()}：{point}，发现问题 {len(problems)} 个"
    write(
        by=by, action="concerns.visit", sentence=sentence, thing=made, organisation=own,
        new={"people": people, "problems": len(problems)}, happened_on=visited_on,
    )  # fmt: skip
    return made


def _found(by: Scope, own: Organisation, visit: PointVisit, what: str, due_on: date) -> None:
    one = Concern.objects.create(
        organisation=own, handler=own, source=Concern.Source.VISIT, visit=visit, what=what, taken_on=visit.visited_on,
        due_on=due_on,
    )  # fmt: skip
    ConcernStep.objects.create(
        concern=one, organisation=own, what=ConcernStep.What.TAKEN, on=visit.visited_on, recorded_on=by.on
    )


@action("concerns.visit")
def withdraw(*, by: Scope, visit: PointVisit, text: str) -> PointVisit:
    """Noted by mistake. Problems found there have to be withdrawn or closed first."""
    rows = PointVisit.objects.within(by).filter(organisation=by.organisation_id, withdrawn_on=None)
    here = reached(rows.select_related("organisation"), visit.pk, actions.OTHERS)
    if waiting := here.concerns.unscoped("of a visit within reach").filter(FOUND).count():
        raise Unfit("text", f"这次发现的问题有 {waiting} 个没有撤回，先逐个撤回")
    here.withdrawn_on, here.withdrawn_why = by.on, text
    here.save(update_fields=["withdrawn_on", "withdrawn_why"])
    write(
        by=by, action="concerns.visit", sentence=f"撤回到联系点的登记：{here.point}", thing=here,
        organisation=here.organisation, new={"withdrawn_why": text},
    )  # fmt: skip
    return here


def visits(scope: Scope, year: int, kind: str = "") -> QuerySet[PointVisit]:
    """Of a year, the latest first, each with what was `found` and `solved`."""
    rows = PointVisit.objects.within(scope).filter(visited_on__year=year)
    rows = rows.filter(point_kind=kind) if kind else rows
    return (
        rows.select_related("organisation")
        .annotate(
            found=Count("concerns", ~Q(concerns__state=Concern.State.WITHDRAWN)),
            solved=Count("concerns", Q(concerns__outcome="solved") & ~Q(concerns__state=Concern.State.WITHDRAWN)),
        )
        .order_by("-visited_on", "-pk")
    )


def months(scope: Scope, year: int) -> list[Month]:
    """January to December, then the whole year (`month` 0). Withdrawn ones don't count. Two queries."""
    table = [Month(one) for one in range(13)]
    valid = Q(withdrawn_on=None, visited_on__year=year)
    rows = PointVisit.objects.within(scope).filter(valid).order_by()
    kinds = list(PointKind.values)
    for one in rows.values(month=ExtractMonth("visited_on"), kind=F("point_kind")).annotate(many=Count("pk")):
        table[one["month"]].visits[kinds.index(one["kind"])] = one["many"]
    concerns = Concern.objects.within(scope).filter(FOUND, visit__withdrawn_on=None, visit__visited_on__year=year)
    counted = concerns.order_by().values(month=ExtractMonth("visit__visited_on"))
    for one in counted.annotate(found=Count("pk"), solved=Count("pk", SOLVED)):
        table[one["month"]].found, table[one["month"]].solved = one["found"], one["solved"]
    whole = table.pop(0)
    for month in table:
        whole.add(month)
    return [*table, whole]
