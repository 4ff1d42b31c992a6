"""换届: one act makes the new body of an organisation. Called with the result of the re-election procedure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.members.models import Member
from zhibu.web.offices import roster
from zhibu.web.offices.actions.seats import seat
from zhibu.web.offices.models import BODY, Office, Tenure
from zhibu.web.organisations.actions import change
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.terms import anniversary

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """One who was elected: `kind` of Office.Kind, `title` as the result says it, on a roster or by name."""

    kind: str
    title: str
    name: str = ""
    member: Member | None = None
    full_time: bool | None = None
    head: bool | None = None
    principal: bool | None = None

    @property
    def called(self) -> str:
        return self.member.name if self.member else self.name.strip()


@action("offices.keep")
def elected(
    *, by: Scope, organisation: Organisation, on: date, document: str, holders: Sequence[Holder], term_years: int
) -> list[Tenure]:
    """The old body leaves the day before, the new one begins; the organisation's election, term, committee and
    secretary, which the engine reads, follow; its history has a 换届, the roster says who holds what. Seats that stay
    empty are vacancies. `term_years`: whole years.

    Raises Unfit: no single secretary, a name missing or twice in one office, somebody began later than `on`.
    """
    here = reached(Organisation.objects.within(by), organisation.pk)
    holders = [_here(by, one) for one in holders]
    _fits(by, here, on, holders, term_years)
    was = {one.name: one.starts_on for one in _present(by, here, on) if one.office.kind == Office.Kind.SECRETARY}
    _present(by, here, on).update(ends_on=on - DAY, end_document=document)
    made = [_seated(by, here, one, on, document, holders) for one in holders]
    new = {"holders": [f"{one.title} {one.called}" for one in holders], "document": document, "term_years": term_years}
    write(
        by=by, action="offices.keep", sentence=f"{here.name} 换届，选出 {len(made)} 人", thing=here, organisation=here,
        new=new, happened_on=on,
    )  # fmt: skip
    secretary = next(one.called for one in holders if one.kind == Office.Kind.SECRETARY)
    body = sum(one.kind in BODY for one in holders)
    committee = any(one.kind == Office.Kind.COMMITTEE for one in holders)
    fields = {
        "elected_on": on, "term_years": term_years, "term_ends_on": anniversary(on, term_years),
        "committee_size": body if committee else 0, "secretary_name": secretary,
        "secretary_since": was.get(secretary, on),
    }  # fmt: skip
    change(by=by, organisation=here, fields=fields, on=on, document=document)
    roster.body_anew(by, here)
    return made


def _here(by: Scope, one: Holder) -> Holder:
    if one.member is not None:
        reached(Member.objects.within(by.doing("members.view")), one.member.pk)
    return one


def _present(by: Scope, here: Organisation, on: date):
    rows = Tenure.objects.within(by).filter(overlapping(on, None), office__organisation=here, office__kind__in=BODY)
    return rows.select_related("office")


def _fits(by: Scope, here: Organisation, on: date, holders: Sequence[Holder], term_years: int) -> None:
    if on > by.on:
        raise Unfit("on", "选举日期还没到，选出来再登记")
    if here.elected_on and on <= here.elected_on:
        raise Unfit("on", f"本届 {here.elected_on} 选举产生，新一届要在这以后")
    if not 1 <= term_years <= 10:
        raise Unfit("term_years", "任期填 1 至 10 的整年数")
    if sum(one.kind == Office.Kind.SECRETARY for one in holders) != 1:
        raise Unfit("holders", "书记要有一名，也只能有一名")
    if strange := [one for one in holders if one.kind not in BODY]:
        raise Unfit("holders", f"“{strange[0].title}”不由换届选举产生，单独登记任职")
    told = [(one.title.strip(), one.called) for one in holders]
    if not all(title and name for title, name in told) or len({name for _, name in told}) < len(told):
        raise Unfit("holders", "每个人写明职务和姓名，同一个人只写一次（书记、副书记不再写委员）")
    if late := _present(by, here, on).filter(starts_on__gte=on).first():
        raise Unfit("on", f"{late.name} {late.starts_on} 才任职，选举日期不能早于它")


def _seated(by: Scope, here: Organisation, one: Holder, on: date, document: str, holders: Sequence[Holder]) -> Tenure:
    """In the office of that title; one that was not there yet is approved by the result itself."""
    offices = Office.objects.within(by).filter(organisation=here, title=one.title.strip(), ends_on=None)
    count = sum(other.title.strip() == one.title.strip() for other in holders)
    office = offices.first() or Office.objects.create(
        organisation=here, kind=Office.Kind(one.kind), title=one.title.strip(), seats=count, document=document,
        starts_on=on,
    )  # fmt: skip
    if office.kind != one.kind:
        raise Unfit("holders", f"“{office.title}”在本组织登记为{office.get_kind_display()}，和选举结果的类别不一致")
    if count > office.seats:
        raise Unfit("holders", f"“{office.title}”核定 {office.seats} 名，选出了 {count} 人。先增加核定职数")
    return seat(
        by, office, name=one.called, starts_on=on, how=Tenure.How.ELECTED, document=document, member=one.member,
        full_time=one.full_time, head=one.head, principal=one.principal,
    )  # fmt: skip
