"""Study outside the classes and records kept here: a course elsewhere, a platform's list brought in by file."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.learning.models.classes import hours_column
from zhibu.web.learning.words import channel_word, form_word


class OutsideHours(Scoped):
    """校外学时: hours of a member at something held elsewhere. Hours alone: no points, no time online
    (ux.md B1, B2)."""

    scope_path = "member__organisation__path"

    class Origin(models.TextChoices):
        WEB = "web", "登记"
        IMPORT = "import", "导入"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="outside_hours")
    what = models.CharField("学了什么", max_length=80)
    where = models.CharField("哪里", max_length=60)  # 党员教育平台, 县委党校 …
    form = models.CharField("形式", max_length=40)
    channel = models.CharField("渠道", max_length=40)
    ended_on = models.DateField("完成日期")
    hours = hours_column("学时")
    origin = models.CharField("来源", max_length=10, choices=Origin, default=Origin.WEB)
    voided_on = models.DateField("作废日期", null=True)
    voided_why = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "校外学时"
        ordering = ["ended_on", "pk"]

    @property
    def form_word(self) -> str:
        return form_word(self.form)

    @property
    def channel_word(self) -> str:
        return channel_word(self.channel)
