"""The sample county: a programme with themes, a central task of the villages, and records that count for them."""

from __future__ import annotations

from datetime import date

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS
from zhibu.web.programmes import actions, tying
from zhibu.web.programmes.models import Programme
from zhibu.web.records.models import Record
from zhibu.web.regulations.activities import patterns

MOST = 40  # records ticked


def fill(*, by: Scope, today: date) -> None:
    """`by`: the county's officer."""
    in_my_post, task = patterns()[:2]
    year = today.year
    themed = actions.issue(
        by=by, kind=in_my_post.kind, name="四个一流，从我做起（示例）", document=f"青示〔{year}〕11号（示例）",
        starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), themes=in_my_post.themes, text=in_my_post.text,
        every="month", minutes=5,
    )  # fmt: skip
    villages = actions.issue(
        by=by, kind=task.kind, name="产业帮扶（示例）", document=f"青示〔{year}〕12号（示例）",
        starts_on=date(year, 1, 1), text=task.text, sectors=["village"], every="quarter", minutes=10,
    )  # fmt: skip
    _tick(by, themed, villages)


def _tick(by: Scope, themed: Programme, villages: Programme) -> None:
    """Some of the year's records of branches, a theme or two each."""
    rows = Record.objects.within(by).filter(
        withdrawn_at=None, held_on__gte=themed.starts_on, organisation__kind__in=BRANCH_KINDS
    )
    rows = rows.select_related("organisation").order_by("held_on", "number")
    for number, record in enumerate(rows[:: max(1, rows.count() // MOST)][:MOST]):
        themes = [themed.themes[number % len(themed.themes)]]
        values = [f"{themed.pk}:{theme}" for theme in themes]
        values += [str(villages.pk)] if record.organisation.sector == "village" and number % 2 else []
        tying.keep(by, record, values)
