"""What organisations do in a year: kinds of events, who holds them, how often, how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from synthetic.encode import day
from synthetic.organisations import Bools, Organisations
from synthetic.tree import COMMITTEE, GENERAL, LOCAL

TYPES = ["general_meeting", "committee_meeting", "group_meeting", "party_lecture", "theme_day", "life_meeting"]
TYPES += ["appraisal", "talk", "study", "clean_education", "training", "volunteer", "election", "duty_report", "visit"]
TYPES += ["information", "dues_report", "leaders_life_meeting"]
TOPICS = ["党章", "纪律", "廉洁", "时政", "乡村振兴", "安全", "法治", "业务", "历史", "典型", "民生", "青年"]
TOPIC_SETS = [list(some) for size in (1, 2, 3) for some in combinations(range(len(TOPICS)), size)]
# One event may be of two types: the second set of a type is told with a chance.
TYPE_SETS = [[at] for at in range(len(TYPES))]
TYPE_SETS += [[TYPES.index(one), TYPES.index(two)] for one, two in (
    ("theme_day", "party_lecture"), ("life_meeting", "appraisal"), ("committee_meeting", "study"),
)]  # fmt: skip
DOUBLES = {"theme_day": 0.08, "life_meeting": 0.6, "committee_meeting": 0.04}  # chance of the longer set
TAUGHT = ["party_lecture", "theme_day", "study", "clean_education"]  # events with topics
HOURS = {
    "theme_day": [100, 150, 150, 200, 200, 200, 250, 300],
    "study": [150, 200, 200, 200, 250, 300, 300, 400],
    "party_lecture": [50, 100, 100, 100, 150, 150, 150, 200],
    "volunteer": [100, 200, 200, 300, 300, 400, 400, 800],
    "training": [400, 800, 800, 800, 1600, 1600, 1600, 2400],
}
OTHER_HOURS = [50, 50, 100, 100, 100, 150, 150, 200]
DAYS = [100, 150, 200, 200, 200, 200, 250, 300]  # of a training


@dataclass(frozen=True, slots=True)
class Duty:
    """`every`: M, Q, H, Y. `times`: chance that one who holds to the duty does it again in the same period."""

    type: str
    every: str
    who: Callable[[Organisations], Bools]
    chance: float = 1.0
    times: float = 0.03


def _months(size: int) -> tuple[list[int], list[int], list[str]]:
    """First days, first days of the next, labels of the calendar's periods of so many months."""
    first = [day(2025, month, 1) for month in range(1, 13, size)]
    name = {1: "2025-{:02d}", 3: "2025Q{}", 6: "2025H{}", 12: "2025"}[size]
    return first, [*first[1:], day(2026, 1, 1)], [name.format(nth + 1) for nth in range(12 // size)]


PERIODS = {"M": _months(1), "Q": _months(3), "H": _months(6), "Y": _months(12)}
LABELS = [label for _, _, labels in PERIODS.values() for label in labels]


def _head(those: Organisations) -> Bools:
    return (those.kind == COMMITTEE) | (those.kind == GENERAL)


def _leading(those: Organisations) -> Bools:
    return (those.kind == COMMITTEE) | (those.kind == LOCAL)


def _branch(those: Organisations) -> Bools:
    return those.branch


CALENDAR = [
    Duty("general_meeting", "Q", _branch),
    Duty("committee_meeting", "M", lambda those: those.branch & those.has_committee & (those.members >= 15)),
    Duty("group_meeting", "M", lambda those: those.branch & (those.members >= 40)),
    Duty("party_lecture", "Q", lambda those: those.branch | (those.kind == GENERAL)),
    Duty("theme_day", "M", _branch),
    Duty("life_meeting", "Y", _branch),
    Duty("appraisal", "Y", _branch, chance=0.5),
    Duty("study", "Q", _branch, chance=0.3),
    Duty("leaders_life_meeting", "Y", _leading),
    Duty("study", "M", _leading),
    Duty("committee_meeting", "M", lambda those: _head(those) | (those.kind == LOCAL)),
    Duty("training", "Y", lambda those: those.branch | _head(those), times=0.2),
    Duty("volunteer", "H", _branch, times=0.25),
    Duty("duty_report", "Y", lambda those: those.branch | _head(those), chance=0.65),
    Duty("clean_education", "Q", lambda those: those.branch & (those.sector >= 0) & (those.sector <= 2), chance=0.4),
    Duty("visit", "H", lambda those: those.branch & those.rural),
    Duty("dues_report", "H", lambda those: those.branch & (those.members >= 10), chance=0.2),
]
