"""Days that hurt: month ends, quarter ends, leap days and their neighbours, because that is where backends part ways."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

FIRST, LAST = date(2023, 7, 1), date(2025, 6, 30)


def shift(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _edges() -> list[date]:
    """Around every turn of a month: the last three days, the first two; and the middle, the 27th to catch February."""
    days = (shift(FIRST, n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if day.day in (1, 2, 15, 27) or shift(day, 3).month != day.month]


EDGES = _edges()
# The window and most facts live in one year, so that they meet; the rest may lie anywhere around it.
CORE = [day for day in EDGES if date(2023, 12, 1) <= day <= date(2024, 7, 31)]

core_days = st.sampled_from(CORE)
edge_days = st.sampled_from(EDGES)
any_days = st.dates(FIRST, LAST)
days = st.one_of(core_days, core_days, core_days, edge_days, any_days)
maybe_days = st.one_of(st.none(), days)


@st.composite
def windows(draw: st.DrawFn) -> tuple[date, date]:
    """From one day to up to about a year: long enough for a year's period, short enough to stay quick."""
    start = draw(st.one_of(st.just(date(2024, 1, 1)), st.just(date(2024, 1, 1)), core_days))
    length = draw(st.sampled_from([365, 365, 365, 181, 120, 59, 0]))
    return start, shift(start, length)


@st.composite
def as_of_days(draw: st.DrawFn, window: tuple[date, date]) -> date:
    """Mostly inside the window or just after it; sometimes before it and sometimes long after."""
    inside = [day for day in EDGES if window[0] <= day <= shift(window[1], 20)] or [window[1]]
    return draw(st.one_of(st.sampled_from(inside), st.sampled_from(inside), st.just(shift(window[1], 40)), edge_days))
