"""An explanation as a page for a terminal or a printer: plain Chinese lines, amounts in one column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.phrases import Words, plain
from zhibu.engine.sentences import GRADES, REASONS, STATUS_WORDS, STRENGTHS, SUBJECT, number
from zhibu.engine.trace.objects import Counted, Excuse, Explanation, Near, Share
from zhibu.engine.trace.remedies import Remedy
from zhibu.engine.trace.shares import Adjusted, DimensionShare, RuleShare, ScoreExplanation, Side, printed
from zhibu.engine.trace.standing import Standing
from zhibu.engine.verdict import Verdict

SHOWN = 12  # events that nearly counted, listed one by one
WIDTH = 72  # columns before an amount; a Chinese character takes two


# --- a verdict ----------------------------------------------------------------------------------------------


def verdict_page(found: Explanation) -> str:
    verdict, rule = found.verdict, found.rule
    head = (
        f"{rule.title}　{SUBJECT[rule.subject]} {verdict.subject_id}　{verdict.period}　{STATUS_WORDS[verdict.status]}"
    )
    parts = [head, *_part("规则", _rule(found)), *_part("一步一步算", _numbered(found))]
    if rule.needs is not None:
        parts += _part("算进来的活动", map(_counted, found.counted), "没有")
    if found.shares is not None:
        parts += _part("在总分里", map(_share, found.shares), "现在不计入得分")
    if verdict.status != "met":
        parts += _part("差一点、没算进来的活动", _near(found.near))
        parts += _part("没有盖住这一期的缓办", map(_excuse, found.excuses))
        parts += _part("还能怎么办", map(_remedy, found.remedies), "" if verdict.status == "exempt" else "没有")
    return "\n".join(parts) + "\n"


def _part(title: str, lines: Iterable[str], nothing: str = "") -> list[str]:
    found = [f"  {line}" for line in lines] or ([f"  {nothing}"] if nothing else [])
    return ["", title, *found] if found else []


def _rule(found: Explanation) -> Iterator[str]:
    source = found.source
    yield found.sentence
    issued = "，".join(str(part) for part in (source.issuer, source.number, source.issued) if part)
    yield f"依据：{source.title}{found.clause}" + (f"（{issued}）" if issued else "")
    yield f"力度：{STRENGTHS[found.strength]}　条文：{GRADES[found.grade]}　{found.rule.name}（{found.rule.place}）"


def _numbered(found: Explanation) -> Iterator[str]:
    yield from (f"{place}. {step.text}" for place, step in enumerate(found.arithmetic, 1))


def _counted(one: Counted) -> str:
    return f"{one.event_id}　{one.held_on} 开展，{one.recorded_on} 记录，计 {number(one.amount)}：{one.note}"


def _share(one: Share) -> str:
    return f"{one.dimension}：值 {printed(one.should):f}，得 {printed(one.got):f}"


def _near(found: tuple[Near, ...]) -> Iterator[str]:
    for one in found[:SHOWN]:
        held = f"{one.held_on} 开展" if one.held_on else "日期读不出"
        yield f"{one.event_id or '（没有编号）'}　{held}：{'；'.join(one.why)}"
    if len(found) > SHOWN:
        yield f"另有 {len(found) - SHOWN} 条，加 --json 可以看全"


def _excuse(one: Excuse) -> str:
    return f"{one.reason or '（没有事由）'}：{one.why}"


def _remedy(one: Remedy) -> str:
    until = f"最晚 {one.until}" if one.until else "没有期限"
    return f"{one.text}（{until}，做到后{STATUS_WORDS.get(one.status, one.status)}，多得 {number(one.gain)} 分）"


# --- a score ------------------------------------------------------------------------------------------------


def score_page(found: ScoreExplanation, words: Words) -> str:
    first, last = found.window
    lines = [f"{found.title}　党组织 {found.subject_id}　{first} 至 {last}，按 {found.as_of} 所知"]
    lines += [_headline(found, words), ""]
    for place, one in enumerate(found.dimensions, 1):
        lines += [*_dimension(place, one), ""]
    for name, side in (("加分", found.bonus), ("减分", found.deduction)):
        lines += _side(name, side)
    for bad in found.rejected:
        lines += [f"没有计入：{_adjusted(bad)}", f"      {bad.why}"]
    if found.floor:
        lines.append(_row("不低于 0，补上", found.floor_shown))
    lines += [_row("舍入（各行取四位小数，总分取两位）", found.rounding), _row("总分", found.total_shown), ""]
    return "\n".join([*lines, *_formula(found), *_standing(found.standing, words)]) + "\n"


def _headline(found: ScoreExplanation, words: Words) -> str:
    place = found.standing
    if place is None:
        return f"总分 {found.total_shown}"
    return (
        f"总分 {found.total_shown}　{_group(place, words)} {place.group_size} 个中第 {place.rank} 名"
        f"　等次 {place.grade or '没有'}"
    )


def _group(place: Standing, words: Words) -> str:
    if place.column is None:
        return "全部"
    value = plain(place.peer_group, words) if place.peer_group is not None else "未填"
    return f"同类（{plain(place.column, words)}：{value}）"


def _dimension(place: int, one: DimensionShare) -> Iterator[str]:
    if one.score is None or one.published is None:
        yield f"{place}. {one.title}（权重 {number(one.weight)}）：没有一条到期的结论，这个维度不计"
        yield from (f"   {line}" for rule in one.rules for line in _pending(rule))
        return
    sum_ = f"{number(one.weight)} × {digits(one.earned)} ÷ {digits(one.most)} = {digits(one.score)}"
    weight = f"权重 {number(one.weight)}，折合总分 {digits(one.should)}"
    yield f"{place}. {one.title}（{weight}）：{sum_}，维度得分 {one.published:.2f}"
    for rule in one.rules:
        yield from (f"   {line}" for line in _shares(rule))
    yield _row("   维度小计", one.shown)


def _shares(rule: RuleShare) -> Iterator[str]:
    worth = f"得 {digits(rule.earned)}，满分 {digits(rule.most)}，占总分 {digits(rule.should)}"
    yield f"{rule.title}（{rule.rulebook}/{rule.rule}）：{worth if rule.verdicts else '没有到期的'}"
    for one in rule.verdicts:
        got, most = digits(one.verdict.points or Fraction(0)), digits(one.verdict.max_points)
        text = f"   {one.verdict.period}　{STATUS_WORDS[one.verdict.status]} {got}/{most}，值 {printed(one.should):f}"
        yield _row(text, one.shown, indent=3)
    yield from (f"   {line}" for line in _pending(rule))


def _pending(rule: RuleShare) -> Iterator[str]:
    for one in rule.pending:
        yield f"{one.period}　{STATUS_WORDS[one.status]}{_reason(one)}，不计"


def _reason(verdict: Verdict) -> str:
    reason = REASONS.get(verdict.reason or "", verdict.reason or "")
    return f"（{reason}）" if reason else f"（{verdict.deadline} 到期）"


def _side(name: str, side: Side) -> Iterator[str]:
    if not side.lines:
        return
    limit = "不封顶" if side.cap is None else f"合计最多 {number(side.cap)}"
    yield f"{name}（{limit}）：{side.published:.2f}"
    for one in side.lines:
        yield _row(f"   {_adjusted(one)}", one.shown)
        yield from [f"      {one.why}"] if one.why else []


def _adjusted(one: Adjusted) -> str:
    points = "读不出" if one.points is None else f"{'+' if one.points > 0 else ''}{digits(one.points)}"
    return f"{one.on or '（没有日期）'}　{one.item or '（没有项目）'} {points}（{one.reason or '没有事由'}）"


def _formula(found: ScoreExplanation) -> Iterator[str]:
    parts = " + ".join(digits(one.score) for one in found.present if one.score is not None)
    more = f" + {digits(found.bonus.total)}" if found.bonus.total else ""
    less = f" − {digits(found.deduction.total)}" if found.deduction.total else ""
    exact = f" = {digits(found.exact)}" + ("，不低于 0" if found.floor else "")
    yield f"算式：100 ×（{parts}）÷ {number(found.weights)}{more}{less}{exact}，取两位小数 {found.total_shown}"
    yield ""


def _standing(place: Standing | None, words: Words) -> Iterator[str]:
    if place is None:
        return
    tied = f"，同分的共 {place.tied} 个" if place.tied > 1 else ""
    yield f"名次：{_group(place, words)} {place.group_size} 个，比它高的 {place.rank - 1} 个{tied}，第 {place.rank} 名"
    yield "等次，从上往下："
    yield from (f"   {rung.grade}：{rung.text}" for rung in place.rungs)
    if place.grade is None:
        yield "   没有一个等次合适"


# --- numbers and columns ------------------------------------------------------------------------------------


def digits(value: Fraction) -> str:
    """Exact where it ends within nine decimals, else nine and an ellipsis."""
    units, rest = divmod(abs(value) * 10**9, 1)
    text = f"{units // 10**9}.{units % 10**9:09}"
    text = f"{text}…" if rest else text.rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def _row(text: str, amount: Decimal, indent: int = 0) -> str:
    room = WIDTH - indent - sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
    return f"{text}{' ' * max(room, 1)}{amount:>12.4f}"
