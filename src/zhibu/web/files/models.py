"""Attachments: a file that belongs to a thing of another app, kept on the disk under a random name."""

from __future__ import annotations

import secrets

from django.db import models

from zhibu.web.core.scoped import Scoped


def new_key() -> str:
    return secrets.token_urlsafe(16)  # 128 random bits


class Attachment(Scoped):
    """`thing` and `thing_id` name what it belongs to (`records.record`, 7); `organisation` is that thing's.

    `key` stands in addresses, `stored` on the disk, `name` in front of people: none is made from another.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    thing = models.CharField(max_length=40)
    thing_id = models.BigIntegerField()
    key = models.CharField(max_length=30, unique=True, default=new_key)
    name = models.CharField("文件名", max_length=120)
    kind = models.CharField(max_length=10)  # jpeg, pdf, docx, xlsx
    size = models.PositiveIntegerField("字节")  # as kept
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes kept, hex
    stored = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField("上传时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "附件"
        indexes = [models.Index(fields=["thing", "thing_id"])]
        constraints = [models.UniqueConstraint(fields=["thing", "thing_id", "digest"], name="one_copy_per_thing")]

    def __str__(self) -> str:
        return self.name

    @property
    def told(self) -> dict[str, str]:
        """What the log says of it."""
        return {"file": self.name, "sha256": self.digest}

    @property
    def is_photo(self) -> bool:
        return self.kind == "jpeg"
