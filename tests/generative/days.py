"""Days that hurt: month ends, quarter ends, leap days and their neighbours: that is where backends part ways."""

from __future__ import annotations

from datetime import date, timedelta

from tests.generative.dice import Dice

FIRST, LAST = date(2023, 7, 1), date(2025, 6, 30)


def shift(day: date, days: int) -> date:
    return day + timedelta(days=days)


ALL = [shift(FIRST, n) for n in range((LAST - FIRST).days + 1)]
# Around every turn of a month: the last three days, the first two; and the middle, the 27th to catch February.
EDGES = [day for day in ALL if day.day in (1, 2, 15, 27) or shift(day, 3).month != day.month]
# The window and most facts live in one year, so that they meet; the rest may lie anywhere around it.
CORE = [day for day in EDGES if date(2023, 12, 1) <= day <= date(2024, 6, 30)]


def core_day(dice: Dice) -> date:
    return dice.pick(CORE)


def any_day(dice: Dice) -> date:
    return dice.pick(dice.pick([CORE, CORE, CORE, EDGES, ALL]))


def maybe_day(dice: Dice) -> date | None:
    return None if dice.chance(3) else any_day(dice)


def window(dice: Dice) -> tuple[date, date]:
    """From one day to up to about a year: long enough for a year's period, short enough to stay quick."""
    start = core_day(dice) if dice.chance(4) else date(2024, 1, 1)
    return start, shift(start, dice.pick([365] * 8 + [181, 120, 59, 0]))


def as_of(dice: Dice, window: tuple[date, date]) -> date:
    """Often after the window, when everything is concluded; often inside it or just after; sometimes anywhere."""
    when = dice.pick(["after", "after", "inside", "inside", "anywhere"])
    if when == "after":
        return shift(window[1], dice.pick([1, 10, 60]))
    inside = [day for day in CORE if window[0] <= day <= shift(window[1], 20)] or [window[1]]
    return dice.pick(inside if when == "inside" else EDGES)
