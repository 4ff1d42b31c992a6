"""Working days as the engine knows them: the State Council's yearly table, elsewhere Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.engine.holidays import official


def is_working(day: date) -> bool:
    return official().is_working(day)


def last_before_work(day: date) -> date:
    """The last day until which nobody works again: `day` itself when work goes on the day after."""
    following = day + timedelta(days=1)
    while not is_working(following):
        following += timedelta(days=1)
    return following - timedelta(days=1)
