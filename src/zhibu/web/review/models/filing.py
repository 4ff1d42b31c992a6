"""备案: what the superior manages from plan to report, such as the life meeting of leaders 民主生活会 (M033)."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.regulations.words import event_word
from zhibu.web.review.models.review import who_did

ORGANISATION = "organisations.Organisation"
KINDS = ("leaders_life_meeting",)  # types of activity that are filed


class Filing(Scoped):
    """One meeting of one year: plan → review → meeting record → report → review. `stage` says whose turn it is."""

    class Stage(models.TextChoices):
        PLAN_SENT = "plan_sent", "方案等上级审核"
        PLAN_BACK = "plan_back", "方案退回补充"
        PLAN_OK = "plan_ok", "方案已审核，等开会和报告"
        REPORT_SENT = "report_sent", "报告等上级审核"
        REPORT_BACK = "report_back", "报告退回补充"
        DONE = "done", "已备案"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    office = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("活动", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    planned_on = models.DateField("计划召开日期")
    plan = models.TextField("会前方案", max_length=4000)
    attends = models.CharField("参加的上级", max_length=120, blank=True)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    report = models.TextField("会后报告", max_length=8000, blank=True)
    stage = models.CharField("办到哪一步", max_length=12, choices=Stage)
    sent_at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = "备案"
        ordering = ["-year", "organisation", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "year"], name="one_filing_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年度{event_word(self.kind)}"

    @property
    def waits(self) -> bool:
        """Whether it is the superior's turn."""
        return self.stage in (self.Stage.PLAN_SENT, self.Stage.REPORT_SENT)

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        if self.stage == self.Stage.DONE:
            return "done"
        if self.waits:
            return "waiting"
        return "todo" if self.stage == self.Stage.PLAN_OK else "returned"


class FilingStep(Scoped):
    """Who did what with a filing, and what was said."""

    scope_path = "filing__organisation__path"

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="steps")
    what = models.CharField("做了什么", max_length=40)
    text = models.CharField("意见", max_length=300, blank=True)
    was = models.CharField("此前", max_length=12, blank=True)  # the stage before
    at = models.DateTimeField("时间")
    by = who_did()
    title = models.CharField("谁", max_length=160)

    class Meta:
        verbose_name = "备案的步骤"
        ordering = ["at", "pk"]
