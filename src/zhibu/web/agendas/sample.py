"""The sample county: a leading group with a recurring item, a special meeting and the package of its life meeting."""

from __future__ import annotations

from datetime import date, time, timedelta

from zhibu.web.agendas import actions, life, queries
from zhibu.web.core.scope import Scope
from zhibu.web.offices.actions import seats
from zhibu.web.organisations import finding
from zhibu.web.records import actions as records
from zhibu.web.review.models import Filing

DOCUMENT = "示例文件〔2026〕8 号"


def fill(*, officer: Scope, group: Scope, today: date) -> None:
    """`group`: a leading group with a life meeting filed; `officer`: of the county."""
    begun = date(today.year, 1, 1)
    for by, title in ((officer, "常委会听取党建工作汇报"), (group, "党组听取党建工作汇报")):
        actions.put(by=by, kind=queries.HEARD, title=title, every=6, starts_on=begun, document=DOCUMENT)
    if (own := finding.own(group)) is None:
        return
    told = {
        "types": [queries.SPECIAL], "held_on": today - timedelta(days=30), "starts_at": time(9), "ends_at": time(10),
        "topic": "研究机关党建工作（示例）", "place": "会议室", "content": "研究三个支部的换届和党费",
    }  # fmt: skip
    records.submit(by=group, organisation=own, fields=told, attendance={}, key="agendas-sample")
    _person(officer, own.pk, group)
    _life(group, today)


def _person(officer: Scope, own: int, group: Scope) -> None:
    place = finding.reached(officer).filter(pk=own).first()
    if place is None:
        return
    since = date(group.on.year - 1, 3, 1)
    office = seats.approve(
        by=officer, organisation=place, kind="deputy", title="党组副书记", seats=1, document=DOCUMENT, starts_on=since
    )
    tenure = seats.appoint(by=officer, office=office, name="何某", starts_on=since, how="appointed", document=DOCUMENT)
    actions.name_person(by=group, tenure=tenure, starts_on=since, document=DOCUMENT)


def _life(group: Scope, today: date) -> None:
    rows = Filing.objects.within(group.doing("filings.view")).filter(organisation=group.organisation_id)
    if (filing := rows.first()) is None:
        return
    life.hear(
        by=group, filing=filing, way="forum", collected_on=today - timedelta(days=6), asked=23, received=3,
        text="会开得多，定下的事问得少（示例）\n到基层多在上午，群众下地不在家\n答复慢，没有说清楚为什么",
    )  # fmt: skip
    life.list_problems(
        by=group,
        filing=filing,
        found_on=today - timedelta(days=2),
        lines=["定下的事没有逐项问结果", "答复群众超过期限"],
    )
