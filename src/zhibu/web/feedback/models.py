"""Complaints and suggestions about the work and this system; answered in public inside the installation."""

from __future__ import annotations

import uuid

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.core.sealed import Plain, SealedField


class Feedback(Scoped):
    """`organisation` is the committee that answers, never the sender's branch: eight people are easily told apart.

    Without a name nothing here leads back to the sender: no account, no contact, a day instead of a time. `contact` is
    read and set in plain and stands sealed; `contacts.py` is its one door.
    """

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    text = models.TextField("意见", max_length=2000)
    name = models.CharField("姓名", max_length=40, blank=True)
    contact_sealed = SealedField("联系方式")
    user = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    sent_on = models.DateField("提出日期")
    subject = models.CharField("公开的题目", max_length=120, blank=True)  # written by the one who answers
    answer = models.TextField("答复", max_length=2000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.CharField("答复单位", max_length=120, blank=True)

    contact = Plain("contact_sealed")

    class Meta:
        verbose_name = "意见建议"
        indexes = [models.Index(fields=["answered_at"])]
