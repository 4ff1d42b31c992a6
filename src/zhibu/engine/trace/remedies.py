"""What can still be done about a verdict, by when, and what it would gain. Serves the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhibu.engine.judge import Judgement
from zhibu.engine.phrases import Words, failures, plain
from zhibu.engine.rulebooks.model import Always, Basis, Points, Rule
from zhibu.engine.sentences import UNITS, needed, number


@dataclass(frozen=True, slots=True)
class Remedy:
    """`until`: the last day for it, None if there is no limit. `gain`: points more than by doing nothing."""

    text: str
    until: date | None
    status: str
    gain: Fraction


def remedies(rule: Rule, found: Judgement, as_of: date, words: Words) -> tuple[Remedy, ...]:
    """Best first; empty when nothing can or need be done."""
    status = found.verdict.status
    if status == "exempt":
        return _filling(rule, found, words)
    if status == "met":
        return ()
    if isinstance(rule.clock, Always):
        wrong = "；".join(failures(rule.clock.condition, found.row, words))
        return (Remedy(f"改正后重新评价：{wrong}", None, "met", _gain(rule.points, found, "met")),)
    return (*_in_time(rule, found, as_of, words), *_afterwards(rule, found, as_of))


def _filling(rule: Rule, found: Judgement, words: Words) -> tuple[Remedy, ...]:
    basis = rule.needs.at_least if rule.needs else None
    if found.verdict.reason != "no basis" or not isinstance(basis, Basis):
        return ()
    return (Remedy(f"填写{plain(basis.column, words)}后才能评价", None, "open", Fraction(0)),)


def _in_time(rule: Rule, found: Judgement, as_of: date, words: Words) -> tuple[Remedy, ...]:
    """Holding what is missing inside the period, or recording in time what was held."""
    verdict, gain = found.verdict, _gain(rule.points, found, "met")
    assert rule.needs is not None and verdict.need is not None and verdict.timely is not None
    short = _short(rule, verdict.need - verdict.timely)
    if as_of <= verdict.ends_on:
        text = f"{needed(rule.needs, words)}，还差 {short}；{verdict.ends_on} 前开展，{verdict.deadline} 前记录"
        return (Remedy(text, verdict.ends_on, "met", gain),)
    if as_of <= verdict.deadline:
        text = f"周期内已开展而未记录的，{verdict.deadline} 前补记（还差 {short}）"
        return (Remedy(text, verdict.deadline, "met", gain),)
    return ()


def _afterwards(rule: Rule, found: Judgement, as_of: date) -> tuple[Remedy, ...]:
    """Making up, or recording late: worth the points of `late`, at any time."""
    verdict, gain = found.verdict, _gain(rule.points, found, "late")
    if verdict.status == "late" or as_of <= verdict.ends_on:
        return ()
    assert verdict.need is not None and verdict.total is not None
    short = _short(rule, verdict.need - verdict.total)
    return (Remedy(f"补课并注明补 {verdict.period}，或补记周期内已开展的（还差 {short}）", None, "late", gain),)


def _short(rule: Rule, missing: Fraction) -> str:
    assert rule.needs is not None
    return f"{number(missing)} {UNITS[rule.needs.measure]}"


def _gain(points: Points, found: Judgement, status: str) -> Fraction:
    now = found.verdict.points
    return Fraction(getattr(points, status)) - (Fraction(points.missed) if now is None else now)
