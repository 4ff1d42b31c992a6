"""What work costs those who do it, in minutes that somebody estimated. Nobody's time is measured, here or elsewhere."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.organisations.models import Organisation

MOST = 6000  # minutes: a hundred hours


class Every(models.TextChoices):
    """How often a thing is done: `months` are those of a year in which it is counted."""

    ONCE = "once", "一次"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"

    @property
    def months(self) -> tuple[int, ...]:
        steps = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
        return tuple(range(steps[self], 13, steps[self])) if self in steps else ()


class Estimate(Scoped):
    """`minutes` that one time takes one organisation, said by an office on a day. Later ones are added, none changed.

    Without an organisation: of a file published with the rulebooks, by the office it names (`who`).

    `key`: `rule:<rulebook>/<rule>`, `page:<route>`, `sent:<pk of SentDown>`.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    who = models.CharField("谁估的", max_length=120, blank=True)
    key = models.CharField(max_length=160, db_index=True)
    minutes = models.PositiveSmallIntegerField("分钟")
    on = models.DateField("估计日期")
    note = models.CharField("怎么估的", max_length=120, blank=True)

    class Meta:
        verbose_name = "负担分钟"


class BurdenAnswer(Scoped):
    """What a branch says of an estimate, as a branch: told on as a count, without its name."""

    class Says(models.TextChoices):
        LONGER = "longer", "更久"
        ABOUT = "about", "差不多"
        SHORTER = "shorter", "更短"

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    key = models.CharField(max_length=160, db_index=True)
    says = models.CharField("实际用时", max_length=8, choices=Says)
    on = models.DateField("答复日期")

    class Meta:
        verbose_name = "用时答复"
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="one_answer_per_estimate")]


class SentDown(Scoped):
    """A thing an office sent to those below it, with what it costs them: how many, how often, how long.

    `thing`: model label and key of what was sent (`campaigns.campaign`, `7`); `part`: which asking of it, where it asks
    more than once. `to`: {"units": [pk], "sectors": […], "kinds": […]}, each empty for all below.
    Days are inclusive; one time (`once`) counts in the month of the last day, else of the first.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    thing = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    part = models.CharField(max_length=20, blank=True)
    kind = models.CharField("种类", max_length=20)
    title = models.CharField("名称", max_length=120)
    to = models.JSONField(default=dict)
    units = models.PositiveIntegerField("组织数")
    minutes = models.PositiveSmallIntegerField("每次分钟")
    every = models.CharField("多久一次", max_length=10, choices=Every, default=Every.ONCE)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    sent_on = models.DateField("下发日期")
    withdrawn_on = models.DateField("收回日期", null=True)

    class Meta:
        verbose_name = "下发的事"
        ordering = ["-sent_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["thing", "thing_id", "part"], name="one_burden_per_thing")]

    def __str__(self) -> str:
        return f"{self.kind}：{self.title}"

    @property
    def key(self) -> str:
        return f"sent:{self.pk}"

    def times(self, year: int, months: range = range(1, 13)) -> int:
        """How often it is done in these months of a year. What was taken back is asked no more from that month on."""
        return sum(self._counts(year, month) for month in months)

    def _counts(self, year: int, month: int) -> bool:
        first = (year, month)
        if self.withdrawn_on and first >= _month(self.withdrawn_on):
            return False
        if self.every == Every.ONCE:
            return first == _month(self.ends_on or self.starts_on)
        begun, over = first >= _month(self.starts_on), self.ends_on and first > _month(self.ends_on)
        return begun and not over and month in Every(self.every).months

    def binds(self, place: Organisation) -> bool:
        """Whether it was sent there. Needs `organisation` to be at hand."""
        below = place.path.startswith(self.organisation.path) and place.pk != self.organisation_id
        asked = ((place.pk, "units"), (place.sector, "sectors"), (place.kind, "kinds"))
        return below and all(value in self.to[name] for value, name in asked if self.to.get(name))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


class CountyForm(Scoped):
    """A form that an office sends down: the text as its checker passed it, never changed; withdrawn, not deleted."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    form = models.CharField("代号", max_length=60)
    title = models.CharField("名称", max_length=120)
    text = models.TextField("表（YAML）")
    fields = models.JSONField(default=list)  # [[label, id of the held fact or ""]]
    asked = models.CharField("一行是什么", max_length=12, default="organisation")  # organisation, person, unit
    every = models.CharField("多久一次", max_length=10, choices=Every, default=Every.ONCE)
    until = models.DateField("填到哪天为止")
    registered_on = models.DateField("登记日期")
    withdrawn_on = models.DateField("收回日期", null=True)
    withdrawn_why = models.CharField("收回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "下发的表"
        ordering = ["-registered_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class FormSheet(Scoped):
    """A county form as one organisation fills it in, made when it is sent there.

    `answers`: period (`2026-12`, the month in which it is asked; `once`) → {"on": day, "values": [text of each field,
    empty where the fact is held]}. What is held is not kept here: it is read where it stands.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    form = models.ForeignKey(CountyForm, models.CASCADE, related_name="sheets")
    answers = models.JSONField("填的内容", default=dict)

    class Meta:
        verbose_name = "单位填的表"
        constraints = [models.UniqueConstraint(fields=["form", "organisation"], name="one_sheet_of_a_form")]

    def __str__(self) -> str:
        return str(self.form)
