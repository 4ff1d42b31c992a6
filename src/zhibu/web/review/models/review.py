"""审核: a committee's setting, what it decided about records, the faults it pointed out, samples it drew."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"
SENTENCES = 10  # 常用意见 of one office


def who_did() -> models.ForeignKey:
    """The account that acted; null for the system itself."""
    return models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")


class ReviewSetting(Scoped):
    """How a committee reviews the records of the organisations below it. Nothing is reviewed until one says so.

    `types` are reviewed always; of all others a random `share` in percent. `marks` faults within `mark_days` days are
    taken for repeated; empty: nobody has said so.
    """

    organisation = models.OneToOneField(ORGANISATION, models.PROTECT, related_name="+")
    types = models.JSONField("要审核的活动类型", default=list)
    share = models.PositiveSmallIntegerField("抽查比例（%）", default=0)
    seed = models.CharField("抽查的种子", max_length=16)
    sentences = models.JSONField("常用意见", default=list)
    marks = models.PositiveSmallIntegerField("几次算反复", null=True)
    mark_days = models.PositiveSmallIntegerField("多少天以内", null=True)

    class Meta:
        verbose_name = "审核办法"

    @property
    def on(self) -> bool:
        return bool(self.types or self.share)


class RecordReview(Scoped):
    """That one record is under review: by which office, why, waiting since when. How it stands, the record says."""

    scope_path = "record__organisation__path"

    record = models.OneToOneField("records.Record", models.CASCADE, related_name="put_up")
    office = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    why = models.CharField("为什么审核", max_length=80)
    waiting_since = models.DateTimeField("何时起等审核")

    class Meta:
        verbose_name = "记录的审核"


class Decision(Scoped):
    """One step of a review. Nothing is changed afterwards but that it may be undone within a day."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", "通过"
        RETURN = "return", "退回补充"
        RESUBMIT = "resubmit", "重新提交"
        AGAIN = "again", "修改后再审"

    scope_path = "record__organisation__path"

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="decisions")
    office = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("结果", max_length=10, choices=Kind)
    text = models.CharField("意见", max_length=300, blank=True)
    back_by = models.DateField("补充期限", null=True)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField("何时起等审核", null=True)
    at = models.DateTimeField("时间")
    by = who_did()
    title = models.CharField("谁", max_length=160)  # 大营镇党委 王某
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "审核意见"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["office", "-at"])]

    @property
    def decided(self) -> bool:
        return self.kind in (self.Kind.ACCEPT, self.Kind.RETURN)


class Snooze(Scoped):
    """以后再办: an office sets one waiting thing aside until a day."""

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)  # core.waiting.Waiting.key
    until = models.DateField("到哪一天")

    class Meta:
        verbose_name = "以后再办"
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="one_snooze_per_thing")]


class FaultCall(Scoped):
    """What a person decided about repeated faults of an organisation: put in order by a day, or not."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    office = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    take = models.BooleanField("列入整改")
    text = models.CharField("要求或理由", max_length=300)
    due_on = models.DateField("整改期限", null=True)
    at = models.DateTimeField("时间")
    by = who_did()
    title = models.CharField("谁决定", max_length=160)
    report = models.CharField("整改情况", max_length=500, blank=True)
    reported_on = models.DateField("报告日期", null=True)
    closed_on = models.DateField("销号日期", null=True)

    class Meta:
        verbose_name = "是否列入整改"
        ordering = ["-at", "-pk"]

    @property
    def open(self) -> bool:
        return self.take and self.closed_on is None


class Fault(Scoped):
    """不经常、不认真、不严肃: one pointed out, about a record or (不经常) about the organisation, with its answer."""

    class Kind(models.TextChoices):
        IRREGULAR = "irregular", "不经常"
        CARELESS = "careless", "不认真"
        UNSERIOUS = "unserious", "不严肃"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("问题", max_length=10, choices=Kind)
    text = models.CharField("具体情况", max_length=300)
    marked_on = models.DateField("指出日期")
    by = who_did()
    title = models.CharField("谁指出", max_length=160)
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    call = models.ForeignKey(FaultCall, models.PROTECT, null=True, related_name="faults")

    class Meta:
        verbose_name = "组织生活的问题"
        ordering = ["-marked_on", "-pk"]

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        return "na" if self.withdrawn_on else "done" if self.answered_on else "todo"

    @property
    def words(self) -> str:
        """How it stands."""
        if self.withdrawn_on:
            return "已撤回"
        if self.call:
            return ("已整改" if self.call.closed_on else "整改中") if self.call.take else "不列入整改"
        return "已答复" if self.answered_on else "等支部答复"
