"""报告包: a report of a period, its texts by people, its figures by the product; targets of a year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


class Report(Scoped):
    """A report of `organisation` on the days from `since` to `until`, both inclusive.

    A draft until `kept_on`: its figures are read anew each time. Kept (定稿), figures and texts stand still for good.
    `asked_by`: the superior's report it was asked for; `last`: the report of the conference before.
    """

    class Kind(models.TextChoices):
        PLENARY = "plenary", "全委会专题报告"
        HALF = "half", "半年总结"
        CONFERENCE = "conference", "党建工作会议报告"
        YEAR = "year", "年度成绩五个方面"
        MATERIAL = "material", "汇报材料"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=12, choices=Kind)
    title = models.CharField("标题", max_length=80)
    occasion = models.CharField("用在什么会上", max_length=120, blank=True)
    since = models.DateField("从哪天起")
    until = models.DateField("到哪天止")
    asked_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="units")
    last = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    due_on = models.DateField("哪天前定稿", null=True)
    made_on = models.DateField("起草日期")
    kept_on = models.DateField("定稿日期", null=True)
    kept_by = models.CharField("定稿的职务", max_length=160, blank=True)
    withdrawn_on = models.DateField("作废日期", null=True)
    withdrawn_why = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "报告包"
        ordering = ["-made_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="report_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.title

    @property
    def draft(self) -> bool:
        return self.kept_on is None and self.withdrawn_on is None

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        return "na" if self.withdrawn_on else "done" if self.kept_on else "todo"

    @property
    def says(self) -> str:
        return "已作废" if self.withdrawn_on else "已定稿" if self.kept_on else "起草中"


class ReportText(Scoped):
    """What the writer says in one part. `version` counts the savings: of two writers the second is told."""

    scope_path = "report__organisation__path"

    report = models.ForeignKey(Report, models.CASCADE, related_name="texts")
    part = models.CharField("段落", max_length=20)
    text = models.TextField("文字", max_length=8000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "报告的文字"
        constraints = [models.UniqueConstraint(fields=["report", "part"], name="one_text_per_part")]


class ReportFigure(Scoped):
    """A figure as it stood when the report was kept, with where it came from. Written once."""

    scope_path = "report__organisation__path"

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures")
    part = models.CharField("段落", max_length=20)
    words = models.CharField("指标", max_length=120)
    value = models.CharField("数字", max_length=40, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    basis = models.CharField("怎么算的", max_length=300, blank=True)
    source = models.CharField("来源", max_length=40)
    url = models.CharField("出处", max_length=200)
    as_of = models.DateField("截至")

    class Meta:
        verbose_name = "报告的数字"
        ordering = ["pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError: a kept figure is not written again."""
        if self.pk is not None:
            raise TypeError("a figure of a kept report never changes")
        super().save(*args, **kwargs)


class ReportOrder(Scoped):
    """A task of the package that a conference's report issued (M042); how far it is, `tasks` tells."""

    scope_path = "report__organisation__path"

    report = models.ForeignKey(Report, models.PROTECT, related_name="orders")
    order = models.OneToOneField("tasks.Order", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "会议部署的任务"
        ordering = ["pk"]


class YearTarget(Scoped):
    """年度目标: what an organisation means to reach in a year; at mid-year it may be set again, the first one stays."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("目标", max_length=120)
    unit = models.CharField("单位", max_length=10)
    first = models.DecimalField("年初目标", max_digits=12, decimal_places=2)
    done = models.DecimalField("上半年完成", max_digits=12, decimal_places=2, null=True)
    again = models.DecimalField("调整后的全年目标", max_digits=12, decimal_places=2, null=True)
    why = models.CharField("为什么调整", max_length=200, blank=True)
    set_on = models.DateField("登记日期")
    again_on = models.DateField("调整日期", null=True)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "年度目标"
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "name"], condition=Q(withdrawn_on=None), name="one_target_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def now(self) -> Decimal:
        """The target that holds today."""
        return self.first if self.again is None else self.again

    @property
    def left(self) -> Decimal | None:
        """What is to be done in the second half; None while the first half is not told."""
        return None if self.done is None else max(self.now - self.done, Decimal(0))
