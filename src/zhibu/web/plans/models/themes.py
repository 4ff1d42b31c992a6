"""规定主题和自选主题: a superior's catalogue for some time, a branch's own beside it, and which record served which."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped


class Cycle(Scoped):
    """主题目录 of an organisation for its branches. `alert_months`: before the end, from when an undone one is told."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)
    document = models.CharField("依据文件", max_length=200)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    alert_months = models.PositiveSmallIntegerField("结束前几个月起提示", null=True)

    class Meta:
        verbose_name = "主题目录"

    def __str__(self) -> str:
        return self.name


class CycleTheme(Scoped):
    """A theme of a cycle: set by the cycle's organisation, or a branch's own."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="themes")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    name = models.CharField("主题", max_length=80)
    required = models.BooleanField("规定主题", default=False)
    dropped_on = models.DateField("停用日期", null=True)

    class Meta:
        verbose_name = "主题"
        ordering = ["-required", "pk"]

    def __str__(self) -> str:
        return self.name


class Served(Scoped):
    """A record served a theme: ticked by its organisation."""

    scope_path = "record__organisation__path"

    theme = models.ForeignKey(CycleTheme, models.PROTECT, related_name="served")
    record = models.ForeignKey("records.Record", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "主题和记录的连线"
        constraints = [models.UniqueConstraint(fields=["theme", "record"], name="a_theme_served_once_by_a_record")]
