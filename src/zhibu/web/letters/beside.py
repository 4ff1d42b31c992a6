"""What this app puts on 本月任务 and 待我办: a letter to sign, a report that is due, a result to look at or to give."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.letters import queries
from zhibu.web.letters.models import SOON, Letter, LetterAmendment, LetterCheck

ROWS = 30  # on 本月任务
TOLD = timedelta(days=14)
AHEAD = timedelta(days=30)  # a report stands there this long before its day
State, Term = LetterCheck.State, LetterCheck.Term


def to_do(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """What the own organisation has to sign, report or look at; and, as who issued it, to judge."""
    if not scope.may("letters.view") or organisation_id != scope.organisation_id:
        return []
    return [*_own(scope), *((url, title, "waiting", why) for url, title, _, why, _ in _turns(scope))][:ROWS]


def _own(scope: Scope) -> list[MonthRow]:
    """Of those of this year and the last: the report on a year may be due in the next."""
    if not scope.may("letters.report"):
        return []
    rows = queries.owned(scope.doing("letters.report")).filter(queries.STANDING)
    letters = list(rows.filter(template__year__gte=scope.on.year - 1)[:ROWS])
    found = {
        (one.letter_id, one.term): one for one in LetterCheck.objects.unscoped(queries.SIDES).filter(letter__in=letters)
    }
    rows_ = [row for one in letters for row in _rows(one, found, scope.on)]
    return rows_ + _altered(letters, scope.on)


def _altered(letters: list[Letter], on: date) -> list[MonthRow]:
    """The superior altered a signed letter: told to the unit for some days."""
    rows = LetterAmendment.objects.unscoped(queries.SIDES).filter(letter__in=letters, undone_on=None)
    many = Counter(rows.filter(recorded_on__gt=on - TOLD).values_list("letter", flat=True))
    return [(_url(one), f"责任书有修改：{one}", "todo", f"改了 {many[one.pk]} 处") for one in letters if many[one.pk]]


def _rows(one: Letter, checks: dict[tuple[int, str], LetterCheck], on: date) -> list[MonthRow]:
    if not one.signed:
        return [(_url(one), f"签订责任书：{one}", one.status(on), one.words(on))] if not one.unit_signed_on else []
    told = [_report(one, Term(term), day, checks.get((one.pk, term)), on) for term, day in one.days.items()]
    return [row for row in told if row]


def _report(one: Letter, term: LetterCheck.Term, by: date, check: LetterCheck | None, on: date) -> MonthRow | None:
    state = check.state if check else State.OPEN
    if state == State.JUDGED and check and check.answer_by:
        return _check(one, term), f"看{term.label}结果：{one}", "todo", f"{day_words(check.answer_by)}前可以提意见"
    if state != State.OPEN or by - on > AHEAD:
        return None
    status = "late" if by < on else "soon" if by - on <= SOON else "todo"
    return _check(one, term, "letter-report"), f"报{LetterCheck.REPORTS[term]}：{one}", status, f"{day_words(by)}前"


def _turns(scope: Scope) -> list[tuple[str, str, str, str, date]]:
    """(address, title, unit, why, since) of the checks that wait for who issued the letter."""
    if not scope.may("letters.judge"):
        return []
    mine = queries.issued(scope.doing("letters.judge")).filter(queries.STANDING)
    overdue = Q(state=State.JUDGED, answer_by__lt=scope.on)
    rows = LetterCheck.objects.unscoped(queries.SIDES).filter(Q(state__in=queries.TURN) | overdue, letter__in=mine)
    told = rows.select_related("letter__unit", "letter__template").order_by("reported_on", "pk")[:MOST]
    return [
        (_check(one.letter, Term(one.term)), f"{one.get_term_display()}：{one.letter.unit.name}", one.letter.unit.name,
         _why(one), one.answered_on or one.judged_on or one.reported_on or scope.on)
        for one in told
    ]  # fmt: skip


def _why(one: LetterCheck) -> str:
    says = {State.REPORTED: "报了自查，等评", State.ANSWERED: "单位有意见，等答复"}
    return says.get(State(one.state), "过了答复期限，可以定下")


def waiting(scope: Scope) -> list[Waiting]:
    """On 待我办: what waits to be judged or answered; and, where a post has no 本月任务, what it has to do itself."""
    found = [Waiting(f"letter:{url}", url, title, place, since, why) for url, title, place, why, since in _turns(scope)]
    if scope.may("month.view"):
        return found
    return found + [Waiting(f"letter:{url}", url, title, "", scope.on, why) for url, title, _, why in _own(scope)]


def _url(one: Letter) -> str:
    return reverse("letter", args=[one.pk])


def _check(one: Letter, term: LetterCheck.Term, name: str = "letter-check") -> str:
    return reverse(name, args=[one.pk, term.value])
