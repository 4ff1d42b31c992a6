"""组织关系集中排查 (M260): a committee opens a round, each branch confirms its list member by member, what differs from
the roster is listed; nothing changes the roster by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.burden.actions import charge, finish, lift
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import CheckLine, CheckSheet, RollCheck
from zhibu.web.members.queries import on_roster
from zhibu.web.organisations.models import Organisation

State = CheckLine.State
ABSENT = (State.AWAY, State.LOST)


@action("checks.open")
def open_(
    *, by: Scope, organisation: Organisation, title: str, on: date, due_on: date, document: str,
    minutes: int | None = None,
) -> RollCheck:  # fmt: skip
    """A list of the roster of the day for every branch with members at the committee and below. `minutes`: what it
    costs a branch, as its sender has weighed it. Raises Unfit."""
    place = reached(Organisation.objects.within(by), organisation.pk)
    if due_on < on:
        raise Unfit("due_on", "完成期限不能早于开始日期")
    if RollCheck.objects.within(by).filter(organisation=place, closed_on=None).exists():
        raise Unfit("title", f"{place.name} 还有没结束的排查，先结束那一次")
    members = list(on_roster(by, place).values_list("pk", "organisation"))
    if not members:
        raise Unfit("title", f"{place.name} 和下级没有在册党员，不用排查")
    check = RollCheck.objects.create(organisation=place, title=title, opened_on=on, due_on=due_on, basis=document)
    branches = sorted({branch for _, branch in members})
    sheets = {branch: CheckSheet.objects.create(check_round=check, organisation_id=branch) for branch in branches}
    rows = CheckLine.objects.unscoped("lists of a round opened within the scope")
    rows.bulk_create([CheckLine(sheet=sheets[branch], member_id=pk) for pk, branch in members], batch_size=1000)
    if minutes:
        charge(
            by=by, thing=check, kind="组织关系排查", title=title, units=len(branches), minutes=minutes, starts_on=on,
            ends_on=due_on, to={"units": branches},
        )  # fmt: skip
    write(
        by=by, action="checks.open", sentence=f"开始排查：{title}，{len(sheets)} 个支部 {len(members)} 人", thing=check,
        organisation=place, new={"due_on": due_on, "document": document, "minutes": minutes}, happened_on=on,
    )  # fmt: skip
    return check


@action("checks.open")
def close(*, by: Scope, check: RollCheck, on: date) -> RollCheck:
    """No more answers. Branches that did not confirm stay in the count as they are. Where nobody has filled in
    anything yet it was opened by mistake, and costs nobody anything."""
    here = reached(RollCheck.objects.within(by).select_related("organisation"), check.pk)
    if here.closed_on or on < here.opened_on:
        raise NotAllowed("这次排查已经结束" if here.closed_on else "结束日期不能早于开始日期")
    here.closed_on = on
    here.save(update_fields=["closed_on"])
    begun = CheckLine.objects.within(by).filter(sheet__check_round=here).exclude(state="").exists()
    (finish if begun else lift)(by=by, thing=here)
    write(by=by, action="checks.open", sentence=f"结束排查：{here.title}", thing=here, organisation=here.organisation,
          new={"closed_on": on}, happened_on=on)  # fmt: skip
    return here


@action("checks.answer")
def answer(
    *, by: Scope, sheet: CheckSheet, states: Mapping[int, tuple[str, date | None]], on: date
) -> CheckSheet:  # fmt: skip
    """`states`: key of a line → (state, last contact of an absent one). Confirmed when every line has one.

    Raises Unfit.
    """
    here = _open_sheet(by, sheet)
    lines = {one.pk: one for one in lines_of(by, here)}
    if strange := set(states) - set(lines):
        raise Unfit("states", f"名单里没有 {sorted(strange)[0]}")
    for key, (state, last) in states.items():
        if last and (last > on or state not in ABSENT):
            raise Unfit("states", f"{lines[key].member.name}：最后联系日期只填在外、失联的，不晚于今天")
        lines[key].state, lines[key].last_contact_on = state and State(state), last
    for key in states:
        lines[key].save(update_fields=["state", "last_contact_on"])
    left = sum(not one.state for one in lines.values())
    here.confirmed_on = None if left else on
    here.save(update_fields=["confirmed_on"])
    said = f"还有 {left} 人没填" if left else "全部确认"
    write(by=by, action="checks.answer", sentence=f"排查名单：{said}", thing=here, organisation=here.organisation,
          new={"confirmed_on": here.confirmed_on, "left": left}, happened_on=on)  # fmt: skip
    return here


@action("checks.answer")
def undo(*, by: Scope, sheet: CheckSheet, on: date) -> CheckSheet:
    """A confirmed list is open again; what was filled in stays."""
    here = _open_sheet(by, sheet)
    old, here.confirmed_on = here.confirmed_on, None
    here.save(update_fields=["confirmed_on"])
    write(by=by, action="checks.answer", sentence="撤回排查名单的确认", thing=here, organisation=here.organisation,
          old={"confirmed_on": old}, new={"confirmed_on": None}, happened_on=on)  # fmt: skip
    return here


def asked(scope: Scope, organisation: Organisation | None) -> QuerySet[Organisation]:
    """Branches that a round at the committee would go to: those with members on the roster."""
    rows = Organisation.objects.within(scope)
    return (
        rows.filter(pk__in=on_roster(scope, organisation).order_by().values("organisation"))
        if organisation
        else rows.none()
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is within a reach: branches confirmed of all, members with a state of all."""

    confirmed: int
    branches: int
    filled: int
    members: int
    differing: int


def rounds(scope: Scope) -> QuerySet[RollCheck]:
    """Rounds that touch an organisation of the reach: a branch sees its superior's."""
    rows = RollCheck.objects.unscoped("a round is seen where one of its lists is").filter(
        scope.where("organisation__path") | Q(pk__in=sheets(scope).order_by().values("check_round"))
    )
    return rows.select_related("organisation").order_by("-opened_on", "-pk")


def sheets(scope: Scope) -> QuerySet[CheckSheet]:
    return CheckSheet.objects.within(scope).select_related("organisation", "check_round").order_by("organisation__path")


def of_round(scope: Scope, check: RollCheck) -> QuerySet[CheckSheet]:
    """The lists of a round within the reach with `members`, `filled`, `differing` each."""
    shown = Q(lines__in=CheckLine.objects.within(scope))
    return (
        sheets(scope)
        .filter(check_round=check)
        .annotate(
            members=Count("lines", shown),
            filled=Count("lines", shown & ~Q(lines__state="")),
            differing=Count("lines", shown & ~Q(lines__state__in=["", State.HERE])),
        )
    )


def progress(found: list[CheckSheet]) -> Progress:
    """Of lists as `of_round` gives them."""
    told: list[tuple[int, int, int]] = [(one.filled, one.members, one.differing) for one in found]  # type: ignore[attr-defined]
    filled, members, differing = (sum(column) for column in zip(*told, strict=True)) if told else (0, 0, 0)
    return Progress(sum(bool(one.confirmed_on) for one in found), len(found), filled, members, differing)


def differences(scope: Scope, check: RollCheck) -> QuerySet[CheckLine]:
    """差异清单: whoever is not simply there."""
    rows = CheckLine.objects.within(scope).filter(sheet__check_round=check).exclude(state__in=["", State.HERE])
    rows = rows.select_related("member", "sheet__organisation")
    return rows.order_by("sheet__organisation__path", "state", "member__name", "pk")


def lines_of(scope: Scope, sheet: CheckSheet) -> QuerySet[CheckLine]:
    rows = CheckLine.objects.within(scope).filter(sheet=sheet).select_related("member")
    return rows.order_by("member__initials", "member__name", "pk")


def _open_sheet(by: Scope, sheet: CheckSheet) -> CheckSheet:
    here = reached(sheets(by), sheet.pk)
    if here.check_round.closed_on:
        raise NotAllowed(f"这次排查已于 {here.check_round.closed_on} 结束，不能再填")
    return here
