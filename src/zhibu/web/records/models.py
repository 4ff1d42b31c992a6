"""Activity records: an activity is written down once and may close several duties."""

from __future__ import annotations

from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.records.words import period_words
from zhibu.web.regulations.words import event_words


class Review(models.TextChoices):
    """How a record stands with the committee that reviews it. A returned one counts for no duty until it is back."""

    NONE = "", "不需要审核"
    WAITING = "waiting", "待审核"
    RETURNED = "returned", "退回补充"
    ACCEPTED = "accepted", "已通过"


class Record(Scoped):
    """One activity of an organisation. `held_on` is when it happened, `recorded_at` when it was first entered.

    `version` counts edits: two people saving the same record are told apart by it.
    """

    number = models.CharField("编号", max_length=20, unique=True)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="records")
    types = models.JSONField("活动类型", default=list)  # ids of packs/words.yaml, in the order chosen
    topic = models.CharField("主题", max_length=200, blank=True)
    held_on = models.DateField("活动日期", db_index=True)
    starts_at = models.TimeField("开始", null=True)
    ends_at = models.TimeField("结束", null=True)
    place = models.CharField("地点", max_length=120, blank=True)
    host = models.CharField("主持人", max_length=40, blank=True)
    recorder = models.CharField("记录人", max_length=40, blank=True)
    expected = models.PositiveIntegerField("应到", null=True)
    present = models.PositiveIntegerField("实到", null=True)
    hours = models.DecimalField("学时", max_digits=6, decimal_places=2, null=True)
    content = models.TextField("内容", blank=True)
    extra = models.JSONField("补充内容", default=dict, blank=True)  # ids of packs/forms/activity-types.yaml → answers
    makes_up = models.CharField("补开的期次", max_length=30, blank=True)  # label of the period made up for
    recorded_at = models.DateTimeField("录入时间")
    recorded_on = models.DateField("录入日期", db_index=True)
    # An edit that adds to what rules count is counted from its own day (docs/decisions/0006). Null: never happened.
    recounted_on = models.DateField("重新计入日期", null=True)
    edited_at = models.DateTimeField("修改时间", null=True)
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    # Where the superior reviews (docs/decisions/0020); moved by `actions/reviewing.py` alone.
    review = models.CharField("审核", max_length=10, choices=Review, default=Review.NONE, blank=True)
    returned_for = models.CharField("退回的意见", max_length=300, blank=True)
    returned_by = models.CharField("退回的人", max_length=160, blank=True)  # 大营镇党委 王某
    back_by = models.DateField("补充期限", null=True)
    source = models.CharField("来源", max_length=10, choices=[("web", "网页"), ("import", "导入")], default="web")
    submitted_key = models.CharField(max_length=40, blank=True)  # one form sent twice is one record
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "活动记录"
        indexes = [
            models.Index(fields=["organisation", "held_on"]),
            models.Index(fields=["review"], condition=models.Q(review__in=("waiting", "returned")), name="in_review"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "submitted_key"],
                condition=~models.Q(submitted_key=""),
                name="one_record_per_form",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def counted_on(self) -> date:
        """The day the rules take as the day of entry: what the facts export as `recorded_on`."""
        return self.recounted_on or self.recorded_on

    @property
    def days_late(self) -> int:
        """活动后 n 天: from the activity to its entry."""
        return max(0, (self.counted_on - self.held_on).days)

    @property
    def types_words(self) -> str:
        return event_words(self.types)

    @property
    def makes_up_words(self) -> str:
        return period_words(self.makes_up, self.held_on) if self.makes_up else ""

    @property
    def edits(self) -> int:
        return self.version - 1

    @property
    def attended(self) -> str:
        """实到 7 / 应到 8; empty when nobody counted."""
        return "--" if self.expected is None else f"实到 {self.present} / 应到 {self.expected}"

    @property
    def returned(self) -> bool:
        return self.review == Review.RETURNED and self.withdrawn_at is None

    @property
    def waiting(self) -> bool:
        return self.review == Review.WAITING and self.withdrawn_at is None

    @property
    def returned_words(self) -> str:
        """大营镇党委 王某：缺 2 人未到会的说明"""
        return f"{self.returned_by}：{self.returned_for}"

    @property
    def returned_title(self) -> str:
        return f"补充{self.types_words}记录（{self.held_on:%Y-%m-%d}）"

    @property
    def returned_note(self) -> str:
        """The words of the reviewer with the new date, as the month page quotes them."""
        until = f"{self.back_by.month} 月 {self.back_by.day} 日前" if self.back_by else ""
        return " · ".join(filter(None, [self.returned_words, until]))


class Way(models.TextChoices):
    """How it is known that somebody was there. All of equal standing."""

    SELF = "self", "本人签到"
    HOST = "host", "主持人代记"
    PAPER = "paper", "纸质签到表"


class Attendance(models.Model):
    """One member of the roster of the day at one activity."""

    class State(models.TextChoices):
        PRESENT = "present", "到会"
        LEAVE = "leave", "请假"
        AWAY = "away", "外出"
        ABSENT = "absent", "缺席"
        EXCUSED = "excused", "不作要求"  # JY-11: old, frail and ill members

    record = models.ForeignKey(Record, models.CASCADE, related_name="attendances")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="attendances")
    state = models.CharField("到会情况", max_length=10, choices=State)
    way = models.CharField("签到方式", max_length=5, choices=Way, default=Way.HOST)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "member"], name="one_state_per_member")]

    def __str__(self) -> str:
        return self.get_state_display()


class Draft(Scoped):
    """What was typed and not yet sent. Belongs to one account and organisation; `key` is one form of theirs."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=60)
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "草稿"
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "key"], name="one_draft_per_form")]


class Series(models.Model):
    """The last number given in a series (`2026`); its row lock makes numbers unique and without gaps."""

    name = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
