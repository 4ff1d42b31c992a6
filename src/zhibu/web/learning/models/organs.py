"""学习型机关: a programme with its set-up, steps and acceptance by the superior (M285, M286)."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped


class LearningOrgan(Scoped):
    """创建学习型机关 by an organisation. What it must set up stands in columns that may not be empty: the leading body,
    the department, the responsible person, and who takes total charge (党政一把手)."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    goal = models.CharField("目标", max_length=300)
    standard = models.CharField("做到什么算达标", max_length=300)
    methods = models.CharField("方法", max_length=300, blank=True)
    body = models.CharField("领导机构", max_length=80)
    department = models.CharField("责任部门", max_length=80)
    person = models.CharField("责任人", max_length=40)
    head = models.CharField("负总责的一把手", max_length=60)
    document = models.CharField("依据文件", max_length=200, blank=True)
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("创建期限")
    applied_on = models.DateField("申请验收日期", null=True)
    accepted_on = models.DateField("验收日期", null=True)
    opinion = models.CharField("验收意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "学习型机关"
        ordering = ["organisation", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=models.Q(due_on__gte=models.F("starts_on")), name="organ_due_after_start"),
            models.UniqueConstraint(fields=["organisation", "starts_on"], name="one_programme_of_a_day"),
        ]

    def status(self, on: date) -> tuple[str, str]:
        """A word of `design/vocabulary.py`, and how it is said."""
        if self.accepted_on:
            return "done", "验收通过"
        if self.applied_on:
            return "waiting", "待验收"
        if self.opinion:
            return "returned", "退回再办"
        return ("late", "过了期限") if self.due_on < on else ("todo", "创建中")


class OrganStep(Scoped):
    """步骤 of a programme, in their order of days."""

    scope_path = "programme__organisation__path"

    programme = models.ForeignKey(LearningOrgan, models.CASCADE, related_name="steps")
    what = models.CharField("步骤", max_length=120)
    due_on = models.DateField("期限")
    done_on = models.DateField("完成日期", null=True)
    result = models.CharField("做了什么", max_length=300, blank=True)

    class Meta:
        verbose_name = "创建步骤"
        ordering = ["due_on", "pk"]
