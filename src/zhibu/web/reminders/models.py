"""提醒: what one person was told on one day, what a superior asked, how an office wants it, what a person wants not."""

from __future__ import annotations

from datetime import time

from django.db import models

from zhibu.web.access.models import Role
from zhibu.web.core.scoped import Scoped
from zhibu.web.core.sealed import Plain, SealedField

ORGANISATION = "organisations.Organisation"
USER = "accounts.User"
DAYS = (3,)  # before the last day, where no office has said otherwise. ours: one message, no more
FIRST, LAST = time(8, 30), time(17, 30)  # ux.md B6


class Kind(models.TextChoices):
    CLOSING = "closing", "快到期"
    OVERDUE = "overdue", "已逾期"
    RETURNED = "returned", "退回补充"
    ASKED = "asked", "上级提醒"


OF_DUTIES = (Kind.CLOSING, Kind.OVERDUE, Kind.ASKED)  # their key is rulebook/rule/period
MUTABLE = (Kind.CLOSING, Kind.OVERDUE, Kind.RETURNED)  # a superior's word is heard


class Way(models.TextChoices):
    """How far a message got. `sending` for good: killed in between. Nobody knows if it left; it is not sent again."""

    NONE = "", "没有发"
    WANTED = "wanted", "还没有发出"
    SENDING = "sending", "不确定发出没有"
    SENT = "sent", "已发出"
    FAILED = "failed", "没有发出"


def usual_days() -> list[int]:
    return list(DAYS)


def usual_roles() -> list[str]:
    return [Role.SECRETARY, Role.COMMITTEE_MEMBER]


class ReminderRule(Scoped):
    """提醒办法: how an organisation and those below it are reminded; the nearest above holds. SMS and mail are off."""

    organisation = models.OneToOneField(ORGANISATION, models.CASCADE, related_name="+")
    active = models.BooleanField("提醒", default=True)
    days = models.JSONField("到期前几天", default=usual_days)  # 7, 1
    roles = models.JSONField("提醒谁", default=usual_roles)
    first = models.TimeField("最早", default=FIRST)
    last = models.TimeField("最晚", default=LAST)
    rest_days = models.BooleanField("休息日也提醒", default=False)
    sms = models.BooleanField("发短信", default=False)
    mail = models.BooleanField("发邮件", default=False)
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "提醒办法"


class ReminderWish(models.Model):
    """What a person does not want to be told, and where to: their own affair, seen by nobody else."""

    user = models.OneToOneField(USER, models.CASCADE, primary_key=True, related_name="+")
    muted = models.JSONField("不要的提醒", default=list)
    sms = models.BooleanField("接收短信", default=True)
    mail_sealed = SealedField("邮箱", row="user_id")
    mail = Plain("mail_sealed")

    class Meta:
        verbose_name = "提醒设置"


class Digest(models.Model):
    """One person's reminders of one day, all posts together: at most one."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    on = models.DateField("日期")
    made_at = models.DateTimeField()
    sms = models.CharField("短信", max_length=8, choices=Way, default=Way.NONE, blank=True)
    mail = models.CharField("邮件", max_length=8, choices=Way, default=Way.NONE, blank=True)

    class Meta:
        verbose_name = "当天的提醒"
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="one_digest_a_day")]

    @property
    def ways(self) -> str:
        """站内，短信已发出"""
        said = [("短信", self.sms, self.get_sms_display()), ("邮件", self.mail, self.get_mail_display())]
        return "，".join(["站内", *(f"{name}{words}" for name, state, words in said if state)])


class Asked(Scoped):
    """提醒一下: a superior asked an organisation about one duty."""

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    key = models.CharField("事项", max_length=170)  # rulebook/rule/period
    title = models.CharField("提醒什么", max_length=200)
    on = models.DateField("日期")
    sent_by = models.CharField("由谁提醒", max_length=120)  # which body; the log knows the person

    class Meta:
        verbose_name = "上级提醒"
        constraints = [models.UniqueConstraint(fields=["organisation", "key", "on"], name="one_ask_a_day")]


class Reminder(Scoped):
    """One matter told to one person, who holds `role` at `organisation` or stands in for who does.

    `step`: with how many days left it was told; of an ask its number. `digest`: null until a digest took it along.
    """

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    role = models.CharField("身份", max_length=20, choices=Role)
    digest = models.ForeignKey(Digest, models.CASCADE, null=True, related_name="reminders")
    asked = models.ForeignKey(Asked, models.CASCADE, null=True, related_name="reminders")
    on = models.DateField("日期")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    key = models.CharField("事项", max_length=170)
    step = models.BigIntegerField(default=0)
    title = models.CharField("提醒什么", max_length=200)
    by = models.DateField("期限", null=True)
    address = models.CharField(max_length=300)

    class Meta:
        verbose_name = "提醒"
        ordering = ["-on", "by", "pk"]
        indexes = [models.Index(fields=["user", "on"]), models.Index(fields=["organisation", "key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "kind", "key", "step"], name="one_reminder_of_a_kind"
            ),
            models.UniqueConstraint(fields=["user", "organisation", "kind", "key", "on"], name="one_reminder_a_day"),
        ]

    def __str__(self) -> str:
        return self.title
