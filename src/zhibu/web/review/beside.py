"""What the review says on pages of other apps: the receipt, the page of a record, 本月任务."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.review.actions.filing import Stage
from zhibu.web.review.models import Decision, Fault, FaultCall, Filing, RecordReview
from zhibu.web.review.offices import named, usual_days


def receipt(scope: Scope, record_id: int) -> list[str]:
    """Who reviews it, and how long that usually takes: measured, or not said."""
    rows = RecordReview.objects.within(scope).filter(record=record_id)
    held = rows.select_related("office", "record").first()
    if held is None or not held.record.waiting:
        return []
    days = usual_days(held.office)
    takes = "" if days is None else f"，一般 {days} 个工作日内有结果" if days else "，一般当天有结果"
    return [f"由{named(held.office)}审核（{held.why}）{takes}。审核以前也算已办；退回的话，会写明缺什么。"]


def of_record(scope: Scope, record_id: int) -> list[MonthRow]:
    """(address, title, status, note): how the review stands, and faults pointed out."""
    if not scope.may("review.view"):
        return []
    here = scope.doing("review.view")
    rows: list[MonthRow] = []
    if held := RecordReview.objects.within(here).filter(record=record_id).select_related("office", "record").first():
        last = Decision.objects.within(here).filter(record=record_id).order_by("-at", "-pk").first()
        said = f"{last.title}：{last.get_kind_display()}{f'，{last.text}' if last.text else ''}" if last else held.why
        status = {"waiting": "waiting", "returned": "returned"}.get(held.record.review, "done")
        address = reverse("review-record", args=[held.record.number])
        rows.append((address, f"审核情况：{named(held.office)}", status, said))
    for one in Fault.objects.within(here).filter(record=record_id, withdrawn_on=None):
        title = f"指出{one.get_kind_display()}"
        rows.append((reverse("fault", args=[one.pk]), title, one.status, f"{one.title}：{one.text}"))
    return rows


def to_settle(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Faults without an answer, what is to be put in order, filings that came back, of the own organisation."""
    rows: list[MonthRow] = []
    if organisation_id != scope.organisation_id:
        return rows
    if scope.may("review.answer"):
        here = scope.doing("review.answer")
        open_ = Fault.objects.within(here).filter(organisation=organisation_id, answered_on=None, withdrawn_on=None)
        for one in open_.order_by("marked_on", "pk"):
            title = f"答复上级指出的{one.get_kind_display()}"
            rows.append((reverse("fault", args=[one.pk]), title, "todo", f"{one.title}：{one.text}"))
        rows += [_call(scope, one) for one in FaultCall.objects.within(here).filter(
            organisation=organisation_id, take=True, reported_on=None, closed_on=None)]  # fmt: skip
    if scope.may("filings.keep"):
        here = scope.doing("filings.keep")
        mine = Filing.objects.within(here).filter(organisation=organisation_id)
        for one in mine.filter(stage__in=(Stage.PLAN_BACK, Stage.REPORT_BACK, Stage.PLAN_OK)):
            rows.append((reverse("filing", args=[one.pk]), f"办{one}", one.status, one.get_stage_display()))
    return rows


def _call(scope: Scope, one: FaultCall) -> MonthRow:
    late = one.due_on is not None and one.due_on < scope.on
    note = f"{one.title}：{one.text} · {one.due_on} 前"
    return reverse("faults"), "整改组织生活的问题", "late" if late else "todo", note
