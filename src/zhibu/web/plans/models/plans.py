"""年度计划: what an organisation means to hold, month by month. Whether it was held is read from the records."""

from __future__ import annotations

import calendar
from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.regulations.words import event_words


class Plan(Scoped):
    """One organisation's plan of one year; with 制度、方法、督查 it is the study plan too."""

    class State(models.TextChoices):
        DRAFT = "draft", "还没报送"
        FILED = "filed", "等上级接收"
        ACCEPTED = "accepted", "上级已接收"
        RETURNED = "returned", "上级退回"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    fixed_day = models.PositiveSmallIntegerField("固定活动日", null=True)  # day of the month
    rule = models.CharField("学习制度", max_length=500, blank=True)
    method = models.CharField("学习方法", max_length=500, blank=True)
    checks = models.CharField("督查安排", max_length=500, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    filed_on = models.DateField("报送日期", null=True)
    answered_on = models.DateField("接收或退回日期", null=True)
    answer = models.CharField("退回原因或意见", max_length=300, blank=True)
    changed_on = models.DateField("报送后修改日期", null=True)

    class Meta:
        verbose_name = "年度计划"
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_plan_a_year")]

    def __str__(self) -> str:
        return f"{self.year} 年计划"

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        return {"draft": "todo", "filed": "waiting", "accepted": "done", "returned": "returned"}[self.state]


class PlanItem(Scoped):
    """计划事项: in a month, on a day where one is set. `record`: linked by hand; else the first fitting one counts."""

    scope_path = "plan__organisation__path"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    month = models.PositiveSmallIntegerField("月份")
    day = models.PositiveSmallIntegerField("几日", null=True)
    types = models.JSONField("活动类型", default=list)
    topic = models.CharField("主题", max_length=200, blank=True)
    content = models.CharField("学习内容", max_length=500, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    owner = models.CharField("负责人", max_length=40, blank=True)
    speaker = models.CharField("主讲人", max_length=40, blank=True)
    theme = models.ForeignKey("plans.CycleTheme", models.SET_NULL, null=True, related_name="+", verbose_name="主题目录")
    note = models.CharField("备注", max_length=200, blank=True)
    record = models.ForeignKey("records.Record", models.SET_NULL, null=True, related_name="+", verbose_name="活动记录")

    class Meta:
        verbose_name = "计划事项"
        ordering = ["month", "day", "pk"]

    def __str__(self) -> str:
        return self.topic or self.types_words

    @property
    def types_words(self) -> str:
        return event_words(self.types)

    def on(self, year: int) -> date | None:
        """The day, where the plan sets one; the 31st of a shorter month is its last."""
        return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1])) if self.day else None
