"""Steps and gates of a procedure as sentences, made from the data, for the shelf and the track of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from zhibu.engine import phrases
from zhibu.engine.procedures.model import (
    YES,
    Age,
    Dates,
    From,
    Gate,
    Ground,
    Lasts,
    Moment,
    Procedure,
    Share,
    Step,
    Until,
    VoteGate,
    Where,
)  # fmt: skip
from zhibu.engine.procedures.words import span
from zhibu.web.procedures import who
from zhibu.web.regulations.words import GRADES, STRENGTHS, flat_words

BASES = {"due": "应到会有表决权人数", "present": "到会人数", "seats": "应选名额", "returned": "收回的票数"}


@dataclass(frozen=True, slots=True)
class Said:
    """One limit of a step. `rests`: its clause when not the step's. `binds`: 应当, 一般, 可以, draft."""

    sentence: str
    rests: str
    binds: str


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step as the shelf shows it."""

    step: Step
    by: str
    rests: str
    grade: str
    binds: str
    limits: tuple[Said, ...]
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    asks: tuple[str, ...]
    outcomes: tuple[str, ...]
    after: tuple[str, ...]
    repeats: str


def step_words(book: Procedure, step: Step) -> StepWords:
    papers = {one.id: one.title for one in book.papers}
    values = {one.id: one.title for one in book.values}
    names = {one.id: one.title for one in book.steps}
    gates = [*step.gates, *(gate for one in step.outcomes for gate in one.gates)]
    repeats = step.repeats
    return StepWords(
        step=step,
        by=f"接收方的{who.words(step)}" if who.receives(step) else who.words(step),
        rests=rests(step.ground),
        grade=GRADES.get(step.ground.evidence, ""),
        binds=binds(step.ground),
        limits=tuple(
            Said(gate_words(gate, names, values), _other(gate.ground, step.ground), binds(gate.ground))
            for gate in dict.fromkeys(gates)
        ),
        needs=tuple(papers.get(one, one) for one in step.needs),
        makes=tuple(papers.get(one, one) for one in step.makes),
        asks=tuple(values.get(one, one) for one in (*step.asks, *step.may_ask)),
        outcomes=tuple(_outcome(one, names) for one in step.outcomes if one.id != YES),
        after=tuple(names.get(one, one) for one in step.after),
        repeats=f"每{span(repeats.every)}一次，直到“{names.get(repeats.while_open, '')}”办完" if repeats else "",
    )


def rests(ground: Ground) -> str:
    """《细则》第五条, or 没有写出处."""
    return f"{ground.source.title}{ground.clause}" if ground.source else ground.clause or "没有写出处"


def binds(ground: Ground) -> str:
    return "草稿，只提示不拦" if ground.status == "draft" else STRENGTHS.get(ground.strength, "")


def gate_words(gate: Gate, steps: Mapping[str, str], values: Mapping[str, str]) -> str:
    """The sentence of the file, else one made of its parts."""
    if gate.ground.says:
        return gate.ground.says
    match gate:
        case From(moment):
            return f"最早：{moment_words(moment, steps, values)}"
        case Until(moment, longest, because):
            more = f"；{because or '有特殊情况'}可到 {span(longest)}" if longest else ""
            return f"最晚：{moment_words(moment, steps, values)}以内{more}"
        case Lasts(length):
            return f"从开始到结束不少于 {span(length)}"
        case Age(value, years):
            return f"{values.get(value, value)}满 {years} 周岁"
        case Where(condition):
            return phrases.condition(condition, {**flat_words(), **values})
        case Dates(value, since, until):
            parts = [f"不早于{moment_words(since, steps, values)}" if since else ""]
            parts.append(f"不晚于{moment_words(until, steps, values)}" if until else "")
            return f"{values.get(value, value)}{'，'.join(filter(None, parts))}"
        case VoteGate():
            return vote_words(gate)


def vote_words(gate: VoteGate) -> str:
    quorum = f"开会：到会人数{share(gate.quorum)}；" if gate.quorum else ""
    written = "（加上事先书面提出的赞成意见）" if gate.written else ""
    passes = f"通过：赞成{written}{share(gate.passes)}" if gate.passes else ""
    return (quorum + passes).rstrip("；") or "要写票数"


def share(one: Share) -> str:
    if one.over is not None:
        return f"超过{BASES[one.of]}的 {_fraction(one.over)}"
    return f"达到{BASES[one.of]}的 {_fraction(one.at_least)}" if one.at_least is not None else ""


def moment_words(one: Moment, steps: Mapping[str, str], values: Mapping[str, str]) -> str:
    start = "开始办理" if one.opened else f"“{steps.get(one.step, one.step)}”" if one.step else ""
    start = start or values.get(one.value or "", one.value or "")
    return f"{start}当天" if one.span.n == 0 else f"{start}之后 {span(one.span)}"


def _fraction(one: Fraction | None) -> str:
    return f"{one.numerator}/{one.denominator}" if one else "0"


def _outcome(one: object, steps: Mapping[str, str]) -> str:
    to, ends, most = one.to, one.ends, one.at_most  # type: ignore[attr-defined]
    leads = f"，回到“{steps.get(to, to)}”" if to else f"，{ends}" if ends else ""
    return f"{one.title}{leads}{f'（最多 {most} 次）' if most else ''}"  # type: ignore[attr-defined]


def _other(ground: Ground, step: Ground) -> str:
    said = rests(ground)
    return "" if said == rests(step) else said
