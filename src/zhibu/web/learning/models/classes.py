"""Classes 培训班, who went, and the resources they use. Forms, channels, audiences and abilities are words of
`packs/words.yaml`, which a county edits: the columns hold their ids."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.learning.words import ability_words, audience_word, channel_word, form_word

ORGANISATION = "organisations.Organisation"


def hours_column(label: str, **more: object) -> models.DecimalField:
    """学时, as the regulation counts them; a class day has as many as its organiser says."""
    return models.DecimalField(
        label, max_digits=6, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))], **more
    )  # type: ignore[arg-type]


class Resource(Scoped):
    """培训资源: a school, a base, a teacher or a course. `organisation` keeps the entry; it and all below may book it.

    Of a teacher the name alone, as on a notice of a class: no profile of people outside the organisation.
    """

    class Kind(models.TextChoices):
        SCHOOL = "school", "党校"
        INSTITUTE = "institute", "行政学院"
        BASE = "base", "干部教育培训基地"
        SOCIAL = "social", "社会培训资源"
        TEACHER = "teacher", "师资"
        COURSE = "course", "课程"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=80)
    about = models.CharField("说明", max_length=200, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    capacity = models.PositiveIntegerField("容纳人数", null=True)
    closed_on = models.DateField("停用日期", null=True)

    class Meta:
        verbose_name = "培训资源"
        ordering = ["kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class TrainingClass(Scoped):
    """培训班 of an organisation. `others`: trainees who are on no roster here, a number and no names."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)
    audience = models.CharField("对象", max_length=40)
    form = models.CharField("形式", max_length=40)
    channel = models.CharField("渠道", max_length=40)
    abilities = models.JSONField("能力", default=list)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    hours = hours_column("学时")
    venue = models.CharField("地点", max_length=120, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    others = models.PositiveIntegerField("名册以外的学员", default=0)
    record = models.ForeignKey("records.Record", models.SET_NULL, null=True, related_name="+")
    cancelled_on = models.DateField("取消日期", null=True)
    cancelled_why = models.CharField("取消原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "培训班"
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="class_ends_after_start")]

    def __str__(self) -> str:
        return self.name

    @property
    def audience_word(self) -> str:
        return audience_word(self.audience)

    @property
    def form_word(self) -> str:
        return form_word(self.form)

    @property
    def channel_word(self) -> str:
        return channel_word(self.channel)

    @property
    def ability_words(self) -> str:
        return ability_words(self.abilities)


class Trainee(Scoped):
    """学员: a member in a class. `attended` null: not noted yet. Read by who reaches the member, the organiser included
    while it does."""

    scope_path = "member__organisation__path"

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="trainees")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="classes")
    attended = models.BooleanField("参加", null=True)
    hours = hours_column("学时", null=True)

    class Meta:
        verbose_name = "学员"
        constraints = [models.UniqueConstraint(fields=["training_class", "member"], name="one_place_in_a_class")]


class Booking(Scoped):
    """预约: a resource taken for a class, whole days, both inclusive. No two of one resource share a day (`book`)."""

    scope_path = "training_class__organisation__path"

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="bookings")
    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="bookings")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")

    class Meta:
        verbose_name = "资源预约"
        ordering = ["starts_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="booking_ends_after")]
