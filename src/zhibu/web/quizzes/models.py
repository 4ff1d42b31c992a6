"""题库 and papers, what a member answered (nobody else's to see), and contests of teams."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


class Question(Scoped):
    """题目 with its source. `answer`: the right ones among `options`, by their place from 0. One that a paper asks is
    not changed any more: it is retired and written anew."""

    class Kind(models.TextChoices):
        SINGLE = "single", "单选"
        MULTIPLE = "multiple", "多选"
        JUDGEMENT = "judgement", "判断"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    topic = models.CharField("专题", max_length=40, db_index=True)
    kind = models.CharField("题型", max_length=10, choices=Kind)
    text = models.CharField("题干", max_length=500)
    options = models.JSONField("选项", default=list)
    answer = models.JSONField("答案", default=list)
    explanation = models.CharField("解析", max_length=500, blank=True)
    source = models.CharField("出处", max_length=200)
    retired_on = models.DateField("停用日期", null=True)

    class Meta:
        verbose_name = "题目"
        ordering = ["topic", "pk"]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def right(self) -> list[str]:
        """The right options in words."""
        return [self.options[one] for one in self.answer if isinstance(one, int) and one < len(self.options)]


class Paper(Scoped):
    """试卷 for the members of an organisation and all below, drawn at random once; each member has another order."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=80)
    document = models.CharField("依据文件", max_length=200, blank=True)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    pass_percent = models.PositiveSmallIntegerField(
        "及格线（%）", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    seed = models.PositiveBigIntegerField(editable=False)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "试卷"
        ordering = ["-opens_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="paper_closes_after")]

    def __str__(self) -> str:
        return self.title

    def is_open(self, on: date) -> bool:
        return self.withdrawn_on is None and self.opens_on <= on <= self.closes_on


class PaperItem(Scoped):
    """A question of a paper."""

    scope_path = "paper__organisation__path"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="items")
    question = models.ForeignKey(Question, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "试卷题目"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["paper", "question"], name="a_question_once_a_paper")]


class Sitting(Scoped):
    """答卷: what a member answered and how much was right. Only the member reads it; for all others it is a number in
    the mean of an organisation. No moment and no duration is kept."""

    scope_path = "member__organisation__path"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="sittings")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="sittings")
    answers = models.JSONField("答案", default=dict)  # key of the paper's item → places of the options taken
    right = models.PositiveSmallIntegerField("答对")
    total = models.PositiveSmallIntegerField("题数")
    passed = models.BooleanField("及格")
    handed_in_on = models.DateField("交卷日期")

    class Meta:
        verbose_name = "答卷"
        constraints = [models.UniqueConstraint(fields=["paper", "member"], name="one_sitting_a_paper")]

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.total) if self.total else 0


class QuizContest(Scoped):
    """知识竞赛: rounds in which teams of organisations answer on stage; the host enters the points."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=80)
    document = models.CharField("依据文件", max_length=200, blank=True)
    held_on = models.DateField("竞赛日期")
    closed_on = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "知识竞赛"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class QuizRound(Scoped):
    """轮次: 必答题, 抢答题 …"""

    scope_path = "contest__organisation__path"

    contest = models.ForeignKey(QuizContest, models.CASCADE, related_name="rounds")
    position = models.PositiveSmallIntegerField()
    name = models.CharField("轮次", max_length=40)

    class Meta:
        verbose_name = "竞赛轮次"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class QuizTeam(Scoped):
    """代表队 of an organisation: no names of its members."""

    scope_path = "contest__organisation__path"

    contest = models.ForeignKey(QuizContest, models.CASCADE, related_name="teams")
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "代表队"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "organisation"], name="one_team_an_organisation")]

    def __str__(self) -> str:
        return self.organisation.short_name or self.organisation.name


class QuizScore(Scoped):
    """得分: points of a team in a round, more or less than nothing. Struck 划去 when entered by mistake."""

    scope_path = "round__contest__organisation__path"

    round = models.ForeignKey(QuizRound, models.CASCADE, related_name="scores")
    team = models.ForeignKey(QuizTeam, models.CASCADE, related_name="scores")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    points = models.SmallIntegerField("得分")
    struck = models.BooleanField("划去", default=False)

    class Meta:
        verbose_name = "竞赛得分"
        ordering = ["pk"]
