"""提醒一下: a superior reminds an organisation below of duties that are late. Once a week for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.rows import Row, row_of
from zhibu.web.duties.status import late_on
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.reminders import rules
from zhibu.web.reminders.due import address_of, key_of
from zhibu.web.reminders.models import Asked, Kind, Reminder
from zhibu.web.reminders.people import Reader, hear, readers

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Late:
    """A late duty, and the last time somebody above asked about it within the week."""

    row: Row
    asked: Asked | None

    @property
    def key(self) -> str:
        return key_of(self.row)

    @property
    def again_on(self) -> date | None:
        return self.asked.on + WEEK if self.asked else None


def below(by: Scope, code: str) -> Organisation | None:
    """An organisation under the own one, that is still there."""
    return Organisation.objects.within(by).filter(code=code, dissolved_on=None).first()


def late_of(by: Scope, here: Organisation) -> list[Late]:
    return late(by, Verdict.objects.within(by).filter(organisation=here)).get(here.pk, [])


def late(by: Scope, rows: QuerySet[Verdict]) -> dict[int, list[Late]]:
    """Organisation → what is late of this year, and the terms and steps that ran out before; the longest late first."""
    known, first, asked = rules_by_name(), date(by.on.year, 1, 1), _lately(by)
    found: dict[int, list[Late]] = defaultdict(list)
    for one in rows.filter(late_on(by.on)).order_by("deadline", "rule", "pk"):
        row = row_of(one, known.get((one.rulebook, one.rule)), by.on)
        if one.deadline >= first or row.lasting:
            found[one.organisation_id].append(Late(row, asked.get((one.organisation_id, key_of(row)))))
    return found


def hearers(here: Organisation, on: date) -> list[Reader]:
    there = readers([here.pk], on).get(here.pk, [])
    return hear(there, rules.in_force(here))


@action("reminders.ask")
def ask(*, by: Scope, organisation: Organisation, keys: Collection[str]) -> list[Asked]:
    """Told inside at once; by SMS or mail with the next digest. Raises NotAllowed, Unfit: nothing to ask, no hearer."""
    here = reached(Organisation.objects.within(by).filter(dissolved_on=None).select_for_update(), organisation.pk)
    rows = [one for one in late_of(by, here) if one.key in keys and one.asked is None]
    if not rows:
        raise Unfit("keys", "选一项还没有在 7 天内提醒过的")
    people = hearers(here, by.on)
    if not people:
        raise Unfit("keys", "这个党组织没有人任书记、副书记、委员，提醒没有人收")
    made = [_tell(by, here, one.row, people) for one in rows]
    titles = "、".join(one.title for one in made)
    write(
        by=by, action="reminders.ask", sentence=f"提醒 {here.name}：{titles}", thing=made[0], organisation=here,
        new={"rows": len(made), "people": len(people)}, happened_on=by.on,
    )  # fmt: skip
    return made


@action("reminders.ask")
def take_back(*, by: Scope, asked: Asked, reason: str) -> Asked:
    """Asked by mistake: it goes from the lists of those who were told, on the day itself. What a short message or mail
    has carried out of the house stays told. Raises Unfit: on a later day, or another office asked."""
    kept = reached(Asked.objects.within(by).select_for_update(of=("self",)).select_related("organisation"), asked.pk)
    if kept.sent_by != _sender(by):
        raise Unfit("reason", f"由{kept.sent_by}撤回")
    if kept.on != by.on:
        raise Unfit("reason", f"{kept.on} 提醒的，只能当天撤回")
    told = Reminder.objects.within(by).filter(asked=kept)
    out = told.filter(digest__isnull=False).exclude(digest__sms="", digest__mail="").count()
    write(
        by=by, action="reminders.ask", sentence=f"撤回提醒 {kept.organisation.name}：{kept.title}", thing=kept,
        organisation=kept.organisation, new={"reason": reason, "sent_out": out}, happened_on=by.on,
    )  # fmt: skip
    kept.delete()  # with what each was told
    return kept


def _sender(by: Scope) -> str:
    return (by.unit or by.title)[:120]


def _tell(by: Scope, here: Organisation, row: Row, people: list[Reader]) -> Asked:
    made = Asked.objects.create(organisation=here, key=key_of(row), title=row.title, on=by.on, sent_by=_sender(by))
    Reminder.objects.bulk_create(
        Reminder(
            organisation=here, user=one.user, role=one.role, asked=made, on=by.on, kind=Kind.ASKED, key=made.key,
            step=made.pk, title=made.title, by=row.verdict.deadline, address=_address(here, row),
        ) for one in people
    )  # fmt: skip
    return made


def _address(here: Organisation, row: Row) -> str:
    """Where it is done; a state to be in is looked at, not recorded."""
    verdict = row.verdict
    told = [here.code, verdict.rulebook, verdict.rule, verdict.period]
    return reverse("why", args=told) if row.standing else address_of(row)


def _lately(by: Scope) -> dict[tuple[int, str], Asked]:
    """By whomever: two superiors do not ask about the same thing in one week."""
    rows = Asked.objects.within(by).filter(on__gt=by.on - WEEK).order_by("on")
    return {(one.organisation_id, one.key): one for one in rows}
