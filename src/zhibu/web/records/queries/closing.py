"""Which duties a record closes. Reads verdicts that are already there; nothing is computed here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import words
from zhibu.web.records.models import Record
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import rules_by_name

_OWED = ("open", "missed")


@dataclass(frozen=True, slots=True)
class Duty:
    """One verdict in words: 11 月主题党日, and the activity types that count for it."""

    rulebook: str
    rule: str
    period: str
    title: str
    words: str
    types: tuple[str, ...]
    starts_on: date
    ends_on: date
    deadline: date
    status: str

    @property
    def address(self) -> str:
        return f"{self.rulebook}/{self.rule}"


def closable(scope: Scope, organisation: Organisation, types: Collection[str] | None, held_on: date) -> list[Duty]:
    """What an activity of that day would close; `types=None` asks for every type. The nearest deadline first."""
    # `upcoming` too: on the first of a month the nightly run may not have opened the month yet.
    owed = _of(scope, organisation).filter(
        status__in=(*_OWED, "upcoming"), starts_on__lte=held_on, ends_on__gte=held_on
    )
    return _with_types(_in_words(owed, scope.on), types)


def makes_up_choices(scope: Scope, organisation: Organisation, on: date) -> list[Duty]:
    """Periods that are over and still owe something: what a lesson may be made up for. The latest first.

    A year back and no further: older gaps are told by the score, not offered for repair.
    """
    ended = {"ends_on__lt": on, "ends_on__gte": on - timedelta(days=366)}
    return _in_words(_of(scope, organisation).filter(status__in=_OWED, **ended), scope.on)[::-1]


def duty_of(scope: Scope, organisation: Organisation, address: str, period: str) -> Duty | None:
    """The duty a link names: `branch-life/theme-day`, `2026-11`."""
    rulebook, _, rule = address.replace("\x00", "").partition("/")
    period = period.replace("\x00", "")
    found = _of(scope, organisation).filter(rulebook=rulebook, rule=rule, period=period)
    return next(iter(_in_words(found[:1], scope.on)), None)


def closed_by(scope: Scope, record: Record) -> list[tuple[Duty, Verdict]]:
    """The duties whose evidence names this record, with their verdicts."""
    then = Q(starts_on__lte=record.held_on, ends_on__gte=record.held_on)
    if record.makes_up:
        then |= Q(period=record.makes_up)
    rows = Verdict.objects.within(scope).filter(then, organisation_id=record.organisation_id)
    # `evidence` is a JSON list; SQLite can't search in it, and a branch has a few dozen verdicts.
    named = [row for row in rows.order_by("ends_on", "rulebook", "rule") if record.number in row.evidence]
    return list(zip(_in_words(named, scope.on), named, strict=True))


def _of(scope: Scope, organisation: Organisation) -> QuerySet[Verdict]:
    return Verdict.objects.within(scope).filter(organisation=organisation).order_by("deadline", "rulebook", "rule")


def _with_types(duties: Iterable[Duty], types: Collection[str] | None) -> list[Duty]:
    return [duty for duty in duties if types is None or set(types) & set(duty.types)]


def _in_words(verdicts: Iterable[Verdict], today: date) -> list[Duty]:
    rules = rules_by_name()
    return [_duty(verdict, rules.get((verdict.rulebook, verdict.rule)), today) for verdict in verdicts]


def _duty(verdict: Verdict, rule: Rule | None, today: date) -> Duty:
    title = rule.title if rule else verdict.rule
    return Duty(
        rulebook=verdict.rulebook,
        rule=verdict.rule,
        period=verdict.period,
        title=title,
        words=words.duty_words(verdict.period, title, today),
        types=tuple(rule.types) if rule else (),
        starts_on=verdict.starts_on,
        ends_on=verdict.ends_on,
        deadline=verdict.deadline,
        status=verdict.status,
    )
