"""责任书: a year's template of an office, a letter for each unit, what was altered, broken down, checked and scored."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.clock import day_words
from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"
DOCUMENT = "library.Document"
SOON = timedelta(days=7)


class Tier(models.TextChoices):
    """Who answers, by post: the person is read from the tenures of either side, never typed."""

    UNIT_SECRETARY = "unit_secretary", "本单位书记（主要负责人）"
    UNIT_DEPUTY = "unit_deputy", "本单位副书记"
    UNIT_COMMITTEE = "unit_committee", "本单位委员"
    UNIT_OFFICE_HEAD = "unit_office_head", "本单位党办主任"
    UNIT_STAFF = "unit_staff", "本单位专职党务干部"
    ABOVE_SECRETARY = "above_secretary", "上级书记"
    ABOVE_DEPUTY = "above_deputy", "上级副书记"


class LetterTemplate(Scoped):
    """责任书模板: one year's text of `organisation`. While letters of it stand, it is not altered: they read it."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=80)
    opening = models.TextField("开头的话", max_length=2000, blank=True)
    closing = models.TextField("结尾的话", max_length=2000, blank=True)
    source = models.CharField("依据文件", max_length=200, blank=True)
    document = models.ForeignKey(DOCUMENT, models.PROTECT, null=True, related_name="+")
    half_by = models.DateField("半年自查报送期限", null=True)
    year_by = models.DateField("年终自查报送期限")
    made_on = models.DateField("制定日期")
    dropped_on = models.DateField("作废日期", null=True)

    class Meta:
        verbose_name = "责任书模板"
        ordering = ["-year", "-pk"]

    def __str__(self) -> str:
        return self.title


class LetterBlock(Scoped):
    """板块: a part of a template. `first` and `direct`: the tiers of responsibility of this part alone."""

    class Kind(models.TextChoices):
        PARTY = "party", "党建工作"
        CLEAN = "clean", "党风廉政"
        OTHER = "other", "其他"

    scope_path = "template__organisation__path"

    template = models.ForeignKey(LetterTemplate, models.CASCADE, related_name="blocks")
    kind = models.CharField("类别", max_length=5, choices=Kind)
    title = models.CharField("标题", max_length=60)
    first = models.CharField("第一责任人", max_length=16, choices=Tier)
    direct = models.CharField("直接责任人", max_length=16, choices=Tier, blank=True)

    class Meta:
        verbose_name = "责任书板块"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class LetterClause(Scoped):
    """条款: what is to be reached, measured how, by which day, for how many points. `rules`: rulebook/rule, whose
    verdicts tell how far it is."""

    scope_path = "block__template__organisation__path"

    block = models.ForeignKey(LetterBlock, models.CASCADE, related_name="clauses")
    text = models.CharField("内容", max_length=500)
    measure = models.CharField("可衡量的目标", max_length=200)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)
    due_on = models.DateField("期限")
    tier = models.CharField("具体责任人", max_length=16, choices=Tier, blank=True)
    source = models.CharField("依据文件", max_length=200, blank=True)
    document = models.ForeignKey(DOCUMENT, models.PROTECT, null=True, related_name="+")
    rules = models.JSONField("看哪些规则的结论", default=list, blank=True)

    class Meta:
        verbose_name = "责任书条款"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Letter(Scoped):
    """责任书: the text of a template between `organisation`, which issued it, and `unit`. Both sign."""

    class State(models.TextChoices):
        ISSUED = "issued", "待签订"
        SIGNED = "signed", "已签订"
        WITHDRAWN = "withdrawn", "已撤回"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    unit = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="letters")
    issued_on = models.DateField("下发日期")
    sign_by = models.DateField("签订期限")
    state = models.CharField("状态", max_length=9, choices=State, default=State.ISSUED)
    above_signer = models.CharField("上级签字人", max_length=40, blank=True)
    above_signed_on = models.DateField("上级签字日期", null=True)
    unit_signer = models.CharField("单位签字人", max_length=40, blank=True)
    unit_signed_on = models.DateField("单位签字日期", null=True)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "责任书"
        indexes = [models.Index(fields=["unit", "state"]), models.Index(fields=["organisation", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "unit"], condition=~Q(state="withdrawn"), name="one_letter_of_a_template"
            ),
            models.CheckConstraint(condition=Q(sign_by__gte=F("issued_on")), name="letter_is_signed_after_its_issue"),
        ]

    def __str__(self) -> str:
        return self.template.title

    @property
    def signed(self) -> bool:
        return self.state == self.State.SIGNED

    @property
    def days(self) -> dict[str, date]:
        """term → by when the unit reports, of the checks it has. Signed after the half-year's day: only the year's."""
        half, told = self.template.half_by, {LetterCheck.Term.YEAR.value: self.template.year_by}
        there = half is not None and self.unit_signed_on is not None and self.unit_signed_on <= half
        return {LetterCheck.Term.HALF.value: half} | told if there and half else told

    def words(self, on: date) -> str:
        if self.state != self.State.ISSUED:
            return self.get_state_display()
        lacks = [word for word, day in (("上级", self.above_signed_on), ("单位", self.unit_signed_on)) if day is None]
        late = f"，过期限 {(on - self.sign_by).days} 天" if self.sign_by < on else f"，{day_words(self.sign_by)}前"
        return f"等{'和'.join(lacks)}签字{late}"

    def status(self, on: date) -> str:
        """A word of `design/vocabulary.py`."""
        if self.state == self.State.WITHDRAWN:
            return "na"
        if self.signed:
            return "done"
        return "late" if self.sign_by < on else "soon" if self.sign_by - on <= SOON else "todo"


class LetterAmendment(Scoped):
    """修改: how one clause of one signed letter reads from a day on. The older words stay where they stand."""

    scope_path = "letter__organisation__path"

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="amendments")
    clause = models.ForeignKey(LetterClause, models.PROTECT, related_name="+")
    text = models.CharField("内容", max_length=500)
    measure = models.CharField("可衡量的目标", max_length=200)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)
    due_on = models.DateField("期限")
    dropped = models.BooleanField("这一条不再要求", default=False)
    reason = models.CharField("原因", max_length=300)
    on = models.DateField("修改日期")
    recorded_on = models.DateField("登记日期")
    undone_on = models.DateField("撤销日期", null=True)
    undone_why = models.CharField("撤销原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "责任书的修改"
        ordering = ["pk"]


class LetterTask(Scoped):
    """分解: an order of the unit's that carries out a clause. A link: the words stand in the order."""

    scope_path = "letter__unit__path"

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="tasks")
    clause = models.ForeignKey(LetterClause, models.PROTECT, related_name="+")
    order = models.OneToOneField("tasks.Order", models.PROTECT, related_name="+")
    linked_on = models.DateField("分解日期")

    class Meta:
        verbose_name = "责任书的分解"
        ordering = ["pk"]


class LetterCheck(Scoped):
    """检查: at half-year or at the year's end. The unit tells of every clause, the superior judges all at once, the
    unit may answer, and only then it is final."""

    class Term(models.TextChoices):
        HALF = "half", "半年检查"
        YEAR = "year", "年终考核"

    class State(models.TextChoices):
        OPEN = "open", "单位自查中"
        REPORTED = "reported", "已报自查，等上级"
        JUDGED = "judged", "等单位看结果"
        ANSWERED = "answered", "单位有意见，等上级答复"
        FINAL = "final", "已定"

    REPORTS = {"half": "半年自查", "year": "年终自查"}  # what the unit writes for a term

    scope_path = "letter__organisation__path"

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="checks")
    term = models.CharField("哪一次", max_length=4, choices=Term)
    state = models.CharField("到哪一步", max_length=8, choices=State, default=State.OPEN)
    reported_on = models.DateField("报送自查日期", null=True)
    judged_on = models.DateField("告知结果日期", null=True)
    answer_by = models.DateField("单位答复期限", null=True)
    answer = models.TextField("单位的意见", max_length=1000, blank=True)
    answered_on = models.DateField("单位答复日期", null=True)
    reply = models.TextField("对意见的答复", max_length=1000, blank=True)
    final_on = models.DateField("定下日期", null=True)
    reopened_on = models.DateField("重新打开日期", null=True)
    reopened_why = models.CharField("重新打开的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "责任书的检查"
        constraints = [models.UniqueConstraint(fields=["letter", "term"], name="one_check_of_a_term")]

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        return {"final": "done", "open": "todo"}.get(self.state, "waiting")


class LetterMark(Scoped):
    """一条的检查: what the unit did for a clause, and what the superior says to it."""

    scope_path = "checked__letter__organisation__path"

    checked = models.ForeignKey(LetterCheck, models.CASCADE, related_name="marks")
    clause = models.ForeignKey(LetterClause, models.PROTECT, related_name="+")
    did = models.CharField("办了什么", max_length=1000, blank=True)
    percent = models.PositiveSmallIntegerField("完成百分之几", null=True)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(DOCUMENT, models.PROTECT, null=True, related_name="+")
    points = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "责任书一条的检查"
        constraints = [
            models.UniqueConstraint(fields=["checked", "clause"], name="one_mark_of_a_clause"),
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__lte=100), name="mark_is_at_most_whole"),
            models.CheckConstraint(condition=Q(points=None) | Q(points__gte=0), name="mark_is_not_negative"),
        ]
