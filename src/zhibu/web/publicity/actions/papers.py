"""What the exchange holds is presented at a meeting of the own organisation, or was put down there by mistake."""

from __future__ import annotations

from collections.abc import Iterable

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.publicity import queries
from zhibu.web.publicity.models import MeetingPaper
from zhibu.web.records.models import Record


@action("publicity.write")
def present(*, by: Scope, record: Record, papers: Iterable[str]) -> int:
    """`papers`: keys of what the exchange holds. Returns how many were not there before. Raises Unfit: none chosen, or
    another kind of meeting."""
    kept = reached(queries.meetings(by), record.pk, "只能选入本组织会议的交流材料")
    if not queries.exchanging(kept):
        raise Unfit("papers", "这次会不是联席会议、联系会、工作会议，没有交流材料")
    there = set(queries.papers(by, kept).values_list("news", flat=True))
    chosen = queries.exchanged(by).filter(pk__in=list(papers)).exclude(pk__in=there)
    if not chosen:
        raise Unfit("papers", "选上在会上交流的材料")
    told = {"organisation": kept.organisation, "record": kept, "added_on": by.on}
    made = [MeetingPaper.objects.create(news=one, **told) for one in chosen]
    write(
        by=by, action="publicity.write", sentence=f"选入交流材料 {len(made)} 篇：{kept.topic}", thing=kept,
        organisation=kept.organisation, new={"papers": [one.news.title for one in made]}, happened_on=by.on,
    )  # fmt: skip
    return len(made)


@action("publicity.write")
def drop(*, by: Scope, paper: MeetingPaper) -> None:
    """It was not presented there."""
    rows = (
        MeetingPaper.objects.within(by).filter(organisation=by.organisation_id).select_related("news", "organisation")
    )
    kept = reached(rows, paper.pk, "只能移出本组织会议的交流材料")
    write(
        by=by, action="publicity.write", sentence=f"移出交流材料：{kept.news.title}", thing=kept.record,
        organisation=kept.organisation, old={"papers": [kept.news.title]}, happened_on=by.on,
    )  # fmt: skip
    kept.delete()
