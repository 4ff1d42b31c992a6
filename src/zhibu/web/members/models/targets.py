"""What a unit sets itself: the standard of a qualified member, and shares among those newly admitted."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.regulations.words import event_word


class MemberStandard(Scoped):
    """One version of a unit's own text of what makes a qualified member (M263), or of a yardstick's items (M264)."""

    class Kind(models.TextChoices):
        STANDARD = "standard", "党员具体标准"
        YARDSTICK = "yardstick", "评议标尺"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="%(class)s_rows")
    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.STANDARD)
    title = models.CharField("名称", max_length=60)
    version = models.PositiveIntegerField("第几版")
    text = models.TextField("内容", max_length=4000)  # one item a line
    since = models.DateField("施行日期")
    basis = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "党员标准"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "version"], name="standard_version_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def items(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


class AdmissionQuota(Scoped):
    """A share that the newly admitted members of a year shall reach at a committee (M256). `percent`: at least."""

    class Measure(models.TextChoices):
        SCHOOLED = "schooled", "高中以上文化程度"
        YOUNG = "young", "35 岁以下"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="%(class)s_rows")
    year = models.PositiveSmallIntegerField("年度")
    measure = models.CharField("指标", max_length=10, choices=Measure)
    percent = models.DecimalField("不低于（%）", max_digits=5, decimal_places=2)
    rural = models.BooleanField("只算农村党员", default=True)
    basis = models.CharField("依据文件", max_length=200)

    class Meta:
        verbose_name = "发展党员结构指标"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "measure"], name="quota_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_measure_display()}"


class LeaderItem(Scoped):
    """How often in a year members, and above that leading cadres, take part in a kind of activity (M266). For the
    organisation that set it and those below it."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="%(class)s_rows")
    year = models.PositiveSmallIntegerField("年度")
    event = models.CharField("活动类型", max_length=40)  # id of packs/words.yaml
    members = models.PositiveSmallIntegerField("一般党员至少（次）")
    leaders = models.PositiveSmallIntegerField("党员领导干部至少（次）")
    basis = models.CharField("依据文件", max_length=200)

    class Meta:
        verbose_name = "领导干部标准"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "event"], name="leader_item_once_a_year"),
            models.CheckConstraint(condition=models.Q(leaders__gt=models.F("members")), name="leaders_are_held_higher"),
        ]

    @property
    def word(self) -> str:
        return event_word(self.event)
