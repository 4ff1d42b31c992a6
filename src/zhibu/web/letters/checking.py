"""Half-year and year's end: the unit reports, the superior judges, the unit answers, then it is final. Each with its
audit line; nothing is final that the unit has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.letters import queries, wording
from zhibu.web.letters.breaking import OWNERS
from zhibu.web.letters.issuing import ISSUERS
from zhibu.web.letters.models import Letter, LetterCheck, LetterMark
from zhibu.web.library.models import Document
from zhibu.web.library.queries import documents
from zhibu.web.records.models import Record

State, Term = LetterCheck.State, LetterCheck.Term


@dataclass(frozen=True, slots=True)
class Told:
    """Of one clause, by the unit. `proof`: number of an activity record, number or title of a document, or empty."""

    did: str = ""
    percent: int | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Of one clause, by the superior. At half-year there are no points."""

    points: Decimal | None = None
    reason: str = ""


@action("letters.report")
def tell(*, by: Scope, letter: Letter, term: str, told: Mapping[int, Told], send: bool) -> LetterCheck:
    """clause → what was done. Kept as a draft of the unit's, or sent. Raises Unfit: `field` is did_<clause> or the
    like."""
    kept = reached(queries.owned(by).select_for_update(of=("self",)), letter.pk, OWNERS)
    check = _check(kept, term)
    if check.state != State.OPEN:
        raise Unfit("", f"这次{check.get_state_display()}，不能再改自查")
    lines = wording.lines(wording.sections(kept))
    for line in lines:
        one = told.get(line.clause.pk, Told())
        if send and not one.did:
            raise Unfit(f"did_{line.clause.pk}", "写一句办了什么；没有办的，写没有办和原因")
        record, paper = _proof(by, kept, one.proof.strip(), f"proof_{line.clause.pk}")
        facts = {"did": one.did, "percent": one.percent, "record": record, "paper": paper}
        LetterMark.objects.unscoped(queries.SIDES).update_or_create(
            checked=check, clause=line.clause, defaults=facts
        )  # fmt: skip
    if send:
        check.state, check.reported_on = State.REPORTED, by.on
        check.save(update_fields=["state", "reported_on"])
    word = "报送" if send else "存下"
    _write(by, check, "letters.report", f"{word}责任书{check.REPORTS[term]}：{kept}", {"clauses": len(lines)})
    return check


@action("letters.report")
def untell(*, by: Scope, letter: Letter, term: str) -> LetterCheck:
    """Sent too early: the unit has it again. Raises Unfit: the superior has told the result."""
    check = _of(reached(queries.owned(by).select_for_update(of=("self",)), letter.pk, OWNERS), term)
    if check.state != State.REPORTED:
        raise Unfit("", f"这次{check.get_state_display()}，不能撤回自查")
    return _move(by, check, "letters.report", "撤回责任书自查", state=State.OPEN, reported_on=None)


@action("letters.judge")
def judge(
    *, by: Scope, letter: Letter, term: str, judged: Mapping[int, Judged], answer_by: date, reply: str = ""
) -> LetterCheck:
    """clause → points and reason; the unit is told and may answer until a day. Of an answer the reply is given, and
    it is final. Raises Unfit: `field` is points_<clause> or reason_<clause>."""
    check = _of(_issued(by, letter), term)
    if check.state not in (State.REPORTED, State.ANSWERED):
        raise Unfit("", f"这次{check.get_state_display()}，现在不用评")
    answered = check.state == State.ANSWERED
    if answered and not reply:
        raise Unfit("reply", "写明对单位意见的答复：采纳了什么，没有采纳的为什么")
    if not answered and answer_by <= by.on:
        raise Unfit("answer_by", f"给单位看结果留出时间，写今天（{by.on}）以后的一天")
    for line in wording.lines(wording.sections(check.letter)):
        _mark(check, line, judged.get(line.clause.pk, Judged()))
    if answered:
        return _move(
            by, check, "letters.judge", "答复意见并定下责任书结果", state=State.FINAL, final_on=by.on, reply=reply
        )
    return _move(
        by, check, "letters.judge", "告知责任书检查结果", state=State.JUDGED, judged_on=by.on, answer_by=answer_by
    )


def _mark(check: LetterCheck, line: wording.Line, one: Judged) -> None:
    pk = line.clause.pk
    if check.term == Term.YEAR:
        if one.points is None or not 0 <= one.points <= line.points:
            raise Unfit(f"points_{pk}", f"写 0 到 {line.points.normalize():f} 的分，可以有两位小数")
        if one.points < line.points and not one.reason:
            raise Unfit(f"reason_{pk}", "没有给满分，写明为什么")
    rows = LetterMark.objects.unscoped(queries.SIDES).filter(checked=check, clause=pk)
    rows.update(points=one.points if check.term == Term.YEAR else None, reason=one.reason)


@action("letters.report")
def answer(*, by: Scope, letter: Letter, term: str, text: str = "") -> LetterCheck:
    """The unit has seen the result: with an opinion it goes back to the superior, without one it is final."""
    check = _of(reached(queries.owned(by).select_for_update(of=("self",)), letter.pk, OWNERS), term)
    if check.state != State.JUDGED:
        raise Unfit("text", f"这次{check.get_state_display()}，现在不用答复")
    if not text:
        return _move(by, check, "letters.report", "对责任书检查结果没有意见", state=State.FINAL, final_on=by.on,
                     answered_on=by.on)  # fmt: skip
    return _move(
        by, check, "letters.report", "对责任书检查结果提出意见", state=State.ANSWERED, answer=text, answered_on=by.on
    )


@action("letters.judge")
def settle(*, by: Scope, letter: Letter, term: str) -> LetterCheck:
    """The day for an answer is over and none came. Raises Unfit."""
    check = _of(_issued(by, letter), term)
    if check.state != State.JUDGED or check.answer_by is None or check.answer_by >= by.on:
        raise Unfit("", f"单位答复期限（{check.answer_by}）过了还没有答复，才能直接定下")
    return _move(by, check, "letters.judge", "过了答复期限，定下责任书结果", state=State.FINAL, final_on=by.on)


@action("letters.judge")
def reopen(*, by: Scope, letter: Letter, term: str, text: str) -> LetterCheck:
    """A result told or final was wrong: judged anew, told anew. The reason stays. Raises Unfit."""
    check = _of(_issued(by, letter), term)
    if check.state not in (State.JUDGED, State.FINAL):
        raise Unfit("text", f"这次{check.get_state_display()}，不用重新打开")
    return _move(
        by, check, "letters.judge", "重新打开责任书检查", state=State.REPORTED, judged_on=None, answer_by=None,
        final_on=None, answered_on=None, answer="", reply="", reopened_on=by.on, reopened_why=text,
    )  # fmt: skip


def _check(letter: Letter, term: str) -> LetterCheck:
    """The row of a check that begins with its first word."""
    if not letter.signed:
        raise Unfit("", "签订以后才有检查")
    if term not in letter.days:
        raise Unfit("", "这份责任书没有这次检查")
    made, _ = LetterCheck.objects.unscoped(queries.SIDES).get_or_create(letter=letter, term=term)
    made.letter = letter
    return made


def _of(letter: Letter, term: str) -> LetterCheck:
    rows = LetterCheck.objects.unscoped(queries.SIDES).filter(letter=letter, term=term).select_for_update(of=("self",))
    if (found := rows.first()) is None or not letter.signed:
        raise Unfit("", "单位还没有报自查")
    found.letter = letter
    return found


def _issued(by: Scope, letter: Letter) -> Letter:
    return reached(queries.issued(by).select_for_update(of=("self",)), letter.pk, ISSUERS)


def _proof(by: Scope, letter: Letter, word: str, field: str) -> tuple[Record | None, Document | None]:
    """What exists under this word: a record of the unit or below it, a document that binds it."""
    if not word:
        return None, None
    rows = Record.objects.below(by, letter.unit.path).filter(withdrawn_at=None, number=word)
    if record := rows.first():
        return record, None
    if paper := documents(by).filter(Q(number=word) | Q(title=word)).first():
        return None, paper
    raise Unfit(field, "本单位没有这个编号的活动记录，制度库里也没有这个文号或名称的文件。不附的清空这一格")


def _move(by: Scope, check: LetterCheck, name: str, said: str, **to: Any) -> LetterCheck:
    old = {column: str(value) for column in to if (value := getattr(check, column)) not in (None, "")}
    for column, value in to.items():
        setattr(check, column, value)
    check.save(update_fields=list(to))
    new = {column: str(value) for column, value in to.items() if value not in (None, "")}
    _write(by, check, name, f"{said}（{check.get_term_display()}）：{check.letter}", new, old)
    return check


def _write(by: Scope, check: LetterCheck, name: str, sentence: str, new: dict, old: dict | None = None) -> None:
    letter = check.letter
    own = letter.unit if letter.unit_id == by.organisation_id else letter.organisation
    write(
        by=by, action=name, sentence=sentence, thing=check, organisation=own, old=old, new=new, happened_on=by.on
    )  # fmt: skip
