"""常联系: matters between a work committee and a department's committee or leading group, and what each side wrote."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped


class Matter(Scoped):
    """One request of `organisation` to `to`. It is answered by the first message of `to`; nobody ticks that off."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    to = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    subject = models.CharField("事由", max_length=120)
    sent_on = models.DateField("发出日期")
    due_on = models.DateField("答复期限", null=True)  # null: told for information, no answer asked
    answered_on = models.DateField("答复日期", null=True)

    class Meta:
        verbose_name = "联系事项"
        ordering = ["-sent_on", "-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def days(self) -> int | None:
        """答复用时, calendar days; None while there is no reply."""
        return (self.answered_on - self.sent_on).days if self.answered_on else None

    def status(self, on: date) -> str:
        """A word of `design/vocabulary.py`."""
        if self.answered_on:
            return "done"
        if self.due_on is None:
            return "na"
        return "late" if self.due_on < on else "todo"


class Message(Scoped):
    """What one side wrote; `organisation` is that side. The log knows the person."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="messages")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    text = models.TextField("内容", max_length=2000)
    sent_on = models.DateField("日期")

    class Meta:
        verbose_name = "联系内容"
        ordering = ["pk"]
