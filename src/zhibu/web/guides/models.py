"""服务指南: windows, what they do, points of daily service, what is asked of a window; nobody is written down."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


class Level(models.TextChoices):
    COUNTY = "county", "县（区）"
    TOWN = "town", "乡镇、街道"
    VILLAGE = "village", "村、社区"


class Entry(Scoped):
    """A line of the directory, of an organisation, until it is taken off."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)
    ended_on = models.DateField("停用日期", null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class ServiceWindow(Entry):
    """A window of a service hall (M302)."""

    classes = models.CharField("办哪类事", max_length=120)
    place = models.CharField("在哪里", max_length=100)
    hours = models.CharField("什么时间", max_length=80, blank=True)
    phone = models.CharField("办公电话", max_length=40, blank=True)

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = "服务窗口"


class ServiceItem(Entry):
    """What is done for people, at which level, and how: the guide, and the standard a lower level takes over (M304)."""

    level = models.CharField("办理层级", max_length=10, choices=Level)
    window = models.ForeignKey(
        ServiceWindow, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name="窗口"
    )
    who = models.CharField("谁可以办", max_length=200, blank=True)
    papers = models.TextField("带什么材料", max_length=600, blank=True)
    steps = models.TextField("怎么办", max_length=600)
    days = models.PositiveSmallIntegerField("几个工作日办结", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = "服务事项"


class ServicePoint(Entry):
    """爱心超市、便民点 and the like (M305)."""

    kind = models.CharField("哪种服务点", max_length=40)
    place = models.CharField("在哪里", max_length=100)
    what = models.CharField("提供什么", max_length=200)
    hours = models.CharField("什么时间", max_length=80, blank=True)
    phone = models.CharField("办公电话", max_length=40, blank=True)

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = "服务点"


class WindowStandard(Entry):
    """What is asked of every window of an organisation and below (M314); `name` is its text."""

    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta(Entry.Meta):
        abstract = False
        verbose_name = "窗口规范"


class WindowCheck(Scoped):
    """A window looked at against the standards in force that day; which were not met."""

    scope_path = "window__organisation__path"

    window = models.ForeignKey(ServiceWindow, models.CASCADE, related_name="checks")
    on = models.DateField("检查日期")
    asked = models.PositiveSmallIntegerField("查了几项")
    unmet = models.ManyToManyField(WindowStandard, related_name="+", verbose_name="没有做到的")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "窗口检查"


class Satisfaction(Scoped):
    """What people said at a window in a month, counted: no slip, no person."""

    scope_path = "window__organisation__path"

    window = models.ForeignKey(ServiceWindow, models.CASCADE, related_name="ratings")
    month = models.DateField("月份")  # its first day
    satisfied = models.PositiveIntegerField("满意")
    fair = models.PositiveIntegerField("基本满意")
    unsatisfied = models.PositiveIntegerField("不满意")

    class Meta:
        verbose_name = "窗口满意度"
        constraints = [models.UniqueConstraint(fields=["window", "month"], name="one_count_of_a_month")]

    @property
    def all(self) -> int:
        return self.satisfied + self.fair + self.unsatisfied

    @property
    def share(self) -> float | None:
        """满意 and 基本满意 of all; None when nobody said anything."""
        return (self.satisfied + self.fair) / self.all if self.all else None


class ContactCards(Scoped):
    """联系卡 (M312): how many members keep how many, on a day. Never whom."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    as_of = models.DateField("截至")
    members = models.PositiveIntegerField("党员人数")
    cards = models.PositiveIntegerField("联系卡张数")

    class Meta:
        verbose_name = "联系卡"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "as_of"], name="one_count_of_cards_a_day"),
            models.CheckConstraint(condition=Q(members__gte=0) & Q(cards__gte=0), name="counts_of_cards"),
        ]
