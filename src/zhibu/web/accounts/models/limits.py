"""Counters of attempts, shared by all processes."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How often something was tried in a window. `key` is a keyed digest: no name that was typed is stored, for
    people type passwords into the wrong box. `account` gathers the counters of one account, to clear them."""

    key = models.CharField(max_length=64, unique=True)
    account = models.CharField(max_length=64, blank=True, db_index=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "尝试次数"
