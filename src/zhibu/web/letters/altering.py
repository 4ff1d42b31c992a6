"""A signed letter is altered clause by clause, with a reason and a day; and what was altered is taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.letters import queries
from zhibu.web.letters.clausing import MOST_POINTS
from zhibu.web.letters.issuing import ISSUERS
from zhibu.web.letters.models import Letter, LetterAmendment, LetterCheck
from zhibu.web.letters.wording import line_of


@action("letters.keep")
def amend(
    *, by: Scope, letter: Letter, clause: int, text: str, measure: str, points: Decimal, due_on: date, reason: str,
    on: date, dropped: bool = False,
) -> LetterAmendment:  # fmt: skip
    """How a clause reads from the day `on`. Raises Unfit: not signed yet, the year's report is in, nothing is other."""
    kept = _own(by, letter)
    found = line_of(kept, clause)
    if found is None:
        raise Unfit("text", "责任书里没有这一条")
    if not kept.unit_signed_on or not kept.unit_signed_on <= on <= by.on:
        raise Unfit("on", f"修改日期在签订日期（{kept.unit_signed_on}）和今天（{by.on}）之间")
    if due_on.year != kept.template.year:
        raise Unfit("due_on", f"这是 {kept.template.year} 年的责任书，期限写 {kept.template.year} 年里的一天")
    if not 0 < points <= MOST_POINTS:
        raise Unfit("points", f"分值大于 0，最多 {MOST_POINTS}；不再要求的，勾“不再要求”")
    now = found[1]
    if (now.text, now.measure, now.points, now.due_on, now.dropped) == (text, measure, points, due_on, dropped):
        raise Unfit("text", "没有改动")
    made = LetterAmendment.objects.create(
        letter=kept, clause=now.clause, text=text, measure=measure, points=points, due_on=due_on, dropped=dropped,
        reason=reason, on=on, recorded_on=by.on,
    )  # fmt: skip
    old = {"text": now.text, "measure": now.measure, "points": str(now.points), "due_on": now.due_on}
    new = {"text": text, "measure": measure, "points": str(points), "due_on": due_on, "reason": reason}
    _write(by, kept, made, f"修改责任书条款：{text[:60]}", old, new)
    return made


@action("letters.keep")
def take_back(*, by: Scope, letter: Letter, amendment: LetterAmendment, text: str) -> LetterAmendment:
    """The words before hold again. Raises Unfit."""
    kept = _own(by, letter)
    rows = LetterAmendment.objects.unscoped(queries.SIDES).filter(letter=kept)
    made = reached(rows, amendment.pk, ISSUERS)
    if made.undone_on:
        raise Unfit("text", f"{made.undone_on} 已经撤销")
    made.undone_on, made.undone_why = by.on, text
    made.save(update_fields=["undone_on", "undone_why"])
    _write(by, kept, made, f"撤销责任书的修改：{made.text[:60]}", {}, {"reason": text})
    return made


def _own(by: Scope, letter: Letter) -> Letter:
    """A signed one of the own organisation whose year is not reported yet."""
    kept = reached(queries.issued(by).select_for_update(of=("self",)), letter.pk, ISSUERS)
    if not kept.signed:
        raise Unfit("text", "签订以后才作修改；还没有签订的，撤回重新下发")
    told = LetterCheck.objects.unscoped(queries.SIDES).filter(letter=kept, term=LetterCheck.Term.YEAR)
    if told.exclude(state=LetterCheck.State.OPEN).exists():
        raise Unfit("text", "单位已报年终自查，条款不再改")
    return kept


def _write(by: Scope, kept: Letter, made: LetterAmendment, sentence: str, old: dict, new: dict) -> None:
    write(
        by=by, action="letters.keep", sentence=sentence, thing=made, organisation=kept.organisation, old=old, new=new,
        happened_on=made.on,
    )  # fmt: skip
