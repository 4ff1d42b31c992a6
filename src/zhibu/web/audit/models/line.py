"""The audit log: one line for every write, in the same transaction, never changed afterwards."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhibu.web.audit import words
from zhibu.web.core.scoped import Scoped


class Frozen(RuntimeError):
    """An audit line was about to be changed or deleted."""


class Outcome(models.TextChoices):
    DONE = "done", "做成"
    DENIED = "denied", "被拒"
    FAILED = "failed", "没做成"


class Line(Scoped):
    """Who did what to which thing, as which post, for whom, from where; what it was before and after.

    `organisation_path` is the tree path at the time, so a line stays with the committee that was responsible then.
    A post is kept by number and title, not as a key: it may end, the line does not.
    """

    scope_path = "organisation_path"

    at = models.DateTimeField("录入时间", db_index=True)
    happened_on = models.DateField("发生日期", null=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    post_id_then = models.BigIntegerField("任职编号", null=True)
    post_title = models.CharField("身份", max_length=120)
    acting_for = models.CharField("代谁办", max_length=40, blank=True)
    address = models.CharField("来源地址", max_length=45)
    device = models.CharField("设备", max_length=60, blank=True)  # Chrome 130, Windows
    action = models.CharField("动作", max_length=60)  # records.submit
    outcome = models.CharField("结果", max_length=8, choices=Outcome, default=Outcome.DONE)
    sentence = models.CharField("说明", max_length=300)  # 提交活动记录 R2026-00012
    thing = models.CharField("对象类别", max_length=40)
    thing_id = models.CharField("对象", max_length=40)
    organisation_id_then = models.BigIntegerField(null=True)
    organisation_name = models.CharField("党组织", max_length=120, blank=True)
    organisation_path = models.CharField(max_length=255, blank=True, db_index=True)
    old = models.JSONField("原值", null=True, encoder=DjangoJSONEncoder)
    new = models.JSONField("新值", null=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "审计记录"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["organisation_path", "-at"])]

    @property
    def word(self) -> str:
        """The action in Chinese."""
        return words.word(self.action)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise Frozen("审计记录不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Frozen("审计记录不能删除")


class Denial(models.Model):
    """The same denial again within a minute is counted here; the count goes into a line when the minute is over.

    The one table of the log that changes: it holds only what has not been written down yet.
    """

    key = models.CharField(max_length=64, unique=True)  # who, what and where, hashed
    until = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=0)  # beyond the line already written
    stranger = models.BooleanField(default=False)
    line = models.JSONField(encoder=DjangoJSONEncoder)  # the columns of the line that repeats

    class Meta:
        verbose_name = "重复的拒绝"
