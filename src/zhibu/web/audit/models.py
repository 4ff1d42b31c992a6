"""The audit log: one line for every write, in the same transaction, never changed afterwards."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhibu.web.core.scoped import Scoped


class Frozen(RuntimeError):
    """An audit line was about to be changed or deleted."""


class Line(Scoped):
    """Who did what to which thing, as which post, from where; what it was before and after.

    `organisation_path` is the tree path at the time, so a line stays with the committee that was responsible then.
    """

    scope_path = "organisation_path"

    at = models.DateTimeField("录入时间", db_index=True)
    happened_on = models.DateField("发生日期", null=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    post_title = models.CharField("身份", max_length=120)
    address = models.CharField("来源地址", max_length=45)
    action = models.CharField("动作", max_length=60)  # records.submit
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise Frozen("审计记录不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Frozen("审计记录不能删除")
