"""The attachments of a thing that the caller has found within its own scope."""

from __future__ import annotations

from django.db import models

from zhibu.web.files.models import Attachment


def attachments(thing: models.Model) -> list[Attachment]:
    """In the order of their coming."""
    rows = Attachment.objects.unscoped("of a thing found within its scope")
    return list(rows.filter(thing=thing._meta.label_lower, thing_id=thing.pk).order_by("pk"))


def attachment(thing: models.Model, key: str) -> Attachment | None:
    """One of them; None also for one of another thing."""
    return next((one for one in attachments(thing) if one.key == key), None)
