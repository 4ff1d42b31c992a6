"""Votes on a question: exact shares of a named base (decision 18, section 5). Serves the meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhibu.engine.ballots import Share
from zhibu.engine.conditions import holds
from zhibu.engine.procedures.model import YES, Ballots, Step, VoteGate, Votes
from zhibu.engine.rulebooks.model import Scalar

BASES = {"due": "应到会", "present": "实到会", "seats": "应有名额", "returned": "收回的票"}


def ballots(step: Step, values: Mapping[str, Scalar]) -> Ballots | None:
    """The election this step is on a case with these values; None: it is none, or none is written for them."""
    return next((one for one in step.ballots if one.where is None or holds(one.where, values)), None)


def faults(votes: Votes) -> Iterator[str]:
    """What no count of heads can be."""
    heads = (votes.due, votes.present, votes.yes, votes.no, votes.abstain, votes.written_yes)
    if any(number < 0 for number in (*heads, votes.seats or 0, votes.returned or 0)):
        yield "表决的人数不能是负数"
    if votes.present > votes.due:
        yield f"实到 {votes.present} 人多于应到 {votes.due} 人，请核对"
    if (counted := votes.yes + votes.no + votes.abstain) > votes.present:
        yield f"赞成、反对、弃权合计 {counted} 票，多于实到 {votes.present} 人，请核对"
    if votes.written_yes > max(votes.due - votes.present, 0):
        yield f"书面赞成 {votes.written_yes} 人，多于没有到会的 {max(votes.due - votes.present, 0)} 人，请核对"


def failures(gate: VoteGate, votes: Votes | None, outcome: str) -> Iterator[str]:
    """Why the gate does not hold. `yes` needs both shares, any other outcome only the quorum."""
    passes = gate.passes if outcome == YES else None
    if votes is None:
        if gate.quorum or passes:
            yield "还没有填表决的人数：请填应到、实到和赞成、反对、弃权各几人"
        return
    if gate.quorum and (said := _short(gate.quorum, votes.present, votes, "实到")):
        yield said
    written = votes.written_yes if gate.written else 0
    if passes and (said := _short(passes, votes.yes + written, votes, "赞成" + ("（含书面意见）" if written else ""))):
        yield said


def _short(share: Share, count: int, votes: Votes, what: str) -> str:
    base: int | None = getattr(votes, share.of)
    if base is None:
        return f"还没有填{BASES[share.of]}的数目，算不出{what}够不够"
    if share.holds(count, base):
        return ""
    least = share.least(base)
    needed = f"至少 {least} 人" if 0 < least <= base else "人数不够"
    than = "超过" if share.over is not None else "不少于"
    return f"{what} {count} 人，要{than}{BASES[share.of]} {base} 的 {share.part}，{needed}"
