"""Whose minutes count: the uppermost office's, of one office the latest; for a page else the product makers'."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from zhibu.web.burden.models import BurdenAnswer, Estimate
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

WHY = "minutes are public inside the installation"
PAGES = Path(__file__).with_name("data") / "pages.yaml"


@dataclass(frozen=True, slots=True)
class Minutes:
    """`who` estimated it, on which day."""

    minutes: int
    who: str
    on: date


@dataclass(frozen=True, slots=True)
class Answers:
    """How many branches say what of an estimate."""

    longer: int = 0
    about: int = 0
    shorter: int = 0

    @property
    def words(self) -> str:
        told = ((self.longer, "更久"), (self.about, "差不多"), (self.shorter, "更短"))
        return "，".join(f"{count} 个组织说{word}" for count, word in told if count)


def minutes(keys: Collection[str], place: Organisation | None = None) -> dict[str, Minutes]:
    """Key → estimate, of those that have one. `place`: only of its own office and those above it."""
    rows = Estimate.objects.unscoped(WHY).filter(key__in=keys).select_related("organisation")
    if place is not None:
        above = [*tree.ancestor_paths(place.path), place.path]
        rows = rows.filter(Q(organisation=None) | Q(organisation__path__in=above))
    found = {key: one for key in keys if (one := _of_page(key))}
    rows = rows.annotate(depth=Coalesce("organisation__depth", 1))  # a published file is the uppermost office's
    for row in rows.order_by("-depth", "on", "pk"):  # the last one said is kept
        found[row.key] = Minutes(row.minutes, row.organisation.name if row.organisation else row.who, row.on)
    return found


def answers(keys: Collection[str]) -> dict[str, Answers]:
    """Key → how many say what."""
    rows = BurdenAnswer.objects.unscoped(WHY).filter(key__in=keys).order_by()
    counted: dict[str, dict[str, int]] = {}
    for row in rows.values("key", "says").annotate(number=Count("pk")):
        counted.setdefault(row["key"], {})[row["says"]] = row["number"]
    return {key: Answers(**told) for key, told in counted.items()}


def _of_page(key: str) -> Minutes | None:
    kind, _, name = key.partition(":")
    told = _pages()
    if kind != "page" or name not in told["pages"]:
        return None
    return Minutes(told["pages"][name], told["estimated_by"], told["estimated_on"])


@cache
def _pages() -> Mapping[str, Any]:
    return yaml.safe_load(PAGES.read_text(encoding="utf-8"))


def page_keys() -> list[str]:
    return [f"page:{name}" for name in _pages()["pages"]]


def counted_when_sent(route: str) -> bool:
    """Whether a row of 本月任务 that leads there is of something sent down, whose own minutes count."""
    return route in _pages()["with_sent"]


def rule_key(rulebook: str, rule: str) -> str:
    return f"rule:{rulebook}/{rule}"


def total(parts: Iterable[int | None]) -> int:
    """The sum of what is known."""
    return sum(one for one in parts if one is not None)


def spoken(amount: int) -> str:
    """38 分钟, 2 小时 5 分钟, 12,000 小时."""
    hours, rest = divmod(amount, 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours:,} 小时" + (f" {rest} 分钟" if rest and hours < 100 else "")
