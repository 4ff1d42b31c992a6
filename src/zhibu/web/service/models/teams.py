"""党员服务队: a team, who is in it, where it was sent and what it did there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped


class Team(Scoped):
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    purpose = models.CharField("做什么", max_length=200)
    founded_on = models.DateField("成立日期")
    ended_on = models.DateField("解散日期", null=True)

    class Meta:
        verbose_name = "党员服务队"

    def __str__(self) -> str:
        return self.name


class TeamMember(Scoped):
    scope_path = "team__organisation__path"

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    since = models.DateField("从")
    until = models.DateField("到", null=True)

    class Meta:
        verbose_name = "服务队成员"
        constraints = [
            models.UniqueConstraint(fields=["team", "member"], condition=Q(until=None), name="in_a_team_once_at_a_time")
        ]


class Dispatch(Scoped):
    """The team was sent somewhere; the log of it. How many came and for how long, not who."""

    scope_path = "team__organisation__path"

    team = models.ForeignKey(Team, models.CASCADE, related_name="dispatches")
    call = models.ForeignKey("service.Call", models.SET_NULL, null=True, related_name="dispatches")
    task = models.CharField("任务", max_length=200)
    place = models.CharField("在哪里", max_length=100)
    on = models.DateField("哪天")
    people = models.PositiveSmallIntegerField("到了几人", null=True)
    hours = models.DecimalField("每人小时", max_digits=4, decimal_places=1, null=True)
    result = models.CharField("做成了什么", max_length=300, blank=True)
    closed_on = models.DateField("记录日期", null=True)

    class Meta:
        verbose_name = "派出任务"
