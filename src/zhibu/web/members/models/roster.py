"""The register of members. Only what a rule or a regulation needs; numbers are sealed in the database and masked
wherever they are shown."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.core.sealed import Plain, SealedField
from zhibu.web.organisations.pinyin import initials


class MemberKind(models.TextChoices):
    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class Employment(models.TextChoices):
    ORGAN = "organ", "公务员"
    TEACHER = "teacher", "教师"
    ENTERPRISE = "enterprise", "企业职工"
    SELF_EMPLOYED = "self_employed", "个体户"
    FARMER = "farmer", "农民"
    RETIRED = "retired", "离退休"
    STUDENT = "student", "学生"
    UNEMPLOYED = "unemployed", "未就业"
    OTHER = "other", "其他"


class LeftKind(models.TextChoices):
    """How a person left the roster. 劝其退党, 除名: 不合格党员组织处置办法 3 (text); 停止党籍: 教育管理工作条例 24
    (text)."""

    OUTSIDE = "outside", "转出本系统"
    DIED = "died", "去世"
    SUSPENDED = "suspended", "停止党籍"
    ADVISED = "advised", "劝其退党"
    REMOVED = "removed", "除名"
    EXPELLED = "expelled", "开除党籍"
    CANCELLED = "cancelled", "取消预备党员资格"
    OTHER = "other", "其他"


class Member(Scoped):
    """A Party member on the roster of one branch.

    `id_number` and `phone` are read and set in plain and stand sealed in the table, bound to `row_key`: texts swapped
    between rows don't open. They are found by digest (`queries.by_number`), never filtered by.
    """

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="members")
    name = models.CharField("姓名", max_length=40)
    initials = models.CharField(max_length=40, blank=True, db_index=True)
    sex = models.CharField("性别", max_length=1, choices=[("m", "男"), ("f", "女")], blank=True)
    id_sealed = SealedField("公民身份号码", digest="id_digest")
    id_digest = models.CharField(max_length=64, unique=True, editable=False)
    born_on = models.DateField("出生日期")
    education = models.CharField("学历", max_length=20, blank=True)
    kind = models.CharField("人员类别", max_length=20, choices=MemberKind)
    employment = models.CharField("工作岗位", max_length=20, choices=Employment, blank=True)
    phone_sealed = SealedField("手机号码", digest="phone_digest")
    phone_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    floating = models.BooleanField("流动党员", default=False)
    frail = models.BooleanField("年老体弱", default=False)
    joined_on = models.DateField("加入党组织日期")
    full_on = models.DateField("转为正式党员日期", null=True)
    arrived_on = models.DateField("转入本支部日期", null=True)
    probation_until = models.DateField("预备期延长到", null=True)
    left_on = models.DateField("离开日期", null=True)
    left_kind = models.CharField("离开原因", max_length=12, choices=LeftKind, blank=True)
    branch_post = models.CharField("支部职务", max_length=20, blank=True)  # 书记、组织委员 …
    user = models.OneToOneField("accounts.User", models.SET_NULL, null=True, related_name="member")

    id_number, phone = Plain("id_sealed"), Plain("phone_sealed")

    class Meta:
        verbose_name = "党员"
        indexes = [models.Index(fields=["organisation", "name"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With pinyin initials; `bulk_create` does not come by here (use organisations.pinyin.initials)."""
        self.initials = self.initials or initials(self.name, longest=40)
        super().save(*args, **kwargs)


class Look(models.Model):
    """One act that came near whole numbers: a number opened, numbers exported, or a search by number. The limits count
    these, and 我的 tells each member of those that showed theirs. The log has its own line of each."""

    class Kind(models.TextChoices):
        OPEN = "open", "查看号码"
        EXPORT = "export", "导出号码"
        FIND = "find", "按号码查找"

    kind = models.CharField(max_length=10, choices=Kind)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    title = models.CharField("身份", max_length=120)
    at = models.DateTimeField("时间")
    what = models.CharField("看了什么", max_length=40, blank=True)
    reason = models.CharField("事由", max_length=300, blank=True)
    count = models.PositiveIntegerField("人数", default=1)
    approved = models.BooleanField("经第二人批准", default=False)

    class Meta:
        verbose_name = "查看记录"
        indexes = [models.Index(fields=["user", "kind", "at"])]


class Seen(models.Model):
    """A member whose number a look showed. Goes with the member: it is theirs to read, the log keeps the act."""

    look = models.ForeignKey(Look, models.CASCADE, related_name="seen")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "被查看"
