"""民主评议党员 (M035): a branch's round of a year, a row for each member, and how an office words the grades."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


class Grade(models.TextChoices):
    """The grades of the yearly notices (regulations PY-01); an office may word them in its own way."""

    EXCELLENT = "excellent", "优秀"
    PASSED = "passed", "合格"
    BASIC = "basic", "基本合格"
    UNFIT = "unfit", "不合格"


class Grading(Scoped):
    """Words of the grades; an empty one is not used. `one_in`: 优秀 for at most one in so many; null: not limited."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="%(class)s_rows")
    word_excellent = models.CharField("第一等", max_length=20, blank=True)
    word_passed = models.CharField("第二等", max_length=20, blank=True)
    word_basic = models.CharField("第三等", max_length=20, blank=True)
    word_unfit = models.CharField("最后一等", max_length=20, blank=True)
    one_in = models.PositiveSmallIntegerField("优秀不超过几分之一", null=True)
    basis = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def grades(self) -> dict[str, str]:
        """id → word, the used ones, from the best."""
        words = {one.value: getattr(self, f"word_{one.value}") for one in Grade}
        return {one: word for one, word in words.items() if word}

    def word(self, grade: str) -> str:
        return getattr(self, f"word_{grade}", "") if grade else ""


class AppraisalMethod(Grading):
    """评议办法: how an organisation and those below it appraise from a year on, by a document."""

    from_year = models.PositiveSmallIntegerField("从哪一年起")

    class Meta:
        verbose_name = "评议办法"
        ordering = ["-from_year", "-pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "from_year"], name="one_method_a_year")]

    def __str__(self) -> str:
        return f"{self.from_year} 年起：{'、'.join(self.grades.values())}"


class Appraisal(Grading):
    """评议: one of a branch and a year. The wording is that of the day it was opened.

    `totals`: written when archived, how many were appraised and how many have each grade; what people above read.
    """

    class Body(models.TextChoices):
        COMMITTEE = "committee", "支部委员会"
        MEETING = "meeting", "支部党员大会"

    class Told(models.TextChoices):
        COUNTS = "counts", "各等次人数"
        EXCELLENT = "excellent", "各等次人数和第一等名单"
        GRADES = "grades", "每名党员的等次"

    year = models.PositiveSmallIntegerField("年度")
    roster_on = models.DateField("名册日期")
    held_on = models.DateField("投票日期", null=True)
    issued = models.PositiveSmallIntegerField("发出", null=True)
    returned = models.PositiveSmallIntegerField("收回", null=True)
    valid = models.PositiveSmallIntegerField("有效", null=True)
    tellers = models.CharField("计票人、监票人", max_length=100, blank=True)
    decided_by = models.CharField("由谁提出意见", max_length=10, choices=Body, blank=True)
    decided_on = models.DateField("提出意见的日期", null=True)
    told_what = models.CharField("通报什么", max_length=10, choices=Told, blank=True)
    told_from = models.DateField("从哪天起通报", null=True)
    told_where = models.CharField("怎样通报", max_length=100, blank=True)
    archived_on = models.DateField("归档日期", null=True)
    totals = models.JSONField("各等次人数", default=dict)
    reopened_on = models.DateField("撤回日期", null=True)
    reopened_for = models.CharField("撤回原因", max_length=200, blank=True)
    cancelled_on = models.DateField("作废日期", null=True)
    cancelled_for = models.CharField("作废原因", max_length=200, blank=True)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+", verbose_name="活动记录")

    class Meta:
        verbose_name = "民主评议党员"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"], condition=Q(cancelled_on=None), name="one_appraisal_a_year"
            ),
            models.CheckConstraint(
                condition=Q(issued=None) | (Q(returned__lte=F("issued")) & Q(valid__lte=F("returned"))),
                name="appraisal_ballots_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年民主评议党员"


class AppraisalLine(Scoped):
    """One member in one appraisal. It stays with the branch that appraised, wherever the member goes.

    `excellent` … `unfit`: ballots that gave this grade, null while not counted; together at most the valid ones.
    """

    class Part(models.TextChoices):
        WHOLE = "whole", "参加，评定等次"
        VOTES = "votes", "参加，不评定等次（预备党员）"
        ELSEWHERE = "elsewhere", "在流入地参加"
        AWAY = "away", "不参加"

    GRADED = (Part.WHOLE, Part.ELSEWHERE)
    scope_path = "appraisal__organisation__path"

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="lines")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+", verbose_name="党员")
    part = models.CharField("怎样参加", max_length=10, choices=Part, default=Part.WHOLE)
    why = models.CharField("原因或在哪里评议", max_length=100, blank=True)
    self_on = models.DateField("个人自评", null=True)
    mutual_on = models.DateField("党员互评", null=True)
    excellent = models.PositiveSmallIntegerField("第一等票", null=True)
    passed = models.PositiveSmallIntegerField("第二等票", null=True)
    basic = models.PositiveSmallIntegerField("第三等票", null=True)
    unfit = models.PositiveSmallIntegerField("最后一等票", null=True)
    grade = models.CharField("等次", max_length=10, choices=Grade, blank=True)
    opinion = models.CharField("意见", max_length=200, blank=True)
    told_on = models.DateField("告知本人", null=True)

    class Meta:
        verbose_name = "党员的评议"
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "member"], name="a_member_once_in_an_appraisal"),
            models.CheckConstraint(
                condition=Q(grade="") | Q(part__in=["whole", "elsewhere"]), name="grade_of_the_appraised"
            ),
        ]

    @property
    def counted(self) -> bool:
        return self.excellent is not None

    @property
    def ballots(self) -> dict[str, int]:
        """grade → ballots; zeros while not counted."""
        return {one.value: getattr(self, one.value) or 0 for one in Grade}
