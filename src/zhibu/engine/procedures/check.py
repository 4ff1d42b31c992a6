"""What speaks against adding a record to a case (decision 18, sections 2 to 5). Serves the meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zhibu.engine.holidays import Holidays, official
from zhibu.engine.procedures import gates, values, votes, words
from zhibu.engine.procedures.history import replay
from zhibu.engine.procedures.model import SKIPPED, Case, Outcome, Paper, Procedure, Reason, Record, Step
from zhibu.engine.procedures.moments import sight
from zhibu.engine.procedures.order import closed, days_before, nothing_left, waits_for
from zhibu.engine.procedures.past import Past
from zhibu.engine.procedures.versions import governing
from zhibu.engine.rulebooks.page import nearest


@dataclass(frozen=True, slots=True)
class Asked:
    """A record to be judged, and all it is judged by."""

    versions: Sequence[Procedure]
    procedure: Procedure
    case: Case
    past: Past
    record: Record
    today: date
    holidays: Holidays


def check(
    versions: Sequence[Procedure], case: Case, record: Record, today: date, holidays: Holidays | None = None
) -> tuple[Reason, ...]:
    """Every reason against adding this record to the case. It may be added when none of them is `refused` or
    `reason_needed`; of the latter there is none where the record has a reason. Raises EngineError where no version is
    in force on its day."""
    return against(versions, case, replay(versions, case), record, today, holidays or official())


def against(
    versions: Sequence[Procedure], case: Case, past: Past, record: Record, today: date, holidays: Holidays
) -> tuple[Reason, ...]:
    """The same for a case already replayed."""
    procedure = governing(versions, case, record.done)
    found = _reasons(Asked(versions, procedure, case, past, record, today, holidays))
    reason = bool(record.reason.strip())
    return tuple(one for one in found if not (reason and one.weight == "reason_needed"))


def _reasons(asked: Asked) -> Iterator[Reason]:
    past, procedure, record = asked.past, asked.procedure, asked.record
    if past.ended is not None or nothing_left(procedure, past):
        yield refused(f"已经办结（{past.ended or procedure.finished}），不能再记")
        return
    if not procedure.knows(record.step):
        yield refused(_unknown(asked))
        return
    step = procedure.step(record.step)
    yield from _order(asked, step)
    yield from _days(asked, step)
    if record.outcome == SKIPPED:
        yield from _skipped(step, record)
        return
    outcome = next((one for one in step.outcomes if one.id == record.outcome), None)
    if outcome is None:
        known = "、".join(f"{one.title}（{one.id}）" for one in step.outcomes)
        yield refused(f"“{step.title}”没有“{record.outcome}”这种结果，可选：{known}")
        return
    yield from _outcome(asked, step, outcome)
    yield from _values(asked, step, outcome)
    yield from _papers(asked, step)
    yield from _gates(asked, step, outcome)


def refused(sentence: str, possible: date | None = None, *, of_day: bool = False) -> Reason:
    return Reason("refused", sentence, possible_on=possible, of_day=of_day)


def _unknown(asked: Asked) -> str:
    found = [one for one in asked.versions if one.knows(asked.record.step)]
    version, step = asked.procedure.version, asked.record.step
    if found:
        title, names = found[0].step(step).title, "、".join(one.version for one in found)
        return f"{asked.record.done} 按 {version} 版办，其中没有“{title}”这一步；它在 {names} 版里"
    return f"没有“{step}”这一步。{nearest(step, [one.id for one in asked.procedure.steps])}"


def _order(asked: Asked, step: Step) -> Iterator[Reason]:
    before = waits_for(asked.procedure, asked.past, step)
    if before:
        names = "、".join(f"“{words.title(asked.procedure, one)}”" for one in before)
        yield refused(f"要先办{names}，再办“{step.title}”")
    if closed(asked.procedure, asked.past, step):
        assert step.repeats is not None
        yield refused(f"“{words.title(asked.procedure, step.repeats.while_open)}”已经办了，不再记“{step.title}”")
    elif step.repeats is None and (days := asked.past.days(step.id)):
        yield refused(f"“{step.title}”已经办过（{days[-1]}）。要改请先撤回那一次")


def _days(asked: Asked, step: Step) -> Iterator[Reason]:
    record, case = asked.record, asked.case
    if record.done > asked.today:
        yield refused(f"日期 {record.done} 还没到，改为今天（{asked.today}）或以前的日期", of_day=True)
    if record.begun is not None and record.begun > record.done:
        yield refused(f"开始的日期 {record.begun} 晚于办完的日期 {record.done}，请核对")
    if record.done < case.opened and not case.written_later:
        yield refused(f"{record.done} 还没有开始办理（{case.opened} 开始）", case.opened, of_day=True)
    before = max(days_before(asked.procedure, asked.past, step), default=None)
    if before is not None and record.done < before:
        yield refused(f"“{step.title}”不能早于前面的步骤（{before}）", before, of_day=True)


def _skipped(step: Step, record: Record) -> Iterator[Reason]:
    if not step.skippable:
        yield Reason("refused", f"“{step.title}”不能略过", words.clause(step.ground))
    elif not record.reason.strip():
        yield Reason("reason_needed", f"略过“{step.title}”要写明原因", words.clause(step.ground))


def _outcome(asked: Asked, step: Step, outcome: Outcome) -> Iterator[Reason]:
    if outcome.at_most is not None and asked.past.times(step.id, outcome.id) >= outcome.at_most:
        said = f"“{step.title}”的结果“{outcome.title}”至多 {outcome.at_most} 次，已经有过了"
        yield Reason("refused", said, words.clause(step.ground))
    if asked.record.votes is not None:
        yield from map(refused, votes.faults(asked.record.votes))


def _values(asked: Asked, step: Step, outcome: Outcome) -> Iterator[Reason]:
    given, known = asked.record.values, {one.id: one for one in asked.procedure.values}
    needed = dict.fromkeys((*step.asks, *outcome.asks))
    for key in needed:
        if key not in given:
            yield refused(f"请填“{words.value(asked.procedure, key)}”")
    for key, one in given.items():
        if key not in needed and key not in step.may_ask:
            yield refused(f"“{step.title}”这一步不填“{words.value(asked.procedure, key)}”")
        elif key in known and not values.fits(known[key], one):
            yield refused(values.wanted(known[key]))


def _papers(asked: Asked, step: Step) -> Iterator[Reason]:
    known = {one.id for one in asked.procedure.papers}
    for key in sorted(asked.record.papers - known):
        yield refused(f"没有“{key}”这种材料。{nearest(key, sorted(known))}")
    short = missing(asked.procedure, asked.past, step, asked.record.papers)
    if short:
        names = "、".join(paper.title for paper in short)
        yield Reason(gates.weight(step.ground), f"还缺材料：{names}", words.clause(step.ground))


def missing(procedure: Procedure, past: Past, step: Step, handed_in: frozenset[str] = frozenset()) -> tuple[Paper, ...]:
    """The papers the step needs and that are not there."""
    there = past.papers() | handed_in
    return tuple(paper for paper in procedure.papers if paper.id in step.needs and paper.id not in there)


def _gates(asked: Asked, step: Step, outcome: Outcome) -> Iterator[Reason]:
    seen = sight(asked.procedure, asked.case, asked.past, asked.holidays, asked.record.values)
    for gate in (*step.gates, *outcome.gates):
        yield from gates.of_record(gate, seen, asked.record)
