"""会议签到: one meeting, who signed in and how, guests, who sits in, who lectured; phones that are remembered.

Kept of a sign-in: who, at which meeting, how, when. No place, no address, no device.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.records.models import Way
from zhibu.web.regulations.words import event_words

ORGANISATION = "organisations.Organisation"
MEMBER = "members.Member"
USER = "accounts.User"


def _nonce() -> str:
    return secrets.token_hex(5)


class Meeting(Scoped):
    """会议签到 of an organisation on a day. Without `opens_at` there is no code: only ticking, paper and guests.

    `types`: ids of packs/words.yaml; `category`: of data/sitins.yaml, or empty. `form_key`: the form of a record it was
    opened from; `record` follows when that is submitted.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("会议名称", max_length=80)
    held_on = models.DateField("日期", db_index=True)
    types = models.JSONField("算作", default=list)
    category = models.CharField("会议类别", max_length=20, blank=True)
    opens_at = models.DateTimeField("开放签到", null=True)
    closes_at = models.DateTimeField("结束签到", null=True)
    nonce = models.CharField(max_length=16, unique=True, default=_nonce, editable=False)
    form_key = models.CharField(max_length=60, blank=True)
    record = models.ForeignKey("records.Record", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "会议签到"
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__gt=models.F("opens_at")),
                name="signin_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def types_words(self) -> str:
        return event_words(self.types)

    @property
    def is_taken(self) -> bool:
        """A record that stands holds the attendance."""
        return self.record is not None and self.record.withdrawn_at is None

    def state(self, now: datetime) -> str:
        """none, early, open or over."""
        if self.opens_at is None or self.closes_at is None:
            return "none"
        return "early" if now < self.opens_at else "open" if now < self.closes_at else "over"


class Sign(Scoped):
    """签到: a member of the roster was there. `by`: who ticked; null, the member himself by phone."""

    scope_path = "meeting__organisation__path"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="signs")
    member = models.ForeignKey(MEMBER, models.PROTECT, related_name="+")
    way = models.CharField("签到方式", max_length=5, choices=Way)
    at = models.DateTimeField("签到时间")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "签到"
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="one_sign_per_member")]


class Guest(Scoped):
    """来宾: a member of another branch at this meeting; counted apart, never in 应到. `member` where he was found."""

    scope_path = "meeting__organisation__path"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests")
    member = models.ForeignKey(MEMBER, models.PROTECT, null=True, related_name="+")
    name = models.CharField("姓名", max_length=40)
    branch = models.CharField("所在党组织", max_length=120)
    way = models.CharField("签到方式", max_length=5, choices=Way)
    at = models.DateTimeField("签到时间")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "来宾"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], condition=~Q(member=None), name="one_guest_row_per_member"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SitIn(Scoped):
    """列席: somebody the rule says must be invited. `attended` null: not noted yet; `why`: why not."""

    scope_path = "meeting__organisation__path"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sitins")
    tenure = models.ForeignKey("offices.Tenure", models.SET_NULL, null=True, related_name="+")
    name = models.CharField("姓名", max_length=40)
    office = models.CharField("职务", max_length=160)
    invited = models.BooleanField("已邀请", default=False)
    attended = models.BooleanField("列席了", null=True)
    why = models.CharField("没有邀请或列席的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "列席"
        constraints = [models.UniqueConstraint(fields=["meeting", "tenure"], name="one_sit_in_per_tenure")]

    def __str__(self) -> str:
        return self.name


class Lecture(Scoped):
    """讲党课: which member of the branch gave the lecture of a record."""

    scope_path = "record__organisation__path"

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="lectures")
    member = models.ForeignKey(MEMBER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "讲党课"
        constraints = [models.UniqueConstraint(fields=["record", "member"], name="one_lecture_per_member")]


class LectureCount(Scoped):
    """How often in a year a leader lectures in the home branch; for an organisation and all below, the nearest holds.

    Ships empty: the source gives no number (undefined-terms.md).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    times = models.PositiveSmallIntegerField("次数")
    basis = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "领导讲党课次数"
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_lecture_count_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.times}"


class Phone(models.Model):
    """记住的手机: a browser whose holder showed a code by SMS. `digest` of a random word in its signed cookie."""

    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="phones")
    digest = models.CharField(max_length=64, unique=True)
    device = models.CharField("浏览器", max_length=60, blank=True)
    since = models.DateField("从")
    until = models.DateField("到")
    ended_on = models.DateField("不再记住", null=True)

    class Meta:
        verbose_name = "记住的手机"

    def holds(self, on: date) -> bool:
        return self.ended_on is None and self.until >= on
