"""A vote at a meeting on record: the engine's shares applied to the heads a branch wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from zhibu.engine.ballots import Share
from zhibu.engine.procedures.model import Votes
from zhibu.engine.procedures.votes import faults as _faults
from zhibu.web.regulations.activities import read


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the matter passed, and the sentence with its arithmetic."""

    passed: bool
    says: str


def faults(heads: Mapping[str, int]) -> list[str]:
    """What no count of heads can be; `heads`: due, present, yes, no, abstain."""
    return list(_faults(Votes(**heads)))


def outcome(heads: Mapping[str, int]) -> Outcome:
    """通过: more than half of those with the right to vote, where enough of them were there."""
    due, present, yes = heads["due"], heads["present"], heads["yes"]
    quorum, passes = share("quorum"), share("passes")
    if not quorum.holds(present, due):
        least = quorum.least(due)
        return Outcome(False, f"有表决权的到会 {present} 人，{quorum.words()}才能表决，至少 {least} 人")
    if not passes.holds(yes, due):
        return Outcome(False, f"没有通过：赞成 {yes} 票，{passes.words()}才通过，至少 {passes.least(due)} 票")
    return Outcome(True, f"通过：赞成 {yes} 票，{passes.words()}（{due} 人）")


@cache
def share(name: str) -> Share:
    """`quorum` or `passes` of the packs."""
    row = read()["vote"][name]
    parts = {key: Fraction(value) for key, value in row.items() if key != "of"}
    return Share(row["of"], **parts)
