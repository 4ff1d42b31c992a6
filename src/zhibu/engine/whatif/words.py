"""What differs between two sides, and why an organisation moves, in Chinese. Serves the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.phrases import Words, plain
from zhibu.engine.rulebooks.model import Always, Rule, Rulebook
from zhibu.engine.scheme import Dimension, Escalation, GradeStep, Pattern, Scheme
from zhibu.engine.sentences import STATUS_WORDS, number, sentence
from zhibu.engine.whatif.comparison import Comparison
from zhibu.engine.whatif.movers import Reason
from zhibu.engine.whatif.sides import How, rules_of
from zhibu.engine.whatif.summary import titles

HOW: dict[How, str] = {
    "added": "新增",
    "removed": "去掉",
    "changed": "修改",
    "points": "分值",
    "moved": "换维度",
    "same": "不变",
}
OTHERS = {"bonus": "加分封顶", "deduction": "减分封顶", "floor": "总分不低于 0"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same on both sides; an empty text where there was, or is, nothing."""

    what: str
    before: str
    after: str


def changes(found: Comparison, words: Words) -> list[Change]:
    """Of the scheme first, then of the rules, in their order."""
    before, after = found.sides
    return [*_schemes(before.scheme, after.scheme, found, words), *_rules(found, words)]


# --- rules -----------------------------------------------------------------------------------------------------------


def _rules(found: Comparison, words: Words) -> Iterator[Change]:
    rules = [rules_of(side) for side in found.sides]
    names = titles(found)
    for moved in found.moved:
        name = moved.rulebook, moved.rule
        texts = ["；".join(_version(*one, words) for one in side.get(name, [])) for side in rules]
        if moved.how in ("added", "removed", "changed", "points") and texts[0] != texts[1]:
            yield Change(f"{HOW[moved.how]}规则“{names[name]}”（{'/'.join(name)}）", *texts)


def _version(book: Rulebook, rule: Rule, words: Words) -> str:
    until = f" 至 {book.until}" if book.until else " 起"
    partial = "" if rule.partial == "exempt" else "存续不满一期也要求，"
    return f"{sentence(rule, words)}{partial}{_points(rule)}（{book.since}{until}）"


def _points(rule: Rule) -> str:
    met, late, missed = (number(Fraction(one)) for one in (rule.points.met, rule.points.late, rule.points.missed))
    if isinstance(rule.clock, Always):
        return f"做到 {met} 分，没做到 {missed} 分"
    return f"按时 {met} 分，迟 {late} 分，没做 {missed} 分"


# --- schemes ---------------------------------------------------------------------------------------------------------


def _schemes(before: Scheme, after: Scheme, found: Comparison, words: Words) -> Iterator[Change]:
    names = titles(found)
    one, other = ({dimension.id: dimension for dimension in scheme.dimensions} for scheme in (before, after))
    for name in dict.fromkeys([*one, *other]):
        title = (other.get(name) or one[name]).title
        yield from _differing(f"维度“{title}”的权重", _weight(one.get(name)), _weight(other.get(name)))
        yield from _differing(f"维度“{title}”的规则", _own(one.get(name), names), _own(other.get(name), names))
    for (what, text), (_, text_) in zip(_rest(before, names, words), _rest(after, names, words), strict=True):
        yield from _differing(what, text, text_)


def _rest(scheme: Scheme, names: dict[tuple[str, str], str], words: Words) -> list[tuple[str, str]]:
    return [
        ("同类", plain(scheme.peer_group, words) if scheme.peer_group else "全部"),
        ("加分", _cap(scheme.bonus_cap)),
        ("减分", _cap(scheme.deduction_cap)),
        ("等次", "；".join(map(_grade, scheme.grades))),
        ("督办建议", _ladder(scheme.escalation, names)),
    ]


def _differing(what: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(what, before, after)


def _weight(dimension: Dimension | None) -> str:
    return number(Fraction(dimension.weight)) if dimension else "没有这个维度"


def _own(dimension: Dimension | None, names: dict[tuple[str, str], str]) -> str:
    return "、".join(_pattern(one, names) for one in dimension.rules) if dimension else ""


def _pattern(one: Pattern, names: dict[tuple[str, str], str]) -> str:
    return f"{one.rulebook} 全部" if one.rule is None else names.get((one.rulebook, one.rule), one.rule)


def _cap(cap: Decimal | None) -> str:
    return "不封顶" if cap is None else f"最多 {number(Fraction(cap))} 分"


def _grade(step: GradeStep) -> str:
    least = [f"{number(Fraction(step.min))} 分以上"] if step.min is not None else []
    share = [f"不超过 {number(Fraction(step.max_share) * 100)}%"] if step.max_share is not None else []
    return f"{step.grade}（{'，'.join(least + share) or '其余'}）"


def _ladder(ladder: Escalation | None, names: dict[tuple[str, str], str]) -> str:
    if ladder is None:
        return "没有"
    steps = "，".join(f"连续 {length} 期{name}" for length, name in ladder.steps)
    return f"{'、'.join(_pattern(one, names) for one in ladder.rules)}：{steps}"


# --- reasons ---------------------------------------------------------------------------------------------------------


def because(found: Comparison, reason: Reason) -> str:
    """主题党日：按时完成 12→10，未完成 0→2"""
    part = reason.part
    if part.kind == "rule":
        name = titles(found).get((part.rulebook or "", part.rule or ""), part.rule or "")
        return f"{name}：{_verdicts(found, reason)}"
    if part.kind == "weight":
        return _of_weight(found, part.dimension or "")
    return OTHERS[part.kind]


def _verdicts(found: Comparison, reason: Reason) -> str:
    if reason.statuses:
        return "，".join(
            f"{STATUS_WORDS[status]} {before}→{after}" for status, (before, after) in reason.statuses.items()
        )
    part = reason.part
    how = next((one.how for one in found.moved if (one.rulebook, one.rule) == (part.rulebook, part.rule)), "same")
    return {"points": "分值改了", "moved": "换了维度"}.get(how, "结论的分值不同")


def _of_weight(found: Comparison, dimension: str) -> str:
    one, other = ({own.id: own for own in side.scheme.dimensions} for side in found.sides)
    title = (other.get(dimension) or one[dimension]).title
    weights = _weight(one.get(dimension)), _weight(other.get(dimension))
    if dimension not in one or dimension not in other:
        return f"维度“{title}”{'新加进来' if dimension in other else '去掉'}"
    return f"维度“{title}”权重 {weights[0]}→{weights[1]}" if weights[0] != weights[1] else f"维度“{title}”占比变了"


def signed(points: float | None) -> str:
    """+1.50, −0.20; an em dash for none."""
    if points is None:
        return "——"
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points):.2f}"
