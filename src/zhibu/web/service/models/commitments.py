"""承诺: what a member or an organisation says it will do, and whether somebody else saw it done."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped

SOON = timedelta(days=7)


class Commitment(Scoped):
    """Of a member of `organisation`, or without `member` of the organisation itself. Who did what is kept so that
    nobody confirms their own."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, null=True, related_name="+")
    text = models.CharField("承诺", max_length=200)
    made_on = models.DateField("承诺日期")
    due_on = models.DateField("完成期限")
    public = models.BooleanField("在本党组织公开", default=True)
    fulfilled_on = models.DateField("践诺日期", null=True)
    fulfilment = models.CharField("怎么做到的", max_length=200, blank=True)
    fulfilled_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    confirmed_on = models.DateField("确认日期", null=True)
    confirmed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "承诺"
        indexes = [models.Index(fields=["organisation", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(fulfilled_on__isnull=False), name="confirmed_after_it_was_fulfilled"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def who(self) -> str:
        return self.member.name if self.member else self.organisation.short_name or self.organisation.name

    def status(self, on: date) -> tuple[str, str]:
        """A word of `design/vocabulary.py` and what it means here."""
        if self.withdrawn_on:
            return "na", "已撤回"
        if self.confirmed_on:
            return "done", "已践诺"
        if self.fulfilled_on:
            return "waiting", "等确认"
        if self.due_on < on:
            return "late", "已逾期"
        return ("soon", f"剩 {(self.due_on - on).days} 天") if self.due_on - on <= SOON else ("todo", "在做")
