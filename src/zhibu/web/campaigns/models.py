"""专项活动: its days and document, who takes part, who staffs its office, what the office remarked on records."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped


class Campaign(Scoped):
    """A campaign of `organisation`, from a day to a day, both inclusive."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)
    document = models.CharField("依据文件", max_length=200)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")

    class Meta:
        verbose_name = "专项活动"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def runs(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on


class Enrolment(Scoped):
    """参加单位: one organisation in one campaign."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="enrolments")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "参加单位"
        constraints = [models.UniqueConstraint(fields=["campaign", "organisation"], name="one_enrolment_per_unit")]


class OfficeStaff(Scoped):
    """办公室人员: a post given for this campaign. Its points are the units this person looks after."""

    scope_path = "campaign__organisation__path"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="staff")
    post = models.ForeignKey("access.Post", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "办公室人员"
        constraints = [models.UniqueConstraint(fields=["campaign", "post"], name="one_seat_per_post")]


class Remark(Scoped):
    """批注 or 退回: what the office says about one record. `version`: the record's when it was said.

    A return is open until the record was edited or withdrawn, or the unit replied; nobody sets that by hand.
    """

    class Kind(models.TextChoices):
        NOTE = "note", "批注"
        RETURN = "return", "退回"

    scope_path = "record__organisation__path"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="remarks")
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="remarks")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    text = models.CharField("意见", max_length=300)
    said_on = models.DateField("日期")
    said_by = models.CharField("办公室", max_length=120)  # of which body's office; the log knows the person
    version = models.PositiveIntegerField(default=1)
    reply = models.CharField("答复", max_length=300, blank=True)
    replied_on = models.DateField("答复日期", null=True)

    class Meta:
        verbose_name = "批注"
        ordering = ["-said_on", "-pk"]

    @property
    def settled(self) -> str:
        """How a return was settled, in words; empty while it is open."""
        if self.record.withdrawn_at:
            return "记录已撤回"
        if self.record.version > self.version:
            return "已修改"
        return "已答复" if self.replied_on else ""

    @property
    def open(self) -> bool:
        return self.kind == self.Kind.RETURN and not self.settled

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        return "returned" if self.open else "done" if self.kind == self.Kind.RETURN else "na"
