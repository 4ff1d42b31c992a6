"""Duties as the verdicts have them, and activities on record."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.urls import reverse

from zhibu.web.duties.models import Tally
from zhibu.web.duties.queries import evaluated_years
from zhibu.web.records.models import Record, Review
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.reports.figures.asked import Asked, Figure, share

BOARD = "挂图作战"
LINES = 8  # rules told one by one, those that ask most first


def duties(asked: Asked) -> list[Figure]:
    """Periods that ended in these days, of the organisation and all below it: the roll-up, as the board shows it."""
    url = f"{reverse('board')}?area={asked.here.code}"
    rows = Tally.objects.within(asked.scope).filter(organisation=asked.here, ends_on__range=(asked.since, asked.as_of))
    found = rows.order_by().values("rulebook", "rule").annotate(
        timely=Sum("met"), late_=Sum("late"), missed_=Sum("missed")
    )  # fmt: skip
    told = sorted(found, key=lambda row: (-_due(row), row["rulebook"], row["rule"]))
    due, timely = sum(map(_due, told)), sum(row["timely"] for row in told)
    late, missed = sum(row["late_"] for row in told), sum(row["missed_"] for row in told)
    gaps = _not_evaluated(asked)
    return [
        asked.figure("应办事项", due, "项次", BOARD, url, gaps),
        asked.figure("按时完成", timely, "项次", BOARD, url, gaps),
        asked.figure("迟完成", late, "项次", BOARD, url),
        asked.figure("逾期", missed, "项次", BOARD, url, "截止日过了还没有完成，可以补"),
        asked.figure("按时完成率", share(timely, due), "%", BOARD, url, f"{timely:,} ÷ {due:,}"),
        *_by_rule(asked, told[:LINES], url),
    ]


def _due(row: dict[str, Any]) -> int:
    return row["timely"] + row["late_"] + row["missed_"]


def _by_rule(asked: Asked, told: list[dict[str, Any]], url: str) -> list[Figure]:
    names = rules_by_name()
    lines = []
    for row in told:
        if rule := names.get((row["rulebook"], row["rule"])):
            basis = f"{row['timely']:,} ÷ {_due(row):,}"
            lines.append(asked.figure(f"{rule.title}按时", share(row["timely"], _due(row)), "%", BOARD, url, basis))
    return lines


def _not_evaluated(asked: Asked) -> str:
    known = evaluated_years()
    missing = [str(year) for year in range(asked.since.year, asked.as_of.year + 1) if year not in known]
    return f"{'、'.join(missing)} 年没有计算，不在里面" if missing else ""


def records(asked: Asked) -> list[Figure]:
    """Activities held in these days; withdrawn ones and those sent back are left out, as rules do."""
    url, source = f"{reverse('records')}?o={asked.here.code}&year={asked.as_of.year}", "活动记录"
    rows = asked.rows(Record).filter(held_on__range=(asked.since, asked.as_of), withdrawn_at=None)
    rows = rows.exclude(review=Review.RETURNED)
    there = rows.aggregate(n=Sum("present"))["n"] or 0
    places = rows.order_by().values("organisation").distinct().count()
    return [
        asked.figure("开展活动", rows.count(), "次", source, url, "撤回的、退回补充的不算"),
        asked.figure("到会", there, "人次", source, url, "记了到会的活动"),
        asked.figure("有活动记录的党组织", places, "个", source, url),
    ]
