"""The seals of the log, its checkpoints, those of other installations, archives and verifications."""

from __future__ import annotations

from django.db import models

HEX = 64  # characters of a SHA-256 or SM3 digest


class Seal(models.Model):
    """A line's place in the chain. In a table of its own, so that sealing changes no line.

    No foreign key in the database: a line that somebody removed leaves its seal behind, and so is missed.
    """

    number = models.BigIntegerField("序号", primary_key=True)
    line = models.OneToOneField(
        "audit.Line", models.DO_NOTHING, null=True, db_constraint=False, related_name="seal", verbose_name="记录"
    )
    algorithm = models.CharField("算法", max_length=8)
    hash = models.CharField("摘要", max_length=HEX)
    at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "封条"


class Checkpoint(models.Model):
    """The head of the chain at a moment, signed; `text` is what the superior organisation keeps."""

    count = models.BigIntegerField("条数", unique=True)
    head = models.CharField("链头", max_length=HEX)
    at = models.DateTimeField("时间")
    text = models.TextField("签名文本")

    class Meta:
        verbose_name = "检查点"
        ordering = ["-count"]


class Held(models.Model):
    """A checkpoint of another installation, kept here as its witness."""

    origin = models.CharField("来自", max_length=120)
    count = models.BigIntegerField("条数")
    head = models.CharField("链头", max_length=HEX)
    at = models.DateTimeField("时间")  # as the other says
    text = models.TextField("签名文本")
    key = models.CharField("公钥", max_length=100)
    taken_at = models.DateTimeField("收存时间")
    taken_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "收存的检查点"
        ordering = ["origin", "-count"]
        constraints = [models.UniqueConstraint(fields=["origin", "count", "head"], name="audit_held_once")]


class Archive(models.Model):
    """Lines `first`..`last` stand in a file and no longer here; the chain goes on from `head`."""

    first = models.BigIntegerField("从", unique=True)
    last = models.BigIntegerField("到", unique=True)
    previous = models.CharField("前一摘要", max_length=HEX)
    head = models.CharField("链头", max_length=HEX)
    newest_at = models.DateTimeField("最新一条")
    file = models.CharField("文件", max_length=120)
    digest = models.CharField("文件摘要", max_length=HEX)
    at = models.DateTimeField("归档时间")
    text = models.TextField("签名文本")

    class Meta:
        verbose_name = "审计档案"
        ordering = ["first"]


class Run(models.Model):
    """One verification of the whole log: who asked, how far, what came out."""

    class State(models.TextChoices):
        WORKING = "working", "正在校验"
        GOOD = "good", "完好"
        BAD = "bad", "有问题"
        FAILED = "failed", "没有校验成"

    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("开始")
    told_at = models.DateTimeField("最近消息")
    finished_at = models.DateTimeField("结束", null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WORKING)
    done = models.BigIntegerField("已看", default=0)
    total = models.BigIntegerField("共", default=0)
    bad = models.BigIntegerField("第一条有问题的", null=True)
    words = models.JSONField("结论", default=list)

    class Meta:
        verbose_name = "校验"
        ordering = ["-pk"]
