"""The ballots of an election step: typed numbers → who is elected, by `engine/ballots.py` alone.

A step whose procedure writes `ballots` takes them; names are worked out, not typed. Rounds that follow each other
(另行选举) belong together: who was elected in one keeps the seat, the next fills what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from zhibu.engine import ballots as engine
from zhibu.engine.ballots import LEFT_OUT_CLASSES, Candidate, Election, ElectionResult, Impossible, LeftOut, Share
from zhibu.engine.procedures.gates import weight
from zhibu.engine.procedures.model import SKIPPED, YES, Ballots, Step, VoteGate
from zhibu.engine.procedures.votes import ballots as asked_ballots
from zhibu.web.audit.actions import Unfit
from zhibu.web.procedures import keeping
from zhibu.web.procedures.casework import scalars, start_values
from zhibu.web.procedures.library import Versions
from zhibu.web.procedures.models import Case, StepRecord

FIELD = "ballots"  # what a refusal is about
ANYBODY = Share("due", over=Fraction(0))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the next round of a case is about. `seated`: elected in the rounds before it, `tied`: who vote again."""

    ballots: Ballots
    seats: int | None  # left to fill; None: not known
    candidates: int | None
    seated: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A round as counted. `kept` is for the record, `values` and `votes` for the engine of procedures."""

    result: ElectionResult
    elected: tuple[str, ...]  # with those of the rounds before
    kept: dict[str, Any]
    values: dict[str, Any]
    votes: dict[str, int | None]


def asked(case: Case, versions: Versions, step: Step) -> Asked | None:
    """None: the step is no election, or none that is counted on this case."""
    if not step.ballots:
        return None
    records = [one for one in keeping.records_of(case) if one.undone_at is None]
    values = start_values(versions, case)
    for one in records:
        values |= scalars(versions, one.values)
    found = asked_ballots(step, values)
    if found is None:
        return None
    rounds = _rounds(records, step.id)
    seated = tuple(name for one in rounds for name in one.ballots["elected"])
    total = values.get(found.seats) if found.seats else 1
    left = max(total - len(seated), 0) if isinstance(total, int) else None
    candidates = values.get("candidates") if found.surplus and not rounds else None
    tied = tuple(rounds[-1].ballots["tied"]) if rounds else ()
    return Asked(found, left, candidates if isinstance(candidates, int) else None, seated, tied)


def count(
    case: Case, versions: Versions, step: Step, typed: Mapping[str, Any] | None, outcome: str, reason: str
) -> Count | None:
    """None where nothing is counted. Raises Unfit: ballots are missing or impossible, or give another outcome."""
    what = asked(case, versions, step)
    if what is None or outcome == SKIPPED:
        if typed is not None:
            raise Unfit(FIELD, "这一步不用填选票")
        return None
    if typed is None:
        if case.written_later:  # an old election, of which only the names may be known
            return None
        raise Unfit(FIELD, "填写发出、收回的选票和每人的得票，当选人由票数算出")
    found = counted(what, step, typed)
    _fits(what, found, outcome, reason)
    return found


def counted(what: Asked, step: Step, typed: Mapping[str, Any]) -> Count:
    """Raises Unfit with the sentence of the arithmetic."""
    try:
        round_ = _election(what, typed)
        result = _elect(round_, step)
    except Impossible as wrong:
        raise Unfit(FIELD, str(wrong)) from wrong
    elected = (*what.seated, *result.elected)
    kept = {
        "round": dict(typed), "elected": list(result.elected), "before": list(what.seated), "tied": list(result.tied),
        "tied_seats": result.tied_seats, "vacant": result.vacant, "counts": result.counts, "next": list(result.next),
        "findings": [
            {"what": one.what, "holds": one.holds, "sentence": one.sentence, "clause": str(one.clause),
             "grade": one.clause.grade}
            for one in result.findings
        ],
    }  # fmt: skip
    values: dict[str, Any] = {what.ballots.into: "、".join(elected)} if elected else {}
    if what.ballots.valid:
        values[what.ballots.valid] = round_.returned <= round_.issued
    votes: dict[str, int | None] = {"due": result.due, "present": round_.present, "yes": 0, "no": 0, "abstain": 0}
    return Count(result, elected, kept, values, votes)


def _elect(round_: Election, step: Step) -> ElectionResult:
    """A quorum that the procedure has as a draft is told with its arithmetic, and does not undo the round."""
    result = engine.elect(round_)
    gates = [gate for gate in step.gates if isinstance(gate, VoteGate) and gate.quorum]
    drafted = bool(gates) and all(weight(gate.ground) == "hint" for gate in gates)
    if result.counts or not drafted or result.findings[0].holds:
        return result
    anyway = engine.elect(replace(round_, quorum=ANYBODY))
    return replace(anyway, findings=(result.findings[0], *anyway.findings[1:]))


def _election(what: Asked, typed: Mapping[str, Any]) -> Election:
    candidates = tuple(
        Candidate(str(one["name"]).strip(), one["votes"], bool(one.get("nominated", True)))
        for one in typed["candidates"]
    )
    if not candidates:
        raise Impossible("写上候选人和每人的得票；另选的人写在另选他人一栏")
    if again := [one.name for one in candidates if one.name in what.seated]:
        raise Impossible(f"{again[0]}在前一轮已经当选，这一轮不再列")
    if what.seats is not None and typed["seats"] > what.seats:
        before = f"前一轮已选出 {len(what.seated)} 名，" if what.seated else ""
        raise Impossible(f"{before}这一轮应选 {what.seats} 名，不是 {typed['seats']} 名")
    out = tuple(
        LeftOut(why, approved=True) for why in LEFT_OUT_CLASSES for _ in range(typed.get("left_out", {}).get(why, 0))
    )
    heads = {name: typed[name] for name in ("voters", "present", "issued", "returned", "spoiled", "seats")}
    return Election(candidates=candidates, left_out=out, surplus=what.ballots.surplus, **heads)


def _fits(what: Asked, found: Count, outcome: str, reason: str) -> None:
    """The outcome that was chosen is the one the ballots give; fewer posts than planned need the voters' consent."""
    result, names = found.result, "、".join(found.elected)
    full = result.counts and not result.tied and not result.vacant
    if outcome != YES and full and found.elected:
        raise Unfit("outcome", f"名额已经选足（{names}），结果选“选举有效，已选出”")
    if outcome != YES:
        return
    if not result.counts or result.tied or not found.elected:
        told = "；".join(result.next) or "没有选出人"
        raise Unfit("outcome", f"这一轮还没有结果：{told}。结果选“另行选举”，再记下一轮")
    short = (what.seats or 0) - len(result.elected)
    if (result.vacant or short > 0) and len(reason.strip()) < 2:
        left = max(result.vacant, short)
        raise Unfit(
            "reason", f"还差 {left} 名：另行选举的，结果选“另行选举”；经半数以上选举人同意减少名额的，在“说明”里写明"
        )


def _rounds(records: Sequence[StepRecord], step: str) -> list[StepRecord]:
    """The rounds that the next one goes on from: the last records, of this step, each held again."""
    found: list[StepRecord] = []
    for one in reversed(records):
        if one.step != step or one.outcome == YES or not one.ballots:
            break
        found.insert(0, one)
    return found
