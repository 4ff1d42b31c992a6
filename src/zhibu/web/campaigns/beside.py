"""What the office said, on the pages of a record and of 本月任务."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.campaigns.models import Remark
from zhibu.web.campaigns.queries import OPEN
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope


def remarks(scope: Scope, record_id: int) -> list[MonthRow]:
    """(address, title, status, note) of what was said about one record."""
    if not scope.may("campaigns.view"):
        return []
    rows = Remark.objects.within(scope.doing("campaigns.view")).filter(record=record_id)
    return [_row(one) for one in rows.select_related("campaign", "record")]


def to_settle(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Records of the own organisation that came back."""
    if not scope.may("campaigns.reply") or organisation_id != scope.organisation_id:
        return []
    rows = Remark.objects.within(scope.doing("campaigns.reply")).filter(OPEN, record__organisation=organisation_id)
    return [_row(one) for one in rows.select_related("campaign", "record").order_by("said_on", "pk")]


def _row(one: Remark) -> MonthRow:
    address = reverse("campaign-record", args=[one.campaign_id, one.record.number])
    title = f"{one.get_kind_display()}：{day_words(one.record.held_on)}{one.record.types_words}"
    return address, title, one.status, f"{one.campaign.name}：{one.text}"
