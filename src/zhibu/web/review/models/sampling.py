"""质量抽查: some records of each branch, drawn by lot, looked at with a short checklist; the result is words."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"
ITEMS = 12  # of a checklist


class Sampling(Scoped):
    """One draw of a committee over a period. `seed` gives the same records again from the same ones at hand."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    each = models.PositiveSmallIntegerField("每个支部几条")
    seed = models.CharField("种子", max_length=16)
    items = models.JSONField("看什么", default=list)  # one sentence an item
    drawn_on = models.DateField("抽取日期")

    class Meta:
        verbose_name = "质量抽查"
        ordering = ["-drawn_on", "-pk"]

    def __str__(self) -> str:
        return self.name


class Sample(Scoped):
    """One drawn record. `answers`: for each item 1 做到 or 0 没做到, null while not looked at."""

    scope_path = "record__organisation__path"

    sampling = models.ForeignKey(Sampling, models.CASCADE, related_name="samples")
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="+")
    answers = models.JSONField("逐项", default=list)
    note = models.CharField("看到的情况", max_length=300, blank=True)
    looked_on = models.DateField("哪天看的", null=True)

    class Meta:
        verbose_name = "抽到的记录"
        constraints = [models.UniqueConstraint(fields=["sampling", "record"], name="one_sample_per_record")]

    @property
    def lacking(self) -> list[str]:
        """The items that were not as they should be."""
        return [item for item, answer in zip(self.sampling.items, self.answers, strict=False) if answer == 0]


class SamplingResult(Scoped):
    """What a sampling says of one branch, in words."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    sampling = models.ForeignKey(Sampling, models.CASCADE, related_name="results")
    words = models.CharField("结果", max_length=300)
    said_on = models.DateField("日期")

    class Meta:
        verbose_name = "抽查结果"
        constraints = [models.UniqueConstraint(fields=["sampling", "organisation"], name="one_result_per_branch")]
