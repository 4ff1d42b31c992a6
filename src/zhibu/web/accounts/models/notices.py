"""What others did to the ways into an account, told to its owner."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """A sentence for the owner: at the next sign-in (`told_at`), and in 账号安全 for 90 days."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    at = models.DateTimeField("时间")
    words = models.CharField("告知内容", max_length=800)
    told_at = models.DateTimeField("告知时间", null=True)

    class Meta:
        verbose_name = "告知"
