"""Posts: who holds what office where, and from when to when. A post gives the scope of every request."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped


class Role(models.TextChoices):
    OFFICER = "officer", "组织部干部"
    COMMITTEE_OFFICER = "committee_officer", "党委组织干事"
    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    COMMITTEE_MEMBER = "committee_member", "委员"
    LEADER = "leader", "联系领导"
    INSPECTOR = "inspector", "督查组成员"
    CAMPAIGN_STAFF = "campaign_staff", "专项活动办公室成员"
    INSTRUCTOR = "instructor", "党建指导员"
    MEMBER = "member", "党员"
    AUDITOR = "auditor", "审计员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


# These reach their points, not their own organisation; the last two for a round or a campaign, till its end.
POINTED = (Role.LEADER, Role.INSTRUCTOR, Role.INSPECTOR, Role.CAMPAIGN_STAFF)
FOR_A_TIME = (Role.INSPECTOR, Role.CAMPAIGN_STAFF)


class Post(Scoped):
    """A person's office at an organisation. What it reaches is said by `policy.yaml`: the own organisation, what is
    below it or supervised by it, or the subtrees of `points`. Both dates are inclusive; null is open."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="posts")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="posts")
    role = models.CharField("角色", max_length=20, choices=Role)
    points = models.ManyToManyField("organisations.Organisation", related_name="+", blank=True)
    starts_on = models.DateField("任职日期", null=True)
    ends_on = models.DateField("离任日期", null=True)
    document = models.CharField("任职文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="post_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        here = self.organisation
        return f"{here.short_name or here.name}·{self.get_role_display()}"


class Terminals(Scoped):
    """管理终端: the networks from which the three administrators of an organisation, and of those below it, may work.
    One network a line, as `terminals.read` writes them. No row: no restriction by this organisation."""

    organisation = models.OneToOneField("organisations.Organisation", models.CASCADE, related_name="+")
    networks = models.TextField("网段")
    changed_at = models.DateTimeField("规定的时间")

    class Meta:
        verbose_name = "管理终端"


class StandIn(Scoped):
    """代办: a colleague acts as the holder of a post, from a day to a day (both inclusive), and is named beside it."""

    scope_path = "post__organisation__path"

    post = models.ForeignKey(Post, models.CASCADE, related_name="stand_ins")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="stands_in")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    reason = models.CharField("事由", max_length=200)

    class Meta:
        verbose_name = "代办"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="stand_in_ends_after_it_starts"
            )
        ]
