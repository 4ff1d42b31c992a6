"""理论学习中心组: its members, its calendar, who was there; sessions shown as an example (M036)."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


class CentreSeat(Scoped):
    """中心组成员 of a committee or leading group, from a day to a day."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=60, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "中心组成员"
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return self.name


class CentreSession(Scoped):
    """中心组学习: planned for a day, held on a day. `example`: units below may read it."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    topic = models.CharField("专题", max_length=120)
    planned_on = models.DateField("计划日期")
    speakers = models.CharField("重点发言", max_length=120, blank=True)
    held_on = models.DateField("学习日期", null=True)
    recorded_on = models.DateField("登记日期", null=True)
    place = models.CharField("地点", max_length=120, blank=True)
    summary = models.TextField("学习情况", max_length=3000, blank=True)
    example = models.BooleanField("作为示范公开", default=False)

    class Meta:
        verbose_name = "中心组学习"
        ordering = ["planned_on", "pk"]

    def __str__(self) -> str:
        return self.topic

    def status(self, on: date) -> str:
        """A word of `design/vocabulary.py`."""
        if self.held_on:
            return "done"
        return "late" if self.planned_on < on else "todo"


class CentreAttendance(Scoped):
    """Whether a member of the group was at a session."""

    scope_path = "session__organisation__path"

    class State(models.TextChoices):
        PRESENT = "present", "到会"
        LEAVE = "leave", "请假"

    session = models.ForeignKey(CentreSession, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(CentreSeat, models.PROTECT, related_name="attendances")
    state = models.CharField("到会情况", max_length=10, choices=State)

    class Meta:
        verbose_name = "中心组到会"
        constraints = [models.UniqueConstraint(fields=["session", "seat"], name="one_state_of_a_seat")]
