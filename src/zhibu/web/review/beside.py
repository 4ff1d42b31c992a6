"""What the review says on pages of other apps: the receipt, the page of a record, 本月任务."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.review.actions.filing import Stage
from zhibu.web.review.models import Decision, Fault, FaultCall, Filing, RecordReview
from zhibu.web.review.offices import named, setting_of, usual_days


def before(scope: Scope, organisation_id: int, types: list[str]) -> list[str]:
    """Who will review a record of these types, said before it is sent."""
    own = Organisation.objects.within(scope).filter(pk=organisation_id).first()
    setting = setting_of(own.path) if own else None
    if setting is None or not setting.on:
        return []
    to = named(setting.organisation)
    if set(types) & set(setting.types):
        return [f"提交后由{to}审核{_takes(setting.organisation)}。"]
    return [f"提交后可能由{to}审核：其他活动抽查 {setting.share}%。"] if setting.share else []


def receipt(scope: Scope, record_id: int) -> list[str]:
    """Who reviews it, and how long that usually takes: measured, or not said."""
    rows = RecordReview.objects.within(scope).filter(record=record_id)
    held = rows.select_related("office", "record").first()
    if held is None or not held.record.waiting:
        return []
    takes = _takes(held.office)
    return [f"由{named(held.office)}审核（{held.why}）{takes}。审核以前也算已办；退回的话，会写明缺什么。"]


def _takes(office: Organisation) -> str:
    days = usual_days(office)
    return "" if days is None else f"，一般 {days} 个工作日内有结果" if days else "，一般当天有结果"


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
        rows += _faults(scope, organisation_id)
    if scope.may("filings.keep"):
        here = scope.doing("filings.keep")
        mine = Filing.objects.within(here).filter(organisation=organisation_id)
        for one in mine.filter(stage__in=(Stage.PLAN_BACK, Stage.REPORT_BACK, Stage.PLAN_OK)):
            rows.append((reverse("filing", args=[one.pk]), f"办{one}", one.status, one.get_stage_display()))
    return rows


def _faults(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Those without an answer, and each rectification without a report, once."""
    unanswered, unreported = (
        Q(answered_on=None, withdrawn_on=None, call=None),
        Q(call__take=True, call__reported_on=None),
    )
    found = Fault.objects.within(scope.doing("review.answer")).filter(unanswered | unreported)
    rows, calls = [], {}
    for one in found.filter(organisation=organisation_id).select_related("call").order_by("marked_on", "pk"):
        if one.call:
            calls[one.call_id] = _call(scope, one.call)
        else:
            title = f"答复上级指出的{one.get_kind_display()}"
            rows.append((reverse("fault", args=[one.pk]), title, "todo", f"{one.title}：{one.text}"))
    return [*calls.values(), *rows]


def _call(scope: Scope, one: FaultCall) -> MonthRow:
    late = one.due_on is not None and one.due_on < scope.on
    note = f"{one.title}：{one.text} · {day_words(one.due_on)}前"
    return reverse("faults"), "整改组织生活的问题", "late" if late else "todo", note
