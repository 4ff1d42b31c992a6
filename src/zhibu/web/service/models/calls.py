"""招募: somebody is needed somewhere for something; who came forward, who does which post, and what came of it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped


class Call(Scoped):
    """It reaches the members of `organisation` and all below it, and who is registered at one of these."""

    class Kind(models.TextChoices):
        VOLUNTEER = "volunteer", "志愿服务"
        URGENT = "urgent", "急难险重任务"
        SINK = "sink", "下沉社区"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    title = models.CharField("名称", max_length=60)
    task = models.CharField("做什么", max_length=300)
    place = models.CharField("在哪里", max_length=100)
    starts_on = models.DateField("从哪天")
    ends_on = models.DateField("到哪天")
    closed_on = models.DateField("结束日期", null=True)
    report = models.CharField("总结", max_length=500, blank=True)
    served = models.PositiveIntegerField("服务人次", null=True)  # counted, never listed

    class Meta:
        verbose_name = "招募"
        indexes = [models.Index(fields=["organisation", "closed_on"])]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_call_in_order")]

    def __str__(self) -> str:
        return self.title

    def status(self, on: date) -> tuple[str, str]:
        if self.closed_on:
            return "done", "已结束"
        if self.ends_on < on:
            return "late", "过了结束日期，等总结"
        return ("todo", "招募中") if self.starts_on > on else ("soon", "进行中")


class CallPost(Scoped):
    """A post that a call needs filled, and by how many."""

    scope_path = "call__organisation__path"

    call = models.ForeignKey(Call, models.CASCADE, related_name="posts")
    name = models.CharField("岗位", max_length=40)
    needed = models.PositiveSmallIntegerField("需要几人")

    class Meta:
        verbose_name = "招募岗位"

    def __str__(self) -> str:
        return f"{self.name}（{self.needed} 人）"


class SignUp(Scoped):
    """A member came forward; the host gives a post or says no."""

    class State(models.TextChoices):
        SIGNED = "signed", "已报名"
        ASSIGNED = "assigned", "已安排"
        DECLINED = "declined", "没有安排"
        CANCELLED = "cancelled", "已取消"

    scope_path = "call__organisation__path"

    call = models.ForeignKey(Call, models.CASCADE, related_name="sign_ups")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    post = models.ForeignKey(CallPost, models.SET_NULL, null=True, related_name="sign_ups")
    signed_on = models.DateField("报名日期")
    state = models.CharField("报名状态", max_length=10, choices=State, default=State.SIGNED)

    class Meta:
        verbose_name = "报名"
        constraints = [models.UniqueConstraint(fields=["call", "member"], name="signed_up_once_a_call")]
