"""Members who are away, in need, excused; and what a member does beyond meetings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.members.models.life import DOCUMENT
from zhibu.web.members.models.roster import Member


class OfMember(Scoped):
    """A row about a member: it goes with the member to the next branch."""

    scope_path = "member__organisation__path"

    member = models.ForeignKey(Member, models.CASCADE, related_name="%(class)s_rows")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.member)


class Floating(OfMember):
    """A time away: 流动党员 (教育管理工作条例 32–34). At most one is open; `Member.floating` says whether one is."""

    since = models.DateField("外出日期")
    place = models.CharField("外出地点", max_length=60)  # county or city, no address
    abroad = models.BooleanField("在国（境）外", default=False)
    organisation_there = models.CharField("流入地党组织", max_length=100, blank=True)
    contact = models.CharField("支部联系人", max_length=40, blank=True)
    certificate = models.CharField("流动党员活动证编号", max_length=40, blank=True)
    back_on = models.DateField("返回日期", null=True)

    class Meta:
        verbose_name = "流动党员登记"
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(back_on=None), name="away_once_at_a_time")
        ]


class AwayContact(OfMember):
    """The branch and a member who is away spoke."""

    class How(models.TextChoices):
        PHONE = "phone", "电话"
        MESSAGE = "message", "信息"
        VISIT = "visit", "走访"
        HOME = "home", "返乡见面"
        LETTER = "letter", "书信"

    on = models.DateField("联系日期")
    how = models.CharField("方式", max_length=10, choices=How)
    by_name = models.CharField("联系的人", max_length=40)

    class Meta:
        verbose_name = "联系记录"
        indexes = [models.Index(fields=["member", "on"])]


class Care(OfMember):
    """A member in need. The kind of need and no more; shown to those who see `member.care`."""

    class Need(models.TextChoices):
        LIVING = "living", "生活困难"
        ILLNESS = "illness", "患病"
        DISABILITY = "disability", "残疾"
        WORK = "work", "下岗待业"
        CALAMITY = "calamity", "受灾或意外"
        ALONE = "alone", "独居或无人照料"
        OTHER = "other", "其他"

    need = models.CharField("困难类型", max_length=12, choices=Need)
    since = models.DateField("从")
    until = models.DateField("到", null=True)

    class Meta:
        verbose_name = "困难党员"
        constraints = [
            models.UniqueConstraint(fields=["member", "need"], condition=Q(until=None), name="a_need_once_at_a_time")
        ]


class CareHelp(OfMember):
    """What was done for a member in need."""

    on = models.DateField("帮扶日期")
    what = models.CharField("帮扶内容", max_length=100)
    by_name = models.CharField("帮扶人", max_length=40)

    class Meta:
        verbose_name = "帮扶记录"


class Excused(OfMember):
    """A member of whom meetings and study are not demanded for a time (教育管理工作条例 23; M261), with the reason."""

    class Why(models.TextChoices):
        OLD = "old", "年老体弱"
        ILL = "ill", "患重病"
        DISABLED = "disabled", "残疾"
        RETIRED = "retired", "离退休，按规定从简"

    why = models.CharField("原因", max_length=10, choices=Why)
    since = models.DateField("从")
    until = models.DateField("到", null=True)
    document = models.CharField("依据文件", max_length=DOCUMENT, blank=True)

    class Meta:
        verbose_name = "参加活动的照顾"
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until=None), name="excused_once_at_a_time")
        ]


class MemberRole(OfMember):
    """How a member plays a part: a post, a team, a commitment, a service (M267, M265)."""

    class Kind(models.TextChoices):
        POST = "post", "党员岗位"
        BADGE = "badge", "挂牌上岗"
        TEAM = "team", "参加的队伍"
        COMMITMENT = "commitment", "承诺"
        SERVICE = "service", "服务群众"

    kind = models.CharField("方式", max_length=12, choices=Kind)
    what = models.CharField("内容", max_length=120)
    since = models.DateField("从")
    until = models.DateField("到", null=True)

    class Meta:
        verbose_name = "作用发挥"
