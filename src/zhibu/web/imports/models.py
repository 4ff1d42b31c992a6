"""One call of the import: its files, what was found, what was applied, and how to undo it."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhibu.web.core.scoped import Scoped


class Batch(Scoped):
    """Books checked together. Undo is possible for 24 hours after `applied_at`.

    `organisation` is null for an import by the system into an empty database. `folder` is where its files lie under
    MEDIA_ROOT; empty once they are forgotten. `post_id` is the post acted from, for work in the background.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "校对中"
        CHECKED = "checked", "已校对"
        APPLYING = "applying", "导入中"
        APPLIED = "applied", "已导入"
        UNDONE = "undone", "已撤销"
        FAILED = "failed", "没有完成"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="imports")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    done = models.PositiveIntegerField("已处理", default=0)
    due = models.PositiveIntegerField("共", default=0)
    report = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    folder = models.CharField(max_length=60, blank=True)
    post_id = models.BigIntegerField(null=True)

    walked: Any = None  # the full report of the walk just made; not stored

    class Meta:
        verbose_name = "导入批次"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"导入批次 {self.pk}"


class Book(models.Model):
    """One uploaded workbook; `stored` is its random name under MEDIA_ROOT, `name` the user's own name for it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="books")
    kind = models.CharField(max_length=100, blank=True)  # organisations, members, events …: what was found in it
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Created(models.Model):
    """What an applied batch made or changed, so that it can be undone.

    A changed row has a line of its own: `thing_id` and `before`, field → [old, new]. New rows are many and need no
    more than their keys: `made` holds them by the thousand.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="created")
    thing = models.CharField(max_length=40)  # organisations.organisation …
    thing_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    made = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["thing", "thing_id"])]

    def __str__(self) -> str:
        return f"{self.thing} {self.thing_id or len(self.made)}"
