"""Offices are approved and given up, people come and leave. What the engine reads of a secretary keeps in step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held, overlapping
from zhibu.web.members.models import Member
from zhibu.web.offices import roster
from zhibu.web.offices.models import BODY, Office, Standard, Talk, Tenure
from zhibu.web.offices.standards import standard
from zhibu.web.organisations.actions import change
from zhibu.web.organisations.models import Organisation

FULL = "这个职务核定 {seats} 名，{when}已有 {count} 人在任。先登记离任，或者增加核定职数"


@action("offices.keep")
def approve(
    *, by: Scope, organisation: Organisation, kind: str, title: str, seats: int, document: str, starts_on: date
) -> Office:
    """An organisation has an office from a day on. Raises Unfit: there is one of that title, or no seat."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if seats < 1:
        raise Unfit("seats", "核定职数至少 1 名")
    if Office.objects.within(by).filter(organisation=here, title=title, ends_on=None).exists():
        raise Unfit("title", f"{here.name}已有“{title}”，职数有变动的先撤销再设立")
    office = Office.objects.create(
        organisation=here, kind=Office.Kind(kind), title=title, seats=seats, document=document, starts_on=starts_on
    )
    new = {"kind": office.kind, "title": title, "seats": seats, "document": document}
    write(
        by=by, action="offices.keep", sentence=f"{here.name} 设立职务 {title}，{seats} 名", thing=office,
        organisation=here, new=new, happened_on=starts_on,
    )  # fmt: skip
    return office


@action("offices.keep")
def abolish(*, by: Scope, office: Office, ends_on: date, document: str) -> Office:
    """The office is there up to this day, inclusive. Raises Unfit while somebody holds it later than that."""
    found = reached(Office.objects.within(by).select_related("organisation"), office.pk)
    if found.ends_on or ends_on < found.starts_on:
        raise Unfit(
            "ends_on", f"这个职务{found.starts_on} 设立" + (f"，{found.ends_on} 已撤销" if found.ends_on else "")
        )
    later = Tenure.objects.within(by).filter(overlapping(ends_on + timedelta(days=1), None), office=found)
    if name := later.values_list("name", flat=True).first():
        raise Unfit("ends_on", f"{name}还在任，先登记离任")
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    write(
        by=by, action="offices.keep", sentence=f"{found.organisation.name} 撤销职务 {found.title}", thing=found,
        organisation=found.organisation, new={"ends_on": ends_on, "document": document}, happened_on=ends_on,
    )  # fmt: skip
    return found


@action("offices.keep")
def appoint(
    *, by: Scope, office: Office, name: str, starts_on: date, how: str, document: str, member: Member | None = None,
    full_time: bool | None = None, head: bool | None = None, principal: bool | None = None,
) -> Tenure:  # fmt: skip
    """A person takes a seat (任职、补选). `member` gives the name. Raises Unfit: no seat is free, or held already."""
    found = reached(Office.objects.within(by).select_related("organisation"), office.pk)
    if member is not None:
        member = reached(Member.objects.within(by.doing("members.view")), member.pk)
    _seat_free(by, found, member.name if member else name, starts_on)
    tenure = seat(
        by, found, name=name, starts_on=starts_on, how=how, document=document, member=member, full_time=full_time,
        head=head, principal=principal,
    )  # fmt: skip
    new = {"name": tenure.name, "starts_on": starts_on, "how": tenure.how, "document": document}
    write(
        by=by, action="offices.keep", sentence=f"{found.organisation.name} {found.title} 任职：{tenure.name}",
        thing=tenure, organisation=found.organisation, new=new, happened_on=starts_on,
    )  # fmt: skip
    in_step(by, found, tenure.member_id)
    return tenure


@action("offices.keep")
def leave(*, by: Scope, tenure: Tenure, ends_on: date, document: str) -> Tenure:
    """The last day in office, inclusive. Raises Unfit: it began later, or has ended."""
    found = reached(Tenure.objects.within(by).select_related("office__organisation"), tenure.pk)
    if found.ends_on:
        raise Unfit("ends_on", f"已登记 {found.ends_on} 离任")
    if ends_on < found.starts_on:
        raise Unfit("ends_on", f"{found.starts_on} 才任职，离任日期不能更早")
    found.ends_on, found.end_document = ends_on, document
    found.save(update_fields=["ends_on", "end_document"])
    office = found.office
    write(
        by=by, action="offices.keep", sentence=f"{office.organisation.name} {office.title} 离任：{found.name}",
        thing=found, organisation=office.organisation, new={"ends_on": ends_on, "document": document},
        happened_on=ends_on,
    )  # fmt: skip
    in_step(by, office, found.member_id)
    return found


def seat(by: Scope, office: Office, **told: Any) -> Tenure:
    """A tenure, and the talk that a new full-time deputy is due (M243). The caller writes the line."""
    member = told["member"]
    tenure = Tenure.objects.create(
        office=office, **told | {"name": member.name if member else told["name"], "how": Tenure.How(told["how"])}
    )
    if office.kind == Office.Kind.DEPUTY and tenure.full_time:
        days = standard(office.organisation.path, Standard.Key.TALK_DAYS)
        Talk.objects.create(tenure=tenure, due_on=tenure.starts_on + timedelta(days=int(days.value)) if days else None)
    return tenure


def in_step(by: Scope, office: Office, *members: int | None) -> None:
    """The organisation's secretary as the engine reads it: who holds the office today. Nobody: empty. And what the
    roster says of these members.

    Raises NotAllowed where the post may not change organisations.
    """
    if office.kind in BODY:
        roster.keep(by, office.organisation, members)
    if office.kind != Office.Kind.SECRETARY:
        return
    here = office.organisation
    rows = Tenure.objects.within(by).filter(held(by.on), office__organisation=here, office__kind=office.kind)
    now = rows.order_by("starts_on").last()
    fields = {"secretary_name": now.name if now else "", "secretary_since": now.starts_on if now else None}
    change(by=by, organisation=here, fields=fields)


def _seat_free(by: Scope, office: Office, name: str, starts_on: date) -> None:
    if not name.strip():
        raise Unfit("name", "从名册里选一个人，或者填写姓名")
    if starts_on < office.starts_on or (office.ends_on and starts_on > office.ends_on):
        raise Unfit("starts_on", f"这个职务{office.starts_on} 设立，任职日期不能更早")
    if starts_on > by.on:
        raise Unfit("starts_on", "任职日期还没到，到了再登记")
    there = Tenure.objects.within(by).filter(overlapping(starts_on, None), office=office)
    if there.filter(name=name).exists():
        raise Unfit("name", f"{name}已在这个职务上")
    if (count := there.count()) >= office.seats:
        latest = there.aggregate(day=Max("ends_on"))["day"]
        when = f"到 {latest} 止" if latest and not there.filter(ends_on=None).exists() else ""
        raise Unfit("starts_on", FULL.format(seats=office.seats, when=when, count=count))
