"""A year of activities of a county: most hold and enter them on time, some late, a few lag behind."""

from __future__ import annotations

import random
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from zhibu.web.imports.sample.county import County, Unit

TOPICS = ("学习贯彻全会精神", "党规党纪学习", "乡村振兴志愿服务", "安全生产专题", "廉政警示教育", "")
# share of the meetings held, share of the held ones entered late
_HABITS = {"good": (0.985, 0.04), "fair": (0.88, 0.22), "poor": (0.55, 0.35)}


@dataclass(slots=True)
class Activity:
    branch: str
    types: tuple[str, ...]
    held_on: date
    recorded_on: date
    topic: str
    expected: int
    present: int
    hours: str = ""


def year_of(county: County, year: int, seed: int, until: date) -> list[Activity]:
    """Activities of the year, none after `until`, in the order of the branches."""
    dice = random.Random(f"{county.name}/{seed}/{year}")  # noqa: S311 (reproducible, not secret)
    sizes = Counter(person.branch for person in county.members)
    found: list[Activity] = []
    for unit in county.units:
        plan = _plan(unit, dice) if unit.is_branch else _upper_plan(unit)
        for activity in _held(unit, plan, year, sizes[unit.name] or 9, dice):
            if activity.held_on <= until:
                activity.recorded_on = min(activity.recorded_on, until)
                found.append(activity)
    return found


Plan = list[tuple[int, tuple[str, ...]]]  # (month, types) of what is due in a year


def _held(unit: Unit, plan: Plan, year: int, size: int, dice: random.Random) -> list[Activity]:
    """What of the plan was held, and when it was entered."""
    held, late = _HABITS[unit.diligence or "good"]
    found = []
    for month, types in plan:
        if dice.random() >= held:
            continue
        day = date(year, month, dice.randrange(1, monthrange(year, month)[1] + 1))
        wait = dice.randrange(20, 75) if dice.random() < late else dice.choice((0, 0, 1, 1, 2, 3, 4))
        expected = max(1, (unit.committee_size or 3) if "committee_meeting" in types else size)
        found.append(
            Activity(
                branch=unit.name,
                types=types,
                held_on=day,
                recorded_on=day + timedelta(days=wait),
                topic=dice.choice(TOPICS),
                expected=expected,
                present=max(1, expected - min(expected - 1, int(dice.random() ** 3 * expected * 0.5))),
                hours=dice.choice(("1", "1.5", "2", "2", "3")) if types[0] in ("party_lecture", "theme_day") else "",
            )
        )
    return found


def _plan(unit: Unit, dice: random.Random) -> Plan:
    """A branch: the meetings of the regime, many of them one activity for several duties."""
    plan: Plan = []
    for month in range(1, 13):
        plan += _month(unit, month, dice)
    year_end = ("life_meeting", "appraisal") if dice.random() < 0.6 else ("life_meeting",)
    plan.append((dice.choice((1, 2)), year_end))
    if len(year_end) == 1:
        plan.append((2, ("appraisal",)))
    plan += [(dice.choice((1, 2)), ("talk",)), (1, ("general_meeting", "member_report")), (1, ("duty_report",))]
    plan.append((dice.choice((3, 4, 6)), ("secretary_training",)))
    return sorted(plan, key=lambda item: item[0])


def _month(unit: Unit, month: int, dice: random.Random) -> Plan:
    meeting = ("general_meeting",) if month % 3 == 2 else ()
    theme = ("theme_day", "study")
    if unit.sector == "党政机关":
        theme = (*theme, "clean_education")
    if meeting and dice.random() < 0.25:
        plan: Plan = [(month, (*meeting, *theme))]
    else:
        plan = [(month, theme), *([(month, meeting)] if meeting else [])]
    plan.append((month, ("committee_meeting", "preparation") if unit.committee_size else ("preparation",)))
    if unit.groups:
        plan.append((month, ("group_meeting",)))
    if month % 3 == 0:
        plan.append((month, ("party_lecture", "discussion")))
    return plan


def _upper_plan(unit: Unit) -> Plan:
    """A committee above the branches: information every month, its secretary's own lecture and report."""
    plan: Plan = [(month, ("information",)) for month in range(1, 13)]
    plan += [(1, ("duty_report",)), (1, ("duty_review",)), (6, ("secretary_lecture",)), (5, ("training",))]
    plan += [(4, ("visit",)), (9, ("visit",)), (6, ("study_inspection",)), (12, ("study_inspection",))]
    if not unit.superior:
        plan += [(month, ("supervision",)) for month in range(1, 13)]
        plan += [(month, ("supervision_summary",)) for month in (3, 6, 9, 12)]
    return sorted(plan, key=lambda item: item[0])
