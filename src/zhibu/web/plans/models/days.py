"""活动日: its rules, whether they were kept, and what a branch says of a deviation."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped


class Discipline(Scoped):
    """活动日纪律: one line of an organisation's list, for itself and those below. No list is delivered."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    text = models.CharField("纪律", max_length=200)
    source = models.CharField("出处", max_length=200)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "活动日纪律"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Kept(Scoped):
    """对照: a line of the list at one record, by the branch itself or (`above`) by who looks into it."""

    scope_path = "record__organisation__path"

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="+")
    discipline = models.ForeignKey(Discipline, models.PROTECT, related_name="marks")
    kept = models.BooleanField("做到")
    note = models.CharField("情况", max_length=200, blank=True)
    noted_on = models.DateField("日期")
    noted_by = models.CharField("谁对照的", max_length=120)  # the body; the log knows the person
    above = models.BooleanField("上级登记", default=False)

    class Meta:
        verbose_name = "活动日纪律对照"
        constraints = [models.UniqueConstraint(fields=["record", "discipline", "above"], name="one_mark_of_a_side")]


class DayCheck(Scoped):
    """What the branch adds to the record of a fixed day: the preparation it came from, why it deviated."""

    scope_path = "record__organisation__path"

    record = models.OneToOneField("records.Record", models.CASCADE, related_name="+")
    preparation = models.ForeignKey(
        "records.Record", models.SET_NULL, null=True, related_name="+", verbose_name="准备会"
    )
    explanation = models.CharField("偏差说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "活动日核对"
