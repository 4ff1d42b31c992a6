"""The dated table of dues: brackets, ranges and fixed sums, each with its clause; and the arithmetic of one rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from zhibu.engine.errors import EngineError, Fault, Place

FEN = Decimal("0.01")
ROUNDING = "四舍五入到分"


class NotInRange(ValueError):
    """A base or a chosen sum that the rate does not allow; `str()` is the sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """`up_to`: yuan, inclusive; None: no limit. `percent` of the whole base."""

    up_to: Decimal | None
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """One kind of payer: brackets of a base, a sum chosen in a range, or a fixed sum. Yuan a month."""

    kind: str
    word: str
    clause: str
    brackets: tuple[Bracket, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def needs_base(self) -> bool:
        """Whether a base or a chosen sum must be told; a fixed sum needs none."""
        return bool(self.brackets) or self.least != self.most

    def amount(self, base: Decimal | None) -> tuple[Decimal, str]:
        """Yuan a month and the arithmetic in words. Raises NotInRange for a base that is missing or not possible."""
        if not self.needs_base:
            assert self.least is not None
            return self.least.quantize(FEN), f"{self.word}每月 {self.least.quantize(FEN)} 元"
        if base is None:
            raise NotInRange("写明交纳基数" if self.brackets else f"写明每月交多少，{self.least}—{self.most} 元")
        if not base.is_finite() or base < 0 or base >= 10**9 or base != base.quantize(FEN):
            raise NotInRange("金额是不小于 0、最多两位小数的元数，如 4200.50")
        if self.brackets:
            return self._by_bracket(base)
        assert self.least is not None and self.most is not None
        if not self.least <= base <= self.most:
            raise NotInRange(f"{self.word}每月 {self.least}—{self.most} 元（{self.clause}），{base} 元不在范围内")
        return base.quantize(FEN), f"{self.word}在每月 {self.least}—{self.most} 元内选定 {base.quantize(FEN)} 元"

    def _by_bracket(self, base: Decimal) -> tuple[Decimal, str]:
        below = Decimal(0)
        for one in self.brackets:
            if one.up_to is None or base <= one.up_to:
                break
            below = one.up_to
        due = (base * one.percent / 100).quantize(FEN, ROUND_HALF_UP)
        rate, where = f"{one.percent.normalize():f}%", _limits(below, one.up_to)
        why = f"基数 {base.quantize(FEN)} 元，{where}，按全部基数的 {rate}：{base} × {rate} = {due} 元（{ROUNDING}）"
        return due, why


def _limits(below: Decimal, up_to: Decimal | None) -> str:
    if up_to is None:
        return f"{below} 元以上（不含）"
    return f"{below} 元以上（不含）至 {up_to} 元（含）" if below else f"{up_to} 元以下（含）"


@dataclass(frozen=True, slots=True)
class Table:
    """One version: from which day, from which document, how surely known (text, secondary, memory)."""

    since: date
    source: str
    evidence: str
    rates: Mapping[str, Rate]
    large: Decimal  # a voluntary payment of this much or more is passed up
    large_clause: str
    back_pay: int  # months that may be made up
    back_pay_clause: str
    withdrawn: int  # months in a row without cause
    withdrawn_clause: str
    relief_clause: str
    vote_clause: str
    uses: Mapping[str, str]
    uses_clause: str


def table_on(tables: Iterable[Table], day: date) -> Table:
    """The version in force on a day. Raises LookupError before the first."""
    found = [one for one in tables if one.since <= day]
    if not found:
        raise LookupError(f"{day} 还没有党费标准")
    return max(found, key=lambda one: one.since)


def read(path: Path | str) -> tuple[Table, ...]:
    """The versions of a file by their days. Raises EngineError naming the file and what is wrong."""
    try:
        told = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        found = tuple(sorted((_table(one) for one in told["dues_rates"]), key=lambda one: one.since))
    except KeyError as missing:
        raise _faulty(path, f"缺少 {missing.args[0]}") from None
    except (TypeError, ValueError, InvalidOperation, yaml.YAMLError) as wrong:
        raise _faulty(path, str(wrong)) from None
    if len({one.since for one in found}) < len(found):
        raise _faulty(path, "两个版本从同一天起")
    return found


def _faulty(path: Path | str, wrong: str) -> EngineError:
    return EngineError([Fault(Place(str(path), 1), f"党费标准有误：{wrong}")])


def _table(told: Mapping[str, Any]) -> Table:
    if told["evidence"] not in ("text", "secondary", "memory"):
        raise ValueError("evidence 是 text、secondary 或 memory")
    return Table(
        since=told["from"], source=told["source"], evidence=told["evidence"],
        rates={kind: _rate(kind, one) for kind, one in told["rates"].items()},
        large=_yuan(told["large"]["least"]), large_clause=told["large"]["clause"],
        back_pay=int(told["arrears"]["most_months"]), back_pay_clause=told["arrears"]["clause"],
        withdrawn=int(told["withdrawn"]["months"]), withdrawn_clause=told["withdrawn"]["clause"],
        relief_clause=told["relief"]["clause"], vote_clause=told["vote"]["clause"],
        uses=told["uses"]["list"], uses_clause=told["uses"]["clause"],
    )  # fmt: skip


def _rate(kind: str, told: Mapping[str, Any]) -> Rate:
    forms = [name for name in ("brackets", "range", "fixed") if name in told]
    if len(forms) != 1:
        raise ValueError(f"{kind}：brackets、range、fixed 写一个")
    brackets = tuple(_bracket(one) for one in told.get("brackets", ()))
    limits = [one.up_to for one in brackets]
    ends = [one for one in limits if one is not None]
    if brackets and (limits[-1] is not None or len(ends) != len(limits) - 1 or ends != sorted(set(ends))):
        raise ValueError(f"{kind}：brackets 从低到高，只有最后一档没有 up_to")
    least, most = _sums(told)
    if least is not None and most is not None and not 0 <= least <= most:
        raise ValueError(f"{kind}：range 先写少的，再写多的")
    return Rate(kind, told["word"], told["clause"], brackets, least, most)


def _sums(told: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    if "fixed" in told:
        return _yuan(told["fixed"]), _yuan(told["fixed"])
    if "range" in told:
        least, most = told["range"]
        return _yuan(least), _yuan(most)
    return None, None


def _bracket(told: Mapping[str, Any]) -> Bracket:
    return Bracket(_yuan(told["up_to"]) if "up_to" in told else None, _yuan(told["percent"]))


def _yuan(cell: object) -> Decimal:
    """0.2 of YAML is the text 0.2, never the float's own expansion."""
    return Decimal(str(cell))
