"""会议通知: a meeting announced; changed or called off with a reason, never deleted."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.regulations.words import event_words


class MeetingNotice(Scoped):
    """When, where, what, for whom. `first_on`: the day first announced. `preparation`: record of the 活动日前会议."""

    class Who(models.TextChoices):
        EVERYBODY = "everybody", "全体党员"
        COMMITTEE = "committee", "支委会成员"
        OTHERS = "others", "其他人"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    item = models.ForeignKey("plans.PlanItem", models.SET_NULL, null=True, related_name="meetings")
    types = models.JSONField("活动类型", default=list)
    topic = models.CharField("主题", max_length=200, blank=True)
    on = models.DateField("日期", db_index=True)
    first_on = models.DateField("最早通知的日期")
    starts_at = models.TimeField("开始", null=True)
    ends_at = models.TimeField("结束", null=True)
    place = models.CharField("地点", max_length=120, blank=True)
    host = models.CharField("主持人", max_length=40, blank=True)
    who = models.CharField("谁参加", max_length=10, choices=Who, default=Who.EVERYBODY)
    others = models.CharField("参加人员说明", max_length=100, blank=True)
    note = models.CharField("要带的、要准备的", max_length=300, blank=True)
    sent_on = models.DateField("通知日期")
    changed_on = models.DateField("改期或改内容的日期", null=True)
    changed_why = models.CharField("改动原因", max_length=200, blank=True)
    cancelled_on = models.DateField("取消日期", null=True)
    cancelled_why = models.CharField("取消原因", max_length=200, blank=True)
    preparation = models.ForeignKey(
        "records.Record", models.SET_NULL, null=True, related_name="+", verbose_name="准备会"
    )

    class Meta:
        verbose_name = "会议通知"
        indexes = [models.Index(fields=["organisation", "on"])]

    def __str__(self) -> str:
        return self.topic or self.types_words

    @property
    def types_words(self) -> str:
        return event_words(self.types)

    @property
    def who_words(self) -> str:
        """全体党员，另请村民代表"""
        if self.who == self.Who.OTHERS:
            return self.others
        return "，".join(word for word in (self.get_who_display(), self.others) if word)


class Told(Scoped):
    """A member who has been told, by whoever told them: no read receipt."""

    scope_path = "meeting__organisation__path"

    meeting = models.ForeignKey(MeetingNotice, models.CASCADE, related_name="told")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    on = models.DateField("通知到的日期")

    class Meta:
        verbose_name = "已通知"
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="told_once")]
