"""Which committee reviews the records of an organisation, which of them, and how long it takes."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from statistics import median

from django.utils import timezone

from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.regulations.words import event_words
from zhibu.web.review.models import Decision, ReviewSetting

WHY = "the superior's setting binds those below"
ENOUGH = 10  # decisions of an office before its speed is told
LATEST = 100  # of them counted


def setting_of(path: str) -> ReviewSetting | None:
    """That of the nearest superior that has one; one that reviews nothing ends the search."""
    rows = ReviewSetting.objects.unscoped(WHY).filter(organisation__path__in=tree.ancestor_paths(path))
    return rows.select_related("organisation").order_by("-organisation__path").first()


def keeper(organisation: Organisation) -> Organisation | None:
    """Who reviews its records as the tree stands now: the nearest superior with a setting, else the direct one."""
    setting = setting_of(organisation.path)
    return setting.organisation if setting else tree.superior(organisation)


def why_reviewed(setting: ReviewSetting, record: Record) -> str:
    """Why this record is to be reviewed; empty: it is not."""
    if chosen := [kind for kind in record.types if kind in setting.types]:
        return f"{event_words(chosen)}都要审核"
    if drawn(setting, record.number, record.recorded_on):
        return f"抽查，比例 {setting.share}%，种子 {setting.seed}"
    return ""


def drawn(setting: ReviewSetting, number: str, on: date) -> bool:
    """Whether the month's draw hits this record. Anybody can reckon it anew from seed, month and number: the first
    eight hex digits of SHA-256 of `seed 2026-11 number`, as a part of 16^8, are below the share."""
    words = f"{setting.seed} {on:%Y-%m} {number}"
    part = int(hashlib.sha256(words.encode()).hexdigest()[:8], 16) / 16**8
    return part * 100 < setting.share


def usual_days(office: Organisation) -> int | None:
    """Median of working days (Monday to Friday) from submission to decision; None: fewer than ten decisions."""
    rows = Decision.objects.unscoped("how long an office takes, told to those who wait").filter(
        office=office, kind__in=(Decision.Kind.ACCEPT, Decision.Kind.RETURN), undone_at=None, asked_at__isnull=False
    )
    spans = list(rows.order_by("-at").values_list("asked_at", "at")[:LATEST])
    if len(spans) < ENOUGH:
        return None
    return round(median(working_days(begun, ended) for begun, ended in spans))


def working_days(begun: datetime, ended: datetime) -> int:
    """Weekdays after the first day, up to and with the last."""
    first, last = timezone.localdate(begun), timezone.localdate(ended)
    return sum((first + timedelta(days=more)).weekday() < 5 for more in range(1, (last - first).days + 1))


def named(office: Organisation) -> str:
    return office.short_name or office.name
