"""What is due by wages and rate, and growth from year to year. Decimal yuan, half-up to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from zhibu.web.funds.models import Fund, FundKind, Rate
from zhibu.web.organisations.models import Sector

FEN = Decimal("0.01")
# 关于国有企业党组织工作经费问题的通知 (组通字〔2017〕38号), items 1–2 (text; the second half secondary): what was not
# used is carried over; carried over beyond 2% of the wages, nothing new is set aside that year.
SOE_MOST_CARRIED = Decimal("0.02")
SOE_SOURCE = "组通字〔2017〕38号"


@dataclass(frozen=True, slots=True)
class Due:
    """`amount` is None while no rate is set. `why` is the arithmetic in words."""

    amount: Decimal | None
    why: str

    def short(self, given: Decimal) -> Decimal:
        """What is missing, never below zero."""
        return max((self.amount or Decimal(0)) - given, Decimal(0))


def due(fund: Fund, rate: Rate | None, sector: str) -> Due:
    """Wages × rate in ‰; nothing for a state enterprise whose carried-over money passes 2% of its wages."""
    if rate is None:
        return Due(None, "没有登记比例。全国没有查到统一的比例，由上级党委按当地文件登记")
    if sector == Sector.SOE and fund.kind == FundKind.ENTERPRISE and fund.carried_over > fund.wages * SOE_MOST_CARRIED:
        return Due(Decimal("0.00"), f"上年结转 {fund.carried_over} 元超过工资总额的 2%，当年不再提取（{SOE_SOURCE}）")
    amount = (fund.wages * rate.permille / 1000).quantize(FEN, ROUND_HALF_UP)
    return Due(
        amount, f"工资总额 {fund.wages} × {rate.permille.normalize():f}‰ = {amount} 元（四舍五入到分；{rate.basis}）"
    )


@dataclass(frozen=True, slots=True)
class Growth:
    year: int
    amount: Decimal
    share: Decimal | None  # of the year before; None when there is none to compare with

    @property
    def said(self) -> str:
        """比上年增加 10.0%; empty when there is nothing to compare with."""
        if self.share is None:
            return ""
        size = (abs(self.share) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        return f"比上年{'减少' if self.fell else '增加'} {size}%"

    @property
    def fell(self) -> bool:
        return self.share is not None and self.share < 0


def growth(by_year: dict[int, Decimal]) -> list[Growth]:
    """Latest first. 稳步增长 has no figure in the documents: only a fall is pointed out."""
    return [
        Growth(year, amount, amount / before - 1 if (before := by_year.get(year - 1)) else None)
        for year, amount in sorted(by_year.items(), reverse=True)
    ]
