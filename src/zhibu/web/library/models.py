"""Documents an office keeps as its basis, their clauses, and what was done about them."""

from __future__ import annotations

from datetime import date

from django.db import models

from zhibu.web.core.scoped import Scoped


class Document(Scoped):
    """A regulation, opinion or notice. `organisation` keeps the entry; it and all below it read the document.

    What the published rules and procedures rest on is not entered here again: `sources.py` reads it from them.
    """

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "现行"
        SUPERSEDED = "superseded", "已被取代"
        REPEALED = "repealed", "已废止"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="documents")
    title = models.CharField("名称", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("制定机关", max_length=120)
    issued_on = models.DateField("印发日期", null=True)
    since = models.DateField("施行日期", null=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.IN_FORCE)
    replaced_by = models.CharField("被哪个文件取代", max_length=120, blank=True)
    ended_on = models.DateField("失效日期", null=True)

    class Meta:
        verbose_name = "制度文件"
        ordering = ["-issued_on", "title", "pk"]

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """One clause of a document; `number` as printed (第十一条)."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    number = models.CharField("条次", max_length=20)
    text = models.TextField("条文", max_length=4000)

    class Meta:
        verbose_name = "条款"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_clause_per_number")]

    def __str__(self) -> str:
        return self.number


class Follow(Scoped):
    """后续: what a document led to, an entry with its day (文件 → 意见 → 机构 → 人)."""

    class Kind(models.TextChoices):
        PAPER = "paper", "配套文件"
        BODY = "body", "设立机构"
        PEOPLE = "people", "配备人员"
        TASK = "task", "布置任务"
        RESULT = "result", "落实结果"

    scope_path = "document__organisation__path"

    document = models.ForeignKey(Document, models.CASCADE, related_name="follows")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    happened_on = models.DateField("日期")
    text = models.CharField("内容", max_length=300)
    heads = models.PositiveSmallIntegerField("人数", null=True)  # of people: how many, never who

    class Meta:
        verbose_name = "后续"
        ordering = ["happened_on", "pk"]


class Checklist(Scoped):
    """对照检查: clauses of a document that a committee asks its units about, to be answered by a day."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="checklists")
    document = models.ForeignKey(Document, models.PROTECT, related_name="checklists")
    asked_on = models.DateField("发出日期")
    due_on = models.DateField("答复期限")
    closed_on = models.DateField("结束日期", null=True)
    clauses = models.ManyToManyField(Clause, related_name="+")
    units = models.ManyToManyField("organisations.Organisation", related_name="+")

    class Meta:
        verbose_name = "对照检查"
        ordering = ["-asked_on", "-pk"]


class Answer(Scoped):
    """What one unit has to say about one clause. None is made where a rule's verdict tells it already."""

    class State(models.TextChoices):
        ASKED = "asked", "未答复"
        DONE = "done", "已落实"
        NOT_YET = "not_yet", "还没有落实"
        NOT_OURS = "not_ours", "不适用"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="answers")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    state = models.CharField("情况", max_length=10, choices=State, default=State.ASKED)
    sentence = models.CharField("一句话", max_length=200, blank=True)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")  # evidence
    answered_on = models.DateField("答复日期", null=True)

    class Meta:
        verbose_name = "对照检查的答复"
        constraints = [
            models.UniqueConstraint(fields=["checklist", "organisation", "clause"], name="one_answer_per_clause")
        ]

    def late(self, today: date) -> bool:
        return (self.answered_on or today) > self.checklist.due_on
