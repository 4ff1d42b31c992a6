"""Whether a procedure can be gone through at all: circles, ways back, days that can't be, steps never reached."""

from __future__ import annotations

from collections.abc import Iterator

from zhibu.engine.errors import Fault
from zhibu.engine.procedures import words
from zhibu.engine.procedures.gates import weight
from zhibu.engine.procedures.limits import value_of
from zhibu.engine.procedures.model import YES, Dates, From, Moment, Procedure, Span, Step, Until, VoteGate

DAYS = {"days": (1, 1), "months": (28, 31), "years": (365, 366)}  # of one, at least and at most


def faults(procedure: Procedure) -> list[Fault]:
    """Its names are known to be right. A circle hides the rest."""
    circles = [
        Fault(step.place, f"步骤“{step.id}”绕了一圈又要等自己", "请检查 after 和 before")
        for step in procedure.steps
        if step.id in procedure.following(step.id)
    ]
    return circles or [fault for step in procedure.steps for fault in _step(procedure, step)]


def _step(procedure: Procedure, step: Step) -> Iterator[Fault]:
    following = procedure.following(step.id)
    yield from _outcomes(procedure, step)
    yield from _closing(procedure, step)
    yield from _moments(step, following)
    yield from _days(step)
    yield from _papers(procedure, step, following)
    yield from _values(procedure, step, following)
    yield from _ballots(procedure, step)


def _ballots(procedure: Procedure, step: Step) -> Iterator[Fault]:
    """What an election writes is of the right type and asked for by its step."""
    types = {value.id: value.type for value in procedure.values}
    asked = {*step.asks, *step.may_ask}
    for one in step.ballots:
        for key, name, kind in (
            ("into", one.into, "text"),
            ("seats", one.seats, "whole"),
            ("valid", one.valid, "flag"),
        ):
            if name is not None and types.get(name, kind) != kind:
                yield Fault(
                    step.place, f"ballots 的 {key} 是“{name}”，它的类型不是 {kind}", f"请换一个 type: {kind} 的值"
                )
        for name in (one.into, one.valid):
            if name is not None and name not in asked:
                yield Fault(step.place, f"ballots 写入“{name}”，这一步却不填它", "请把它写进 asks 或 may_ask")


def _outcomes(procedure: Procedure, step: Step) -> Iterator[Fault]:
    voted = any(isinstance(gate, VoteGate) and gate.passes for gate in (*step.gates, *step.outcomes[0].gates))
    for one in step.outcomes:
        if one.to is not None and one.to != step.id and step.id not in procedure.following(one.to):
            wrong = f"“{step.id}”的结果 {one.id} 退回到“{one.to}”，它不在这一步前面"
            yield Fault(step.place, wrong, "to 只能是这一步自己或它前面的步骤")
        if voted and one.id != YES and one.to is None and one.ends is None:
            wrong = f"“{step.id}”要表决通过，结果 {one.id} 却既不退回也不办结"
            yield Fault(step.place, wrong, "没有通过的，请写 to 或 ends")


def _closing(procedure: Procedure, step: Step) -> Iterator[Fault]:
    if step.repeats is None:
        return
    closing = procedure.step(step.repeats.while_open)
    if closing.repeats is not None:
        yield Fault(step.place, f"“{step.id}”的 while_open 是“{closing.id}”，它自己也要重复", "请换一个只办一次的步骤")
    elif step.id == closing.id or step.id in procedure.following(closing.id):
        wrong = f"“{step.id}”永远办不到：它在“{closing.id}”之后，又只在“{closing.id}”办之前记"
        yield Fault(step.place, wrong, "while_open 应是后面的步骤")


def _moments(step: Step, following: frozenset[str]) -> Iterator[Fault]:
    """Days read from a step that comes later, or from itself before it was ever done."""
    for gate in (*step.gates, *(gate for one in step.outcomes for gate in one.gates)):
        for moment in _of(gate):
            own = moment.step == step.id and not isinstance(gate, Until)
            if moment.step in following or own:
                wrong = f"“{step.id}”的期限要看“{moment.step}”，它在这一步之后才办"
                yield Fault(step.place, wrong, "期限只能从前面的步骤算起")


def _of(gate: object) -> list[Moment]:
    if isinstance(gate, (From, Until)):
        return [gate.moment]
    return [one for one in (gate.since, gate.until) if one] if isinstance(gate, Dates) else []


def _days(step: Step) -> Iterator[Fault]:
    """A `from` that is later than an `until` of the same moment, whatever the day."""
    firsts = [gate for gate in step.gates if isinstance(gate, From) and weight(gate.ground) != "hint"]
    lasts = [gate for gate in step.gates if isinstance(gate, Until) and weight(gate.ground) != "hint"]
    for first in firsts:
        for last in lasts:
            same = _base(first.moment) == _base(last.moment)
            if same and _longer(first.moment.span, last.longest or last.moment.span):
                wrong = f"“{step.id}”要满 {words.span(first.moment.span)}，又要在 {words.span(last.moment.span)}内"
                yield Fault(step.place, wrong, "没有一天能两样都合，请改 from 或 until")


def _base(moment: Moment) -> tuple[str | None, str | None]:
    return moment.step, moment.value


def _longer(one: Span, other: Span) -> bool:
    """In every calendar."""
    if one.unit == other.unit:
        return one.n > other.n
    if other.unit == "working_days":
        return False  # how many days they take, nobody knows
    least = one.n if one.unit == "working_days" else one.n * DAYS[one.unit][0]
    return least > other.n * DAYS[other.unit][1]


def _papers(procedure: Procedure, step: Step, following: frozenset[str]) -> Iterator[Fault]:
    for paper in step.needs:
        makers = {one.id for one in procedure.steps if paper in one.makes}
        if makers and makers <= {*following, step.id}:
            wrong = f"“{step.id}”需要材料“{paper}”，它由后面的步骤或这一步自己产生"
            yield Fault(step.place, wrong, "请放到 makes，或由前面的步骤产生")


def _values(procedure: Procedure, step: Step, following: frozenset[str]) -> Iterator[Fault]:
    """A gate whose value nobody can have given when the step is recorded."""
    given = {value.id for value in procedure.values if value.at_start}
    for one in procedure.steps:
        if one.id not in following:
            given |= {*one.asks, *one.may_ask}.union(*(outcome.asks for outcome in one.outcomes))
    for gate in step.gates:
        value = gate.value if isinstance(gate, Dates) else value_of(gate)
        if value is not None and value not in given and not isinstance(gate, Until):
            wrong = f"“{step.id}”要看“{value}”，可前面没有一步填它"
            yield Fault(step.place, wrong, "请在前面的步骤写 asks，或给这个值写 at_start: true")
