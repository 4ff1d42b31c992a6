"""Explains one verdict: rule, source, arithmetic, what counted, what nearly did, what can still be done."""

from __future__ import annotations

from zhibu.engine.conditions import Row
from zhibu.engine.judge import Judgement, judge
from zhibu.engine.measures import measured
from zhibu.engine.owed import owed
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import Rule
from zhibu.engine.sentences import sentence
from zhibu.engine.trace.absent import absence
from zhibu.engine.trace.arithmetic import arithmetic
from zhibu.engine.trace.inquiry import Inquiry
from zhibu.engine.trace.near import excuses, near
from zhibu.engine.trace.objects import Counted, Explanation, NoVerdictError
from zhibu.engine.trace.remedies import remedies
from zhibu.engine.verdict import Verdict
from zhibu.engine.world import World


def explain(inquiry: Inquiry, rule: str, subject_id: str, period: str) -> Explanation:
    """The verdict of `rulebook/rule` on a subject for the period with that label, explained.

    Raises NoVerdictError, which says why, when an evaluation with the same arguments has no such row.
    """
    for bound, written in inquiry.versions(rule):
        world = inquiry.world(bound.rule.subject, subject_id)
        for found, row in owed(world, bound, subject_id):
            if found.label == period:
                return _explanation(inquiry, world, bound, written, judge(world, bound, subject_id, found, row))
    raise NoVerdictError(absence(inquiry, rule, subject_id, period))


def verdicts_on(inquiry: Inquiry, subject: str, identity: str) -> list[Verdict]:
    """Every verdict on one subject, by rule and day."""
    world, found = inquiry.world(subject, identity), []
    for bound in inquiry.plan.rules:
        if bound.rule.subject == subject:
            found += [
                judge(world, bound, identity, period, row).verdict for period, row in owed(world, bound, identity)
            ]
    return sorted(found, key=lambda verdict: verdict.order)


def _explanation(inquiry: Inquiry, world: World, bound: Bound, written: Rule, found: Judgement) -> Explanation:
    plan, words, rule = inquiry.plan, inquiry.words, bound.rule
    return Explanation(
        rule=written,
        sentence=sentence(written, words),
        source=rule.source,
        clause=rule.clause,
        grade=rule.evidence,
        strength=rule.strength,
        verdict=found.verdict,
        arithmetic=tuple(arithmetic(world, bound, found, words)),
        counted=tuple(_counted(rule, found, event) for event in found.belonging),
        near=near(plan, rule, found, words),
        excuses=excuses(plan, rule, found),
        remedies=remedies(rule, found, plan.as_of, words),
    )


def _counted(rule: Rule, found: Judgement, event: Row) -> Counted:
    assert rule.needs is not None
    timely, note = event in found.timely, "按时"
    if event["makes_up"] is not None:
        note = "补课，算迟完成"
    elif not timely:
        note = f"{event['recorded_on']} 才记录，晚于 {found.verdict.deadline}，算迟完成"
    amount = measured(rule.needs.measure, [event])
    return Counted(event["event_id"], event["held_on"], event["recorded_on"], timely, amount, note)
