"""Explains one score: each dimension, rule and verdict with its share of the total, each adjustment, rank and grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow.compute as pc

from zhibu.engine.conditions import Row
from zhibu.engine.facts.rejections import about
from zhibu.engine.facts.shape import ROW
from zhibu.engine.plan import Plan
from zhibu.engine.scheme import Dimension, Scheme
from zhibu.engine.scores import dimension_score, round_score, total_score
from zhibu.engine.sentences import STATUS_WORDS
from zhibu.engine.trace.inquiry import Inquiry
from zhibu.engine.trace.objects import Share
from zhibu.engine.trace.shares import Adjusted, DimensionShare, RuleShare, ScoreExplanation, Side, VerdictShare
from zhibu.engine.trace.verdicts import verdicts_on
from zhibu.engine.verdict import CONCLUDED, Verdict

ZERO = Fraction(0)


class NoScoreError(LookupError):
    """The organisation has no score. The message says why."""


def explain_score(inquiry: Inquiry, subject_id: str) -> ScoreExplanation:
    """The score of an organisation under the plan's scheme, explained but for its rank. Raises NoScoreError."""
    plan, scheme = inquiry.plan, inquiry.plan.scheme
    assert scheme is not None
    return score_lines(
        scheme,
        subject_id,
        verdicts_on(inquiry, "organisation", subject_id),
        _own_adjustments(plan, subject_id),
        plan.window,
        plan.as_of,
        titles={rule.name: rule.title for book in inquiry.books for rule in book.rules},
        rejected=_rejected(plan, subject_id),
    )


def shares_of(score: ScoreExplanation, verdict: Verdict) -> tuple[Share, ...]:
    """The lines of a score that are this verdict's; none while it has no points, or no dimension names its rule."""
    return tuple(
        Share(part.title, line.should, line.got)
        for part in score.dimensions
        for rule in part.rules
        for line in rule.verdicts
        if line.verdict.order == verdict.order
    )


def score_lines(
    scheme: Scheme,
    subject_id: str,
    verdicts: Sequence[Verdict],
    adjustments: Iterable[Row],
    window: tuple[date, date],
    as_of: date,
    *,
    titles: Mapping[str, str],
    rejected: Iterable[Adjusted] = (),
) -> ScoreExplanation:
    """The same from an organisation's verdicts and the rows of its adjustments. `titles`: by `rulebook/rule`."""
    raw = [dimension_score(one, verdicts) for one in scheme.dimensions]
    if all(part is None for part in raw):
        raise NoScoreError(_nothing(scheme, subject_id, verdicts))
    weights = sum((Fraction(one.weight) for one, part in zip(scheme.dimensions, raw, strict=True) if part is not None))
    rows = sorted(adjustments, key=lambda row: row["on"])
    bonus = _side([row for row in rows if row["points"] >= 0], scheme.bonus_cap, window, as_of)
    deduction = _side([row for row in rows if row["points"] < 0], scheme.deduction_cap, window, as_of)
    dimensions = tuple(
        _dimension(one, part, verdicts, Fraction(weights), titles)
        for one, part in zip(scheme.dimensions, raw, strict=True)
    )
    exact = sum((rule.got for one in dimensions for rule in one.rules), ZERO) + bonus.total - deduction.total
    return ScoreExplanation(
        scheme=scheme.id,
        title=scheme.title,
        subject_id=subject_id,
        window=window,
        as_of=as_of,
        dimensions=dimensions,
        weights=Fraction(weights),
        bonus=bonus,
        deduction=deduction,
        rejected=tuple(rejected),
        floor=max(-exact, ZERO),
        total=total_score(scheme, raw, bonus.total, deduction.total),
        standing=None,
    )


def _nothing(scheme: Scheme, subject_id: str, verdicts: Sequence[Verdict]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for one in verdicts:
        if any(pattern.fits(one.rulebook, one.rule) for part in scheme.dimensions for pattern in part.rules):
            counts[STATUS_WORDS[one.status]] += 1
    found = "、".join(f"{word} {number} 条" for word, number in counts.items())
    why = f"列入的结论只有：{found}，都不计分" if counts else "办法所列的规则对它没有任何结论"
    return f"{subject_id} 按 {scheme.title} 没有得分：{why}"


# --- dimensions ---------------------------------------------------------------------------------------------


def _dimension(
    one: Dimension, raw: Fraction | None, verdicts: Iterable[Verdict], weights: Fraction, titles: Mapping[str, str]
) -> DimensionShare:
    own: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if any(pattern.fits(verdict.rulebook, verdict.rule) for pattern in one.rules):
            own[verdict.rulebook, verdict.rule].append(verdict)
    concluded = [verdict for found in own.values() for verdict in found if verdict.status in CONCLUDED]
    most = sum((verdict.max_points for verdict in concluded), ZERO)
    should = ZERO if raw is None else 100 * Fraction(one.weight) / weights
    rules = [_rule(name, found, should / most if most else ZERO, titles) for name, found in own.items()]
    return DimensionShare(
        id=one.id,
        title=one.title,
        weight=Fraction(one.weight),
        earned=sum((rule.earned for rule in rules), ZERO),
        most=most,
        should=should,
        score=raw,
        published=None if raw is None else round_score(raw),
        rules=tuple(rules),
    )


def _rule(name: tuple[str, str], found: list[Verdict], worth: Fraction, titles: Mapping[str, str]) -> RuleShare:
    """`worth`: of one point."""
    concluded = [one for one in found if one.status in CONCLUDED]
    earned = sum((one.points or ZERO for one in concluded), ZERO)
    most = sum((one.max_points for one in concluded), ZERO)
    return RuleShare(
        *name,
        title=titles.get("/".join(name), name[1]),
        earned=earned,
        most=most,
        should=worth * most,
        got=worth * earned,
        verdicts=tuple(VerdictShare(one, worth * one.max_points, worth * (one.points or ZERO)) for one in concluded),
        pending=tuple(one for one in found if one.status not in CONCLUDED),
    )


# --- bonus and deduction ------------------------------------------------------------------------------------


def _own_adjustments(plan: Plan, subject_id: str) -> list[Row]:
    table = plan.facts["adjustments"]
    rows: list[Row] = table.filter(pc.equal(table["subject_id"], subject_id)).to_pylist()
    return rows


def _side(rows: list[Row], cap: Decimal | None, window: tuple[date, date], as_of: date) -> Side:
    """Rows of one sign, by day. The cap is used up in that order."""
    limit = None if cap is None else Fraction(cap)
    left, lines = limit, []
    for row in rows:
        points = Fraction(row["points"])
        outside = _outside(row["on"], window, as_of)
        amount = ZERO if outside else abs(points) if left is None else min(abs(points), left)
        left = None if left is None else left - amount
        why = outside or ("" if amount == abs(points) else _over(amount, cap))
        counted = amount if points >= 0 else -amount
        lines.append(Adjusted(row["item"], row["on"], points, row["reason"], counted, why))
    total = sum((abs(line.counted) for line in lines), ZERO)
    return Side(limit, tuple(lines), total, round_score(total))


def _outside(on: date, window: tuple[date, date], as_of: date) -> str:
    if not window[0] <= on <= window[1]:
        return f"{on} 不在评价区间 {window[0]} 到 {window[1]} 内，不计"
    return f"{on} 晚于 {as_of}，按那天所知还没有，不计" if on > as_of else ""


def _over(amount: Fraction, cap: Decimal | None) -> str:
    return f"合计超过上限 {cap} 分，只计一部分" if amount else f"已到上限 {cap} 分，不计"


def _rejected(plan: Plan, subject_id: str) -> list[Adjusted]:
    tables = plan.facts.left_out.get("adjustments", ())
    rows = [row for one in tables for row in one.filter(pc.equal(one["subject_id"], subject_id)).to_pylist()]
    wrong = about(plan.facts.rejected, "adjustments", [row[ROW] for row in rows])
    return [
        Adjusted(
            row["item"],
            row["on"],
            None if row["points"] is None else Fraction(row["points"]),
            row["reason"],
            ZERO,
            f"第 {row[ROW]} 行有误，没有计入：{'；'.join(one.said for one in wrong[row[ROW]])}",
        )
        for row in rows
    ]
