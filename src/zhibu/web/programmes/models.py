"""专项和中心工作: what a superior issues for a time, and the records that count for it."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.organisations.models import Organisation


class Programme(Scoped):
    """Issued by `organisation`; binds what is below it, of `sectors` if any are named, on days from first to last."""

    class Kind(models.TextChoices):
        PROGRAMME = "programme", "专项"
        TASK = "task", "中心工作"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="programmes")
    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.PROGRAMME)
    name = models.CharField("名称", max_length=60)
    document = models.CharField("依据文件", max_length=200)
    themes = models.JSONField("主题", default=list, blank=True)  # texts; empty: the programme is ticked as a whole
    text = models.TextField("格式", blank=True)  # headings offered in the form of a record
    sectors = models.JSONField("领域", default=list, blank=True)  # empty: all
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "专项"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="programme_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def binds(self, place: Organisation) -> bool:
        """Whether its sectors reach there; that the place is below its issuer, the query says."""
        return not self.sectors or place.sector in self.sectors

    def state(self, on: date) -> str:
        """In words."""
        if self.withdrawn_at:
            return "已撤回"
        if self.starts_on > on:
            return "还没开始"
        return "已结束" if self.ends_on and self.ends_on < on else "进行中"


class Mark(Scoped):
    """A record counts for a programme, under a theme where it has themes."""

    scope_path = "record__organisation__path"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="marks")
    record = models.ForeignKey("records.Record", models.CASCADE, related_name="programmes")
    theme = models.CharField("主题", max_length=40, blank=True)

    class Meta:
        verbose_name = "计入专项的记录"
        constraints = [models.UniqueConstraint(fields=["programme", "record", "theme"], name="one_mark_a_theme")]
