"""What the tests of plans begin with."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from zhibu.web.conftest import Cast
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.actions import meetings as meeting_actions
from zhibu.web.plans.actions import plans as actions
from zhibu.web.plans.models import MeetingNotice, Plan, PlanItem
from zhibu.web.records.models import Record


def plan(cast: Cast, start: str = "blank", year: int = 2026) -> Plan:
    return actions.begin(by=cast.scope("secretary"), year=year, start=start)


def item(cast: Cast, of: Plan, month: int, *types: str, **facts: Any) -> PlanItem:
    told = dict.fromkeys(actions.FIELDS, "") | {"month": month, "day": None, "types": list(types), "theme": None}
    return actions.put(by=cast.scope("secretary"), plan=of, item=None, facts=told | facts)


def record(place: Organisation, held_on: date, *types: str, **facts: Any) -> Record:
    number = f"{held_on.year}-{Record.objects.unscoped('t').count() + 1:06d}"
    told = {"recorded_on": held_on, "recorded_at": f"{held_on}T10:00Z", "submitted_key": number}
    return Record.objects.create(number=number, organisation=place, types=list(types), held_on=held_on, **told | facts)


def notice(cast: Cast, on: date, *types: str, of: PlanItem | None = None, **facts: Any) -> MeetingNotice:
    told = dict.fromkeys(meeting_actions.FIELDS, "")
    told |= {"types": list(types), "on": on, "starts_at": time(19), "ends_at": time(20, 30), "place": "村委会二楼"}
    told |= {"who": "everybody"}
    return meeting_actions.announce(by=cast.scope("secretary"), item=of, facts=told | facts)
