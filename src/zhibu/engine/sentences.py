"""Turns a rule into one Chinese sentence. Serves the reader: no meaning is decided here.

`words` maps ids (event types, kinds, columns, values) to Chinese; an id without a word is shown as it is.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from zhibu.engine.errors import EngineError
from zhibu.engine.phrases import Words, condition, plain, tidy
from zhibu.engine.rulebooks.model import (
    After,
    All,
    Always,
    Anchored,
    Basis,
    Calendar,
    Condition,
    Equals,
    Needs,
    OneOf,
    Rule,
    Span,
)
from zhibu.engine.rulebooks.page import read_page

EVERY = {"month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}
ENDS = {"month": "月末", "quarter": "季末", "half_year": "半年末", "year": "年末"}
MODALS = {"hard": "应", "soft": "一般应", "may": "可以"}
STANDING = {"hard": "都应", "soft": "一般都应", "may": "都可以"}
STRENGTHS = {"hard": "应当", "soft": "一般", "may": "可以"}
GRADES = {"text": "条文核对过", "secondary": "二手来源，待核对", "memory": "凭记忆，待核对"}
STATUS_WORDS = {
    "met": "按时完成",
    "late": "迟完成",
    "missed": "未完成",
    "exempt": "免予评价",
    "open": "进行中",
    "upcoming": "未开始",
}
REASONS = {"partial": "存续期没有覆盖整个周期", "no basis": "基数列未填，算不出应有多少"}
SUBJECT = {"organisation": "党组织", "person": "党员", "unit": "单位"}
UNITS = {"count": "次", "days": "天", "hours": "学时", "topics": "个不同专题", "people": "名不同人员"}
COUNTERS = {"days": "天", "months": "个月", "working_days": "个工作日"}


def sentence(rule: Rule, words: Words | None = None) -> str:
    """Such as 党支部每季度应至少召开 1 次支部党员大会，季末后 10 天内记录算按时。"""
    words = words or {}
    who, modal = whom(rule, words), MODALS[rule.strength]
    if isinstance(rule.clock, Always):
        modal = STANDING[rule.strength]
        return tidy(f"{who}任何时候{modal}满足：{condition(rule.clock.condition, words)}。")
    assert rule.needs is not None
    demand = needed(rule.needs, words)
    extra = f"（{condition(rule.needs.where, words)}）" if rule.needs.where is not None else ""
    return tidy(f"{who}{when(rule, words)}{modal}{demand}{extra}，{recorded(rule)}。")


def whom(rule: Rule, words: Words) -> str:
    """The subjects, named by their kind where the condition does so."""
    kinds, rest = _kinds(rule.where)
    name = "、".join(plain(kind, words) for kind in kinds) or SUBJECT[rule.subject]
    return f"{name}（{condition(rest, words)}）" if rest is not None else name


def _kinds(where: Condition | None) -> tuple[tuple[object, ...], Condition | None]:
    """The kinds a condition names, and what else it asks."""
    match where:
        case Equals(column="kind", value=value):
            return (value,), None
        case OneOf(column="kind", values=values):
            return values, None
        case All(parts) if parts:
            named = [part for part in parts if _kinds(part)[0]]
            rest = tuple(part for part in parts if part not in named[:1])
            return _kinds(named[0])[0] if named else (), All(rest) if len(rest) != 1 else rest[0]
    return (), where


def when(rule: Rule, words: Words) -> str:
    match rule.clock:
        case Calendar(unit):
            return EVERY[unit]
        case Anchored(months, column):
            return f"自{plain(column, words)}起每 {_months(months)}"
        case After(event, column, within, not_before):
            trigger = f"每次{plain(event, words)}后" if event else f"{plain(column, words)}后"
            start = f"满 {span(not_before)}、" if not_before else " "
            return f"{trigger}{start}{span(within)}内"
    return "任何时候都"


def span(one: Span) -> str:
    return f"{one.n} {COUNTERS[one.unit]}"


def _months(months: int) -> str:
    return f"{months // 12} 年" if months % 12 == 0 else f"{months} 个月"


def needed(needs: Needs, words: Words) -> str:
    names = [plain(event, words) for event in needs.event]
    what, amount = "或".join(names), amount_words(needs)
    if needs.measure == "count":
        verb = "召开" if all(name.endswith(("会", "会议")) for name in names) else "开展"
        if isinstance(needs.at_least, Basis):
            return f"{verb}{what}，次数不少于{basis_words(needs.at_least, words)}"
        return f"至少{verb} {amount} 次{what}"
    unit = UNITS[needs.measure]
    if isinstance(needs.at_least, Basis):
        return f"开展{what}，合计{unit}数不少于{basis_words(needs.at_least, words)}"
    return f"开展{what}，合计至少 {amount} {unit}"


def amount_words(needs: Needs) -> str:
    return number(Fraction(needs.at_least)) if isinstance(needs.at_least, Decimal) else ""


def basis_words(basis: Basis, words: Words) -> str:
    times = "" if basis.times == 1 else f"的 {number(Fraction(basis.times))} 倍"
    rounding = {"up": "（不足一的进为一）", "down": "（零头舍去）", None: ""}[basis.round]
    return f"{plain(basis.column, words)}{times}{rounding}"


def recorded(rule: Rule) -> str:
    """Until when a record is timely."""
    end = ENDS[rule.clock.unit] if isinstance(rule.clock, Calendar) else "到期"
    return f"{end}后 {rule.grace} 天内记录算按时" if rule.grace else f"{end}当日及以前记录算按时"


def number(value: Fraction) -> str:
    """A number as one would write it: 3, 0.5; thirds with two decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.6f}".rstrip("0")
    return text if Fraction(text) == value else f"{float(value):.2f}"


def read_words(path: Path | str) -> dict[str, str]:
    """The file of words (`words: {category: {id: word}}`) as one mapping; the category `short` is left out.

    Of an id in two categories the first word is taken. Raises EngineError with every fault.
    """
    page, root, _ = read_page(Path(path))
    found = page.mapping(root, "用词表", ("words",), ("words",)) if root is not None else {}
    pairs = [
        (identity, page.text(word, f"“{identity}”的用词"))
        for _, name, group in (page.pairs(found["words"], "words") if "words" in found else ())
        if name != "short"
        for _, identity, word in page.pairs(group, name)
    ]
    if page.faults:
        raise EngineError(page.faults)
    return dict(reversed(pairs))
