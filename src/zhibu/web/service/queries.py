"""Commitments, registrations, hours, calls and teams that a post may read; and a member's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.service.models import Call, Commitment, Dispatch, Registration, Shift, SignUp, Team, TeamMember

SIDES = "read by the community and the own branch, as filtered here"
REACHED = "a call reaches down from who made it"
OWN = "a member's own"
TENTH = Decimal("0.1")
STATES = {"open": "没有完成的", "late": "已逾期", "waiting": "等确认", "done": "已践诺"}


def tenths(hours: Decimal | None) -> Decimal:
    """A sum of hours as it is shown: SQLite adds them up as floats."""
    return Decimal(hours or 0).quantize(TENTH)


def roster(scope: Scope) -> QuerySet[Member]:
    """Of the own organisation, whoever may be named in a form."""
    rows = Member.objects.within(scope).filter(organisation=scope.organisation_id, left_on=None)
    return rows.order_by("initials", "name", "pk")


def known() -> QuerySet[Member]:
    """Everybody whose data may be processed: a row about anybody else is shown to nobody."""
    return Member.objects.unscoped("only to leave out who is withheld").order_by()


def commitments(scope: Scope, state: str = "") -> QuerySet[Commitment]:
    """Open ones first, the nearest day first."""
    rows = Commitment.objects.within(scope).filter(Q(member=None) | Q(member__in=known()))
    return _in_state(rows, state, scope.on).select_related("organisation", "member").order_by(
        "confirmed_on", "due_on", "pk"
    )  # fmt: skip


def _in_state(rows: QuerySet[Commitment], state: str, on: date) -> QuerySet[Commitment]:
    open_ = Q(fulfilled_on=None, withdrawn_on=None)
    states = {
        "open": open_,
        "late": open_ & Q(due_on__lt=on),
        "waiting": Q(fulfilled_on__isnull=False, confirmed_on=None, withdrawn_on=None),
        "done": Q(confirmed_on__isnull=False),
    }
    return rows.filter(states[state]) if state else rows


def figures(scope: Scope) -> dict[str, int]:
    """Of all commitments within reach that were not withdrawn."""
    rows = Commitment.objects.within(scope).filter(withdrawn_on=None).order_by()
    open_ = Q(fulfilled_on=None)
    return rows.aggregate(
        all=Count("pk"), done=Count("pk", Q(confirmed_on__isnull=False)),
        late=Count("pk", open_ & Q(due_on__lt=scope.on)), waiting=Count("pk", ~open_ & Q(confirmed_on=None)),
    )  # fmt: skip


def board(scope: Scope, here: Organisation) -> QuerySet[Commitment]:
    """The public ones of one organisation, for its members and the notice board."""
    rows = Commitment.objects.within(scope).filter(organisation=here, public=True, withdrawn_on=None)
    rows = rows.filter(Q(member=None) | Q(member__in=known())).select_related("organisation", "member")
    return rows.order_by("member__initials", "due_on", "pk")


def registrations(scope: Scope) -> QuerySet[Registration]:
    """Those of which the community or the member's branch is within reach, the ones that wait first; each with the
    hours `served`, which a page shows to the two sides alone."""
    sides = scope.where("organisation__path") | scope.where("member__organisation__path")
    rows = Registration.objects.unscoped(SIDES).filter(sides, member__in=known())
    served = Sum("shifts__hours", filter=Q(shifts__state=Shift.State.CONFIRMED))
    first = Case(When(state=Registration.State.ASKED, then=Value(0)), default=Value(1))
    rows = rows.select_related("organisation", "member__organisation").annotate(served=served)
    return rows.order_by(first, "state", "-asked_on", "-pk")


def waiting_shifts(scope: Scope) -> QuerySet[Shift]:
    """Hours that the own organisation is asked to confirm."""
    rows = Shift.objects.within(scope).filter(organisation=scope.organisation_id, state=Shift.State.NOTED)
    return rows.filter(hours__isnull=False, member__in=known()).select_related("member").order_by("on", "pk")


def sums(scope: Scope) -> list[dict[str, Any]]:
    """Community by community, of those within reach: people registered, and confirmed hours of this year. No names."""
    people = Registration.objects.within(scope).filter(state=Registration.State.ACCEPTED).order_by()
    counts = dict(people.values_list("organisation").annotate(n=Count("pk")))
    rows = Shift.objects.within(scope).filter(state=Shift.State.CONFIRMED, on__year=scope.on.year).order_by()
    hours = {one["organisation"]: one for one in rows.values("organisation").annotate(n=Count("pk"), h=Sum("hours"))}
    places = Organisation.objects.within(scope).filter(pk__in=[*counts, *hours])
    return [
        {"place": one, "people": counts.get(one.pk, 0), "times": hours.get(one.pk, {}).get("n", 0),
         "hours": tenths(hours.get(one.pk, {}).get("h"))}
        for one in places.order_by("path")
    ]  # fmt: skip


def confirmed(member: Member, year: int) -> Decimal:
    """One's own confirmed hours of a year."""
    rows = Shift.objects.unscoped(OWN).filter(member=member, state=Shift.State.CONFIRMED, on__year=year)
    return tenths(rows.aggregate(h=Sum("hours"))["h"])


def calls(scope: Scope) -> QuerySet[Call]:
    """Of organisations within reach, and those from above that reach the own one; open ones first."""
    here = finding.own(scope)
    above = Q(organisation__path__in=tree.ancestor_paths(here.path)) if here else Q(pk__in=[])
    rows = Call.objects.unscoped(REACHED).filter(scope.where("organisation__path") | above)
    return rows.select_related("organisation").order_by("closed_on", "-starts_on", "-pk")


def calls_to(member: Member) -> QuerySet[Call]:
    """Open calls that reach a member: from the own organisation up, and from where they are registered up."""
    rows = Registration.objects.unscoped(OWN).filter(member=member, state=Registration.State.ACCEPTED)
    homes = [member.organisation.path, *rows.values_list("organisation__path", flat=True)]
    paths = {path for one in homes for path in [*tree.ancestor_paths(one), one]}
    open_ = Call.objects.unscoped(REACHED).filter(organisation__path__in=paths, closed_on=None)
    return open_.select_related("organisation").order_by("starts_on", "pk")


def sign_ups(call: Call) -> QuerySet[SignUp]:
    """Of a call that the reader hosts."""
    rows = SignUp.objects.unscoped("of a call of the own organisation").filter(call=call, member__in=known())
    return rows.select_related("member__organisation", "post").order_by("post", "signed_on", "pk")


def counts_of(call: Call) -> dict[str, Any]:
    """People and hours of a call, without names."""
    rows = SignUp.objects.unscoped("counts of a call within reach").filter(call=call).order_by()
    shifts = Shift.objects.unscoped("counts of a call within reach").filter(sign_up__call=call, hours__isnull=False)
    told = rows.aggregate(
        signed=Count("pk", ~Q(state=SignUp.State.CANCELLED)), assigned=Count("pk", Q(state=SignUp.State.ASSIGNED))
    )
    sums_ = shifts.order_by().aggregate(came=Count("member", distinct=True), hours=Sum("hours"))
    return {**told, "came": sums_["came"], "hours": tenths(sums_["hours"])}


def teams(scope: Scope) -> QuerySet[Team]:
    rows = Team.objects.within(scope).select_related("organisation")
    return rows.annotate(many=Count("members", Q(members__until=None), distinct=True)).order_by(
        "ended_on", "organisation__path", "name", "pk"
    )  # fmt: skip


def team_members(team: Team) -> QuerySet[TeamMember]:
    rows = TeamMember.objects.unscoped("of a team within reach").filter(team=team, until=None, member__in=known())
    return rows.select_related("member").order_by("member__initials", "pk")


def dispatches(team: Team) -> QuerySet[Dispatch]:
    return Dispatch.objects.unscoped("of a team within reach").filter(team=team).order_by("-on", "-pk")
