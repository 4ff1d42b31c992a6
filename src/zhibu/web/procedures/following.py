"""Cases go where their person goes: on the receipt of a transfer, with a merged branch, or handed over by hand.

The clock goes on: steps that were done count, days are reckoned from the same beginnings.
"""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.actions import write
from zhibu.web.core.scope import Scope
from zhibu.web.files.models import Attachment
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import keeping
from zhibu.web.procedures.library import binding
from zhibu.web.procedures.models import Case, Custody, StepRecord

WHY = "cases follow their person"
MOVED, MERGED = "随组织关系转接", "随党组织合并"


def carry(case: Case, there: Organisation, on: date, reason: str, by: Scope) -> Case:
    """The case is kept by another organisation from a day on, its files too. The caller writes the line."""
    last = Custody.objects.unscoped(WHY).filter(case=case, ends_on=None).get()
    since = max(on, last.starts_on)  # a case opened after the receipt was written down goes over on its first day
    last.ends_on = max(since - timedelta(days=1), last.starts_on)
    last.save(update_fields=["ends_on"])
    Custody.objects.create(case=case, organisation=there, starts_on=since, reason=reason.strip()[:200])
    case.organisation = there
    case.save(update_fields=["organisation"])
    rows = StepRecord.objects.unscoped(WHY).filter(case=case)
    files = Attachment.objects.unscoped("files go with their case")
    files.filter(thing=StepRecord._meta.label_lower, thing_id__in=rows.values("pk")).update(organisation=there)
    keeping.keep(case, by, keeping.stood(case, by.on))
    return case


def told(case: Case, before: Organisation, on: date, by: Scope) -> None:
    """The line of a case that went over."""
    there = case.organisation
    write(
        by=by, action="procedures.move", sentence=f"{case.title} {case.number} 由{before.name}转到{there.name}",
        thing=case, organisation=there, old={"organisation": before.code}, new={"organisation": there.code},
        happened_on=on,
    )  # fmt: skip


def moved(by: Scope, member: int, into: int, on: date) -> None:
    """Listener of `core.announce`: what is under way for a member goes to the roster he is on now."""
    rows = Case.objects.unscoped(WHY).select_for_update(of=("self",)).select_related("organisation", "receiver")
    there = Organisation.objects.unscoped(WHY).get(pk=into)
    for case in rows.filter(member=member, ended_on=None).exclude(organisation=into).order_by("pk"):
        before = case.organisation
        told(carry(case, there, on, MOVED, by), before, on, by)


def merged(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: cases of persons and units go to the receiving organisation; those of the
    organisation that ends (the merger itself) end where they began."""
    there = Organisation.objects.unscoped(WHY).get(pk=into)
    rows = Case.objects.unscoped(WHY).filter(organisation=organisation, ended_on=None).select_related("organisation")
    by, count = system_scope(), 0
    for case in rows.order_by("pk"):
        if case.member_id or _subject(case) != "organisation":
            carry(case, there, on, MERGED, by)
            count += 1
    return {"cases": count}


def _subject(case: Case) -> str:
    versions = binding(case.organisation.path)[0].get(case.procedure, ())
    return versions[-1].subject if versions else "person"
