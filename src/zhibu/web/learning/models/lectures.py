"""精品党课评选: entries of organisations, marks of a panel by items, the lectures chosen for all (M289); and study by
stage, audience and topic with the essays handed in (M287)."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.learning.words import audience_word, form_word

ORGANISATION = "organisations.Organisation"


class LectureContest(Scoped):
    """A selection of lectures. `items`: [[what is looked at, points at most], …]; lectures are marked, not persons."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=80)
    document = models.CharField("依据文件", max_length=200)
    closes_on = models.DateField("报送截止")
    items = models.JSONField("评审项目", default=list)
    ended_on = models.DateField("评选结束日期", null=True)

    class Meta:
        verbose_name = "党课评选"
        ordering = ["-closes_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def most(self) -> int:
        return sum(points for _, points in self.items)

    def is_open(self, on: date) -> bool:
        return self.ended_on is None and on <= self.closes_on


class LectureJudge(Scoped):
    """评委: an account that marks the entries of one selection."""

    scope_path = "contest__organisation__path"

    contest = models.ForeignKey(LectureContest, models.CASCADE, related_name="judges")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "评委"
        constraints = [models.UniqueConstraint(fields=["contest", "user"], name="one_seat_in_a_panel")]


class LectureEntry(Scoped):
    """参评党课 of an organisation: a text, or a file, or both. `best`: in the library of best lectures."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    contest = models.ForeignKey(LectureContest, models.PROTECT, related_name="entries")
    title = models.CharField("题目", max_length=120)
    speaker = models.CharField("主讲人", max_length=40)
    text = models.TextField("讲稿", max_length=20_000, blank=True)
    entered_on = models.DateField("报送日期")
    best = models.BooleanField("精品党课", default=False)

    class Meta:
        verbose_name = "参评党课"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class LectureMark(Scoped):
    """评分 of one judge on one entry, in the order of the contest's items."""

    scope_path = "judge__contest__organisation__path"

    entry = models.ForeignKey(LectureEntry, models.CASCADE, related_name="marks")
    judge = models.ForeignKey(LectureJudge, models.CASCADE, related_name="marks")
    points = models.JSONField("各项得分", default=list)
    total = models.PositiveSmallIntegerField("合计")
    remark = models.CharField("评语", max_length=200, blank=True)

    class Meta:
        verbose_name = "党课评分"
        constraints = [models.UniqueConstraint(fields=["entry", "judge"], name="one_mark_of_a_judge")]


class StudyProgramme(Scoped):
    """学习安排 of an organisation for itself and those below: stages × audiences × topics."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=80)
    document = models.CharField("依据文件", max_length=200, blank=True)
    added_on = models.DateField("登记日期")
    ended_on = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "学习安排"
        ordering = ["-added_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class StudyCell(Scoped):
    """One topic of a stage for an audience. `essay`: essays may be handed in; nobody must, and no length is asked."""

    scope_path = "programme__organisation__path"

    programme = models.ForeignKey(StudyProgramme, models.CASCADE, related_name="cells")
    stage = models.CharField("阶段", max_length=40)
    audience = models.CharField("层次", max_length=40)
    topic = models.CharField("专题", max_length=80)
    form = models.CharField("形式", max_length=40)
    due_on = models.DateField("完成时间")
    essay = models.BooleanField("可交体会文章", default=False)

    class Meta:
        verbose_name = "学习专题"
        ordering = ["pk"]

    @property
    def audience_word(self) -> str:
        return audience_word(self.audience)

    @property
    def form_word(self) -> str:
        return form_word(self.form)


class Essay(Scoped):
    """体会文章 a member hands in; read by the branch and above, taken back by the member."""

    scope_path = "member__organisation__path"

    cell = models.ForeignKey(StudyCell, models.PROTECT, related_name="essays")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="essays")
    title = models.CharField("题目", max_length=80)
    text = models.TextField("正文", max_length=20_000)
    handed_in_on = models.DateField("提交日期")

    class Meta:
        verbose_name = "体会文章"
        constraints = [models.UniqueConstraint(fields=["cell", "member"], name="one_essay_a_topic")]

    def __str__(self) -> str:
        return self.title
