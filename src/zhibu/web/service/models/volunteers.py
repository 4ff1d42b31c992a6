"""报到: a member of an organ registers where they live; and volunteer service, confirmed by whoever it was done for.

Hours are seen by the person, the own branch and who confirms them; superiors see sums (out-of-scope: no ranking)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


class Registration(Scoped):
    """`organisation` is the community's; the member stays on the roster of the own branch."""

    class State(models.TextChoices):
        ASKED = "asked", "等社区接收"
        ACCEPTED = "accepted", "已报到"
        REFUSED = "refused", "没有接收"
        ENDED = "ended", "已结束"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    asked_on = models.DateField("报到日期")
    state = models.CharField("报到状态", max_length=10, choices=State, default=State.ASKED)
    answered_on = models.DateField("接收日期", null=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    ended_on = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "社区报到"
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state__in=["asked", "accepted"]), name="registered_once_at_a_time"
            )
        ]


class Shift(Scoped):
    """Volunteer service on one day. `organisation` confirms it: the community, or who called. Without `hours` the
    person is still on duty."""

    class State(models.TextChoices):
        NOTED = "noted", "等确认"
        CONFIRMED = "confirmed", "已确认"
        RETURNED = "returned", "没有确认"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    registration = models.ForeignKey(Registration, models.CASCADE, null=True, related_name="shifts")
    sign_up = models.ForeignKey("service.SignUp", models.CASCADE, null=True, related_name="shifts")
    on = models.DateField("服务日期")
    what = models.CharField("做了什么", max_length=100)
    began = models.TimeField("上岗", null=True)
    ended = models.TimeField("下岗", null=True)
    hours = models.DecimalField("小时", max_digits=4, decimal_places=1, null=True)
    state = models.CharField("确认状态", max_length=10, choices=State, default=State.NOTED)
    answered_on = models.DateField("确认日期", null=True)
    reason = models.CharField("没有确认的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "志愿服务"
        indexes = [models.Index(fields=["organisation", "state"])]
        constraints = [
            models.CheckConstraint(condition=Q(hours=None) | Q(hours__gt=0, hours__lte=24), name="hours_of_one_day")
        ]
