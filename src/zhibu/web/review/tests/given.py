"""Short sentences that set the scene."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.conftest import Cast
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given as records
from zhibu.web.review import actions
from zhibu.web.review.models import Decision, ReviewSetting

WHY = "the test looks at everything"
LATER = date(2026, 11, 25)
MISSING = "缺 2 人未到会的说明"


def reviewing(cast: Cast, **changes: Any) -> ReviewSetting:
    """The town reviews every theme day."""
    told = {"types": ["theme_day"], "share": 0, "sentences": ["缺签到表"]} | changes
    return actions.keep(by=cast.scope("committee_officer"), **told)


def submitted(cast: Cast, key: str = "form-1", **changes: Any) -> Record:
    """As it stands after the submission."""
    return now(records.record(cast, key=key, **changes))


def now(record: Record) -> Record:
    return Record.objects.unscoped(WHY).select_related("organisation").get(pk=record.pk)


def accepted(cast: Cast, record: Record, **changes: Any) -> Decision:
    return actions.accept(by=cast.scope("committee_officer"), record=record, **{"version": record.version} | changes)


def returned(cast: Cast, record: Record, **changes: Any) -> Record:
    told = {"version": record.version, "text": MISSING, "back_by": LATER} | changes
    actions.return_(by=cast.scope("committee_officer"), record=record, **told)
    return now(record)


def edited(cast: Cast, record: Record, **changes: Any) -> Record:
    from zhibu.web.records.actions import edit

    told = records.fields(**changes)
    sheet = records.everybody(record.organisation)
    return edit(by=cast.scope("secretary"), record=record, version=record.version, fields=told, attendance=sheet)
