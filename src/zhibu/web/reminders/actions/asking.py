"""提醒一下: a superior reminds an organisation below of duties that are late. Once a week for each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

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
from zhibu.web.reminders.people import Reader, chosen, once, readers

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
    """Of this year, and the terms and steps that ran out before; the longest late first."""
    known, first = rules_by_name(), date(by.on.year, 1, 1)
    verdicts = Verdict.objects.within(by).filter(late_on(by.on), organisation=here).order_by("deadline", "rule", "pk")
    rows = [row_of(one, known.get((one.rulebook, one.rule)), by.on) for one in verdicts]
    asked = {one.key: one for one in _lately(by, here)}
    return [Late(row, asked.get(key_of(row))) for row in rows if row.verdict.deadline >= first or row.lasting]


def hearers(here: Organisation, on: date) -> list[Reader]:
    """Whom an ask reaches: those the rule names, else whoever does the work there."""
    there = readers([here.pk], on).get(here.pk, [])
    return chosen(there, rules.in_force(here)) or once(there)


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


def _tell(by: Scope, here: Organisation, row: Row, people: list[Reader]) -> Asked:
    made = Asked.objects.create(
        organisation=here, key=key_of(row), title=row.title, on=by.on, sent_by=(by.unit or by.title)[:120]
    )
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


def _lately(by: Scope, here: Organisation) -> list[Asked]:
    """By whomever: two superiors do not ask about the same thing in one week."""
    return list(Asked.objects.within(by).filter(organisation=here, on__gt=by.on - WEEK).order_by("on"))
