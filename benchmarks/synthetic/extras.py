"""Waivers and adjustments: a few per cent of the organisations have one; a handful of rows is bad."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from synthetic.encode import dates, day, days, digits, fixed, hundredths, words
from synthetic.organisations import FIRST, LAST, Organisations
from synthetic.tree import WIDTH

WAIVED = ["theme-day", "committee-meeting", "general-meeting", "lecture", "talks", "life-meeting", "group-meeting"]
WAIVED = [f"bench-life/{rule}" for rule in WAIVED] + ["bench-team/volunteer", "bench-team/duty-report"]
REASONS = ["驻村轮换，缓办", "支部在并校中", "防汛抗旱，缓办", "书记病休"]
ITEMS = ["先进集体", "经验推广", "通报批评", "信访问题", "材料不实"]


def waivers(those: Organisations, dice: np.random.Generator) -> pa.Table:
    """Some for a month or two, some for the year; rows without order of their own."""
    who = np.flatnonzero(dice.random(len(those)) < 0.13)
    who = dice.permutation(np.concatenate([who, who[: len(who) // 5]]))
    first = np.where(dice.random(len(who)) < 0.15, FIRST, days(dice, FIRST - 60, LAST - 30, len(who)))
    last = np.where(dice.random(len(who)) < 0.15, LAST, first + dice.integers(20, 120, len(who)))
    last[0] = first[0] - 1  # bad
    subject = np.zeros(len(who), int)
    subject[1] = 1  # bad
    return pa.table(
        {
            "subject": words(subject, ["organisation", "group"]),
            "subject_id": _ids(those, who),
            "rule": words(dice.integers(0, len(WAIVED), len(who)), WAIVED),
            "from": dates(first),
            "to": dates(last),
            "reason": words(dice.integers(0, len(REASONS), len(who)), REASONS),
        }
    )


def adjustments(those: Organisations, dice: np.random.Generator) -> pa.Table:
    """Up to three of an organisation; some dated outside the year."""
    who = np.repeat(np.arange(len(those)), dice.choice(4, len(those), p=[0.95, 0.03, 0.015, 0.005]))
    item = dice.integers(0, len(ITEMS), len(who))
    points = dice.choice([50, 100, 150, 200, 300, 500], len(who)) * np.where(item < 2, 1, -1)
    return pa.table(
        {
            "subject_id": _ids(those, who),
            "item": words(item, ITEMS),
            "on": dates(days(dice, day(2024, 12, 1), day(2026, 1, 31), len(who))),
            "points": hundredths(points),
            "reason": words(item, [f"{one}（虚构）" for one in ITEMS]),
        }
    )


def _ids(those: Organisations, who: np.ndarray) -> pa.Array:
    return fixed(digits(those.tree.code[who], WIDTH))
