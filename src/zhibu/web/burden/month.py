"""A branch's month in minutes: each row of 本月任务 with its own, and their sum."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import Resolver404, resolve, reverse

from zhibu.web.burden.estimates import Answers, Minutes, answers, counted_when_sent, minutes, rule_key, spoken, total
from zhibu.web.burden.models import BurdenAnswer, SentDown
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.duties.grouping import Month, last_of
from zhibu.web.duties.rows import Row
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

WHY = "what was sent down to the place in hand"
Named = tuple[str, str]  # key, title


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the month. `told`: None where nobody has estimated it yet."""

    key: str
    title: str
    told: Minutes | None
    answers: Answers
    says: str  # what this branch answered


@dataclass(frozen=True, slots=True)
class Load:
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """Minutes: the sum of the lines."""
        return total(line.told.minutes if line.told else None for line in self.lines)

    @property
    def unknown(self) -> int:
        return sum(line.told is None for line in self.lines)

    @property
    def words(self) -> str:
        """约 38 分钟；2 件还没有估"""
        known = f"约 {spoken(self.total)}" if self.total else ""
        rest = f"{self.unknown} 件还没有估时" if self.unknown else ""
        return "；".join(filter(None, (known, rest)))


def load(here: Organisation, first: date, rows: Sequence[Named], *, asked: bool = False) -> Load:
    """The month of a branch: the rows given, and what was sent down to it. `asked`: with what branches answered."""
    sent = sent_to(here, first)
    named = [*rows, *((one.key, str(one)) for one in sent)]
    keys = {key for key, _ in named}
    told = {one.key: Minutes(one.minutes, one.organisation.name, one.sent_on) for one in sent} | minutes(keys, here)
    said, own = (answers(keys), _own(here, keys)) if asked else ({}, {})
    return Load(
        tuple(Line(key, title, told.get(key), said.get(key, Answers()), own.get(key, "")) for key, title in named)
    )


def rows_of(month: Month, beside: Sequence[announce.MonthRow]) -> list[Named]:
    """The rows that 本月任务 shows in its sum, and those beside them, by their keys."""
    duties = [(rule_key(row.verdict.rulebook, row.verdict.rule), row.title) for row in owed(month)]
    returned = [(f"page:{route(reverse('record', args=[one.number]))}", one.returned_title) for one in month.alone]
    others = [(route(url), title) for url, title, _, _ in beside]
    return [*returned, *duties, *((f"page:{name}", title) for name, title in others if not counted_when_sent(name))]


def owed(month: Month) -> list[Row]:
    return [*month.now, *month.todo, *month.done]


def route(address: str) -> str:
    """The name of the page an address leads to; empty for none of ours."""
    try:
        return resolve(address.partition("?")[0]).url_name or ""
    except Resolver404:
        return ""


def told(scope: Scope, here: Organisation, month: Month, beside: Sequence[announce.MonthRow]) -> list[tuple[str, str]]:
    """Listener of `core.announce`: (address, words) under the headline of 本月任务."""
    found = load(here, month.first, rows_of(month, beside))
    return [(f"{reverse('burden-month')}?month={month.first:%Y-%m}", found.words)] if found.words else []


def _own(here: Organisation, keys: Collection[str]) -> dict[str, str]:
    rows = BurdenAnswer.objects.unscoped("of the branch in hand").filter(organisation=here, key__in=keys)
    return dict(rows.values_list("key", "says"))


def sent_to(here: Organisation, first: date) -> list[SentDown]:
    """What was sent down there and is counted in that month."""
    rows = SentDown.objects.unscoped(WHY).filter(
        Q(ends_on=None) | Q(ends_on__gte=first),
        organisation__path__in=tree.ancestor_paths(here.path), starts_on__lte=last_of(first),
    )  # fmt: skip
    found = rows.select_related("organisation").order_by("sent_on", "pk")
    return [one for one in found if one.binds(here) and one.times(first.year, range(first.month, first.month + 1))]
