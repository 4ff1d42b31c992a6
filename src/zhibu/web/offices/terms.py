"""届期: when the term of each organisation ends, who has to be reminded, and the act that reminds (M239)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhibu.web.audit.actions import Unfit, action, write
from zhibu.web.core.scope import Scope
from zhibu.web.offices.models import TermReminder
from zhibu.web.offices.queries import inside
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.models import Waiver
from zhibu.web.regulations.terms import Term, Terms

STATES = {"late": "届满未换届", "extended": "经批准延期", "soon": "该提醒了", "year": "今年届满", "later": "以后届满"}


@dataclass(frozen=True, slots=True)
class Due:
    """One organisation's term. `term` is None where only its recorded end is known; `until`: put off till then."""

    organisation: Organisation
    term: Term | None
    ends_on: date
    until: date | None
    reminder: TermReminder | None
    on: date

    @property
    def state(self) -> str:
        if self.ends_on < self.on:
            return "extended" if self.until and self.until >= self.on else "late"
        if self.term and self.term.remind_by and self.term.remind_by <= self.on:
            return "soon"
        return "year" if self.ends_on.year == self.on.year else "later"

    @property
    def differs(self) -> bool:
        """The record names another day than the rule gives."""
        recorded = self.organisation.term_ends_on
        return self.term is not None and recorded is not None and recorded != self.ends_on


def dues(scope: Scope, area: Organisation | None = None) -> list[Due]:
    """Every organisation in reach with a known end of term, the earliest first."""
    rows = inside(Organisation.objects.within(scope).filter(dissolved_on=None), "path", area)
    return _dues(scope, rows)


def due_of(scope: Scope, here: Organisation) -> Due | None:
    """The term of one organisation."""
    return next(iter(_dues(scope, Organisation.objects.within(scope).filter(pk=here.pk))), None)


def _dues(scope: Scope, rows: Iterable[Organisation]) -> list[Due]:
    terms = Terms()
    ends = [(one, term) for one in rows if (term := terms.of(one)) or (one.term_ends_on and terms.bind(one))]
    waived, told = _waivers(ends), _told(scope)
    found = [_due(one, term, waived, told, scope.on) for one, term in ends]
    return sorted(found, key=lambda due: (due.ends_on, due.organisation.path))


def _due(
    one: Organisation, term: Term | None, waived: dict[tuple[int, str], list[Waiver]],
    told: dict[tuple[int, date], TermReminder], on: date,
) -> Due:  # fmt: skip
    ends_on = term.ends_on if term else one.term_ends_on
    assert ends_on is not None
    longest = [
        waiver.ends_on for waiver in waived.get((one.pk, term.rule if term else ""), [])
        if waiver.starts_on <= ends_on <= waiver.ends_on
    ]  # fmt: skip
    return Due(one, term, ends_on, max(longest, default=None), told.get((one.pk, ends_on)), on)


def _waivers(ends: Iterable[tuple[Organisation, Term | None]]) -> dict[tuple[int, str], list[Waiver]]:
    reached = {(one.pk, term.rule) for one, term in ends if term}
    found: dict[tuple[int, str], list[Waiver]] = {}
    for waiver in Waiver.objects.filter(rule__in={rule for _, rule in reached}):
        if (key := (waiver.organisation_id, waiver.rule)) in reached:
            found.setdefault(key, []).append(waiver)
    return found


def _told(scope: Scope) -> dict[tuple[int, date], TermReminder]:
    return {(one.organisation_id, one.ends_on): one for one in TermReminder.objects.within(scope)}


def unelected(scope: Scope, area: Organisation | None = None) -> int:
    """How many organisations have neither a day of election nor an end of term on record."""
    rows = Organisation.objects.within(scope).filter(dissolved_on=None, elected_on=None, term_ends_on=None)
    return inside(rows, "path", area).count()


@action("terms.remind")
def remind(*, by: Scope, year: int) -> list[TermReminder]:
    """Remind every organisation in reach whose term ends in that year and that was not reminded of this term yet.

    The same act again reminds nobody twice. Raises Unfit for a year that is neither this nor the next.
    """
    if not by.on.year <= year <= by.on.year + 1:
        raise Unfit("year", f"只提醒 {by.on.year} 年和 {by.on.year + 1} 年届满的")
    due = [one for one in dues(by) if one.ends_on.year == year and one.reminder is None]
    # The organisation one acts for is reminded by its own superior.
    due = [one for one in due if one.organisation.pk != by.organisation_id]
    sender = by.unit or by.title
    rows = [
        TermReminder(organisation=one.organisation, ends_on=one.ends_on, sent_on=by.on, sent_by=sender[:120])
        for one in due
    ]
    TermReminder.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    here = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="terms.remind", sentence=f"发出 {year} 年换届提醒 {len(rows)} 个", thing=TermReminder(),
        organisation=here, new={"year": year, "rows": len(rows)},
    )  # fmt: skip
    return rows
