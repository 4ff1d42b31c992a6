"""日历订阅: who holds the address may read meetings and deadlines of one post, without names of persons."""

from __future__ import annotations

from django.db import models


class Feed(models.Model):
    """One address. The token itself is told once; the table holds its digest."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    post = models.ForeignKey("access.Post", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField("开通日期")
    revoked_on = models.DateField("停用日期", null=True)

    class Meta:
        verbose_name = "日历订阅"
