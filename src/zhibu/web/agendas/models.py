"""议事日程: what a leading body takes up again and again, who of it is in charge, what belongs to its life meeting."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.regulations.words import event_word

ORGANISATION = "organisations.Organisation"
OPEN = Q(ends_on__isnull=True)


class AgendaItem(Scoped):
    """固定议题: of a leading body, every so many months (M039). That it was taken up, its activity records of `kind`
    tell; nobody ticks it off."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("活动类型", max_length=40)
    title = models.CharField("议题", max_length=80)
    every = models.PositiveSmallIntegerField("几个月一次")
    document = models.CharField("依据文件", max_length=200, blank=True)
    starts_on = models.DateField("从哪天起")
    ends_on = models.DateField("到哪天止", null=True)

    class Meta:
        verbose_name = "固定议题"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=60), name="agenda_item_within_five_years"),
            models.CheckConstraint(condition=OPEN | Q(ends_on__gte=F("starts_on")), name="agenda_item_ends_later"),
            models.UniqueConstraint(fields=["organisation", "kind"], condition=OPEN, name="one_agenda_item_of_a_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_word(self) -> str:
        return event_word(self.kind)


class InCharge(Scoped):
    """分管负责人: who of the body is in charge of Party work: one of those who hold an office in it, by that office."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    tenure = models.ForeignKey("offices.Tenure", models.PROTECT, related_name="+")
    document = models.CharField("依据文件", max_length=200, blank=True)
    starts_on = models.DateField("从哪天起")
    ends_on = models.DateField("到哪天止", null=True)

    class Meta:
        verbose_name = "分管负责人"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=OPEN, name="one_in_charge_at_a_time"),
        ]


class LifeOpinion(Scoped):
    """听取意见 before a life meeting: one way of asking, how many were asked and answered, what was said; no names."""

    class Way(models.TextChoices):
        LETTER = "letter", "发函征求"
        FORUM = "forum", "座谈会"
        TALK = "talk", "谈心谈话"
        BOX = "box", "意见箱"
        OTHER = "other", "其他"

    scope_path = "filing__organisation__path"

    filing = models.ForeignKey("review.Filing", models.PROTECT, related_name="+")
    way = models.CharField("方式", max_length=8, choices=Way)
    collected_on = models.DateField("日期")
    asked = models.PositiveIntegerField("征求了多少人")
    received = models.PositiveIntegerField("收到多少条")
    text = models.TextField("意见", max_length=4000, blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "民主生活会听取的意见"
        ordering = ["collected_on", "pk"]


class LifeProblem(Scoped):
    """问题清单 of a life meeting: a line of the body's list of problems (`tasks`), where it becomes a task."""

    scope_path = "filing__organisation__path"

    filing = models.ForeignKey("review.Filing", models.PROTECT, related_name="+")
    problem = models.OneToOneField("tasks.Problem", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "民主生活会的问题"
        ordering = ["pk"]
