"""学习目录: what is to be read, by whom; a reader's own mark; the branch's study corner."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.learning.words import audience_word

ORGANISATION = "organisations.Organisation"


class Reading(Scoped):
    """学习篇目 of an organisation for itself and all below. `new_until`: till that day it is shown as newly issued.
    `link`: where its text stands, when it is not a document of the library."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", "原著"
        CONSTITUTION = "constitution", "党章"
        RULES = "rules", "党规制度"
        NEW = "new", "新出台的规定"
        OTHER = "other", "其他"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("篇目", max_length=120)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    edition = models.CharField("版本、章节", max_length=80, blank=True)
    audience = models.CharField("谁要学", max_length=40)
    document = models.ForeignKey("library.Document", models.SET_NULL, null=True, related_name="+")
    link = models.URLField("原文链接", max_length=300, blank=True, validators=[URLValidator(schemes=["https"])])
    new_until = models.DateField("新文件提示到哪天", null=True)
    added_on = models.DateField("列入日期")
    ended_on = models.DateField("移出日期", null=True)

    class Meta:
        verbose_name = "学习篇目"
        ordering = ["kind", "-added_on", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def audience_word(self) -> str:
        return audience_word(self.audience)


class ReadMark(Scoped):
    """已学: set and taken off by the reader alone, who need not. The day alone; nobody else reads it, only how many."""

    scope_path = "member__organisation__path"

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="marks")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="read_marks")
    read_on = models.DateField("日期")

    class Meta:
        verbose_name = "已学标记"
        constraints = [models.UniqueConstraint(fields=["reading", "member"], name="one_mark_of_a_reader")]


class CornerPost(Scoped):
    """学习园地: what a branch puts on its study corner."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=80)
    text = models.TextField("内容", max_length=5000)
    author = models.CharField("作者", max_length=40, blank=True)
    posted_on = models.DateField("日期")
    withdrawn_on = models.DateField("撤下日期", null=True)
    withdrawn_why = models.CharField("撤下原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "学习园地"
        ordering = ["-posted_on", "-pk"]

    def __str__(self) -> str:
        return self.title
