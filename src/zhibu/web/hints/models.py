"""Hints 提示: a question to a branch about one of its records, and what the questions are found by."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped

RECORD, ORGANISATION = "records.Record", "organisations.Organisation"
# Hidden and cascading: what is computed from a record goes with it and never keeps an import from being taken back.
_OF = {"on_delete": models.CASCADE, "related_name": "+"}


class Hint(Scoped):
    """A question about `record` to its organisation, asked once: `key` names the kind and the two records, whichever is
    the later. `gone_on`: it no longer holds, because the text or the photo changed. Nothing is counted from these rows.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "内容相近"
        PHOTO = "photo", "同一张照片"
        TWICE = "twice", "同一时间两次到会"
        LATE = "late", "很久以后录入"

    class Answer(models.TextChoices):
        JOINT = "joint", "同一场联合活动"
        QUOTE = "quote", "引用上级文件"
        MEND = "mend", "写错了，我来改"
        OTHER = "other", "另写一句话"

    scope_path = "record__organisation__path"

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    record = models.ForeignKey(RECORD, **_OF)
    other = models.ForeignKey(RECORD, null=True, **_OF)
    picture = models.ForeignKey("files.Attachment", null=True, **_OF)
    other_picture = models.ForeignKey("files.Attachment", null=True, **_OF)
    share = models.FloatField("共有的部分", null=True)  # exact Jaccard of near texts, 0.5 to 1
    asked_on = models.DateField("提出日期")
    answer = models.CharField("答复", max_length=10, choices=Answer, blank=True)
    sentence = models.CharField("一句话", max_length=200, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    gone_on = models.DateField("不再成立", null=True)

    class Meta:
        verbose_name = "提示"
        indexes = [models.Index(fields=["record", "answered_on"])]
        ordering = ["-asked_on", "-pk"]

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        return "done" if self.answered_on else "todo"

    @property
    def answer_words(self) -> str:
        if self.answer == self.Answer.OTHER:
            return self.sentence
        return f"{self.get_answer_display()}{'：' if self.sentence else ''}{self.sentence}" if self.answer else ""


class Reference(Scoped):
    """引用文本: a text that everybody quotes, which an office of `organisation` has named: quoting it is no copying."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=120)
    text = models.TextField("正文", max_length=200_000)
    added_on = models.DateField("添加日期")

    class Meta:
        verbose_name = "引用文本"
        ordering = ["-added_on", "-pk"]


class LateBound(Scoped):
    """How many days after the activity an entry is asked about, at an organisation and below it."""

    organisation = models.OneToOneField(ORGANISATION, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField("天数")

    class Meta:
        verbose_name = "录入提示的天数"


class Usual(models.Model):
    """What everybody writes, as sorted hashes: an edition of it. Sketches of another edition are made anew at night."""

    edition = models.PositiveIntegerField(unique=True)
    hashes = models.BinaryField()  # 64-bit little-endian numbers
    texts = models.PositiveIntegerField()  # records at that time
    references = models.CharField(max_length=64)  # digest of the texts that everybody quotes
    at = models.DateTimeField()


class Sketch(Scoped):
    """What is kept of a record's text to find its like: 64 numbers; none when the text is too short to be compared."""

    scope_path = "record__organisation__path"

    record = models.OneToOneField(RECORD, **_OF)
    version = models.PositiveIntegerField()  # of the record
    edition = models.PositiveIntegerField()  # of `Usual`
    slots = models.BinaryField()

    class Meta:
        verbose_name = "文本指纹"


class Band(models.Model):
    """A key of a sketch: texts that share one are compared."""

    sketch = models.ForeignKey(Sketch, models.CASCADE, related_name="bands")
    key = models.BigIntegerField(db_index=True)


class PhotoMark(Scoped):
    """What is kept of a photo to find it again: a digest of its pixels, and its shape where it has one."""

    scope_path = "attachment__organisation__path"

    attachment = models.OneToOneField("files.Attachment", **_OF)
    pixels = models.CharField(max_length=64, db_index=True)  # SHA-256, hex
    shape = models.BinaryField()  # 32 bytes, or none: a picture of one colour is like every other

    class Meta:
        verbose_name = "照片指纹"
