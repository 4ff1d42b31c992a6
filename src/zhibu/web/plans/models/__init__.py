"""Plans, meetings, themes, fixed days and calendar feeds."""

from zhibu.web.plans.models.days import DayCheck, Discipline, Kept
from zhibu.web.plans.models.feeds import Feed
from zhibu.web.plans.models.meetings import MeetingNotice, Told
from zhibu.web.plans.models.plans import Plan, PlanItem
from zhibu.web.plans.models.themes import Cycle, CycleTheme, Served

__all__ = [
    "Cycle",
    "CycleTheme",
    "DayCheck",
    "Discipline",
    "Feed",
    "Kept",
    "MeetingNotice",
    "Plan",
    "PlanItem",
    "Served",
    "Told",
]
