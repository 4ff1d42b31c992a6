"""The reference backend: plain Python over plain rows, exact numbers, no cleverness. Serves the meaning.

Slow by intent; the fast backends must give the same tables, row for row.
"""

from __future__ import annotations

from collections.abc import Callable

from zhibu.engine import escalation, rollups, scores, verdict
from zhibu.engine.judge import judge, wanted
from zhibu.engine.owed import owed
from zhibu.engine.plan import EXCEPTIONS, Answer, Bound, Keep, Plan
from zhibu.engine.verdict import Verdict
from zhibu.engine.world import World


def answer(plan: Plan, tick: Callable[[], None]) -> Answer:
    """The four tables of an evaluation; `tick` is called after each rule."""
    found = verdicts(plan, tick)
    return Answer(
        verdicts=verdict.table(kept(found, plan.keep)),
        scores=scores.table(plan, found),
        rollups=rollups.table(plan, found),
        escalations=escalation.table(plan, found),
    )


def verdicts(plan: Plan, tick: Callable[[], None]) -> list[Verdict]:
    """Every verdict, in no order."""
    world, found = World(plan), []
    for bound in plan.rules:
        for identity in list(world.histories[bound.rule.subject]):
            found += of(world, bound, identity)
        tick()
    return found


def of(world: World, bound: Bound, identity: str) -> list[Verdict]:
    """The verdicts of one rule on one subject."""
    due = owed(world, bound, identity)
    own = wanted(world, bound.rule, identity) if due else []
    return [judge(world, bound, identity, period, row, own).verdict for period, row in due]


def kept(found: list[Verdict], keep: Keep) -> list[Verdict]:
    if keep == "none":
        return []
    return [row for row in found if keep == "all" or row.status in EXCEPTIONS]
