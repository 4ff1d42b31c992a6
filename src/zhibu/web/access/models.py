"""Posts: who holds what office where, and from when to when. A post gives the scope of every request."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    OFFICER = "officer", "组织部干部"
    COMMITTEE_OFFICER = "committee_officer", "党委组织干事"
    SECRETARY = "secretary", "书记"
    LEADER = "leader", "联系领导"
    MEMBER = "member", "党员"
    AUDITOR = "auditor", "审计员"


class Post(models.Model):
    """A person's office at an organisation. It reaches that organisation's subtree, or, for a leader with contact
    points, the subtrees of `points` and nothing else. Both dates are inclusive; null is open."""

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
