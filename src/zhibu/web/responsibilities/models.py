"""职责清单: what a kind of body answers for (M004, M011, M015, M019), who was given it, and how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.organisations.models import Kind as Place
from zhibu.web.organisations.models import Sector

ORGANISATION = "organisations.Organisation"


class Charter(Scoped):
    """职责清单, issued at an organisation by a document. Both days are inclusive; null is open.

    `name_form` (统一名称): what such a body is called, ○○ standing for the name of the place; empty: not unified.
    `place_kind`, `place_sector`: which Party organisations below are such bodies; empty: those given it are.
    `asked_on`, `report_by`: the last time progress was asked for.
    """

    class Kind(models.TextChoices):
        FUNCTIONS = "functions", "名称和职能统一"
        GROUP = "group", "领导小组成员单位"
        START = "start", "新设党组织规范运行"
        TRADE = "trade", "行业主管部门"
        ALLIED = "allied", "纪检、统战、工青妇"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="charters")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    title = models.CharField("名称", max_length=120)
    document = models.CharField("依据文件", max_length=200)
    starts_on = models.DateField("从哪天起")
    ends_on = models.DateField("到哪天止", null=True)
    name_form = models.CharField("统一名称", max_length=120, blank=True)
    place_kind = models.CharField("适用哪类党组织", max_length=20, choices=Place, blank=True)
    place_sector = models.CharField("适用哪个领域", max_length=20, choices=Sector, blank=True)
    asked_on = models.DateField("要求报进展", null=True)
    report_by = models.DateField("哪天前报", null=True)

    class Meta:
        verbose_name = "职责清单"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="charter_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Item(Scoped):
    """职责: one line of a charter. Due on a day, or days after the founding (START) or the giving, or not at all."""

    scope_path = "charter__organisation__path"

    charter = models.ForeignKey(Charter, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("序号")
    heading = models.CharField("归口单位", max_length=60, blank=True)
    text = models.CharField("职责", max_length=300)
    clause = models.CharField("条款", max_length=60, blank=True)
    due_on = models.DateField("期限", null=True)
    due_days = models.PositiveSmallIntegerField("几天内", null=True)
    needs_proof = models.BooleanField("完成时附佐证", default=False)

    class Meta:
        verbose_name = "职责"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_days__isnull=True), name="item_is_due_by_one_clock"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Holder(Scoped):
    """承担单位. `organisation` keeps it. `name` is empty when it is the Party organisation `place` itself; a body that
    is none has its name, and in `place` the Party organisation that reports for it, where that is here."""

    class Kind(models.TextChoices):
        PARTY = "party", "党组织"
        MEMBER = "member", "成员单位"
        TRADE = "trade", "行业主管部门"
        DISCIPLINE = "discipline", "纪检机关"
        FRONT = "front", "统战部门"
        UNION = "union", "工会"
        YOUTH = "youth", "共青团"
        WOMEN = "women", "妇联"
        OTHER = "other", "其他"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="holders")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=120, blank=True)
    place = models.ForeignKey(ORGANISATION, models.PROTECT, null=True, related_name="held", verbose_name="由谁报进展")
    gone_on = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "承担单位"
        constraints = [
            models.CheckConstraint(condition=~Q(name="") | Q(place__isnull=False), name="holder_is_somebody"),
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=~Q(name="") & Q(gone_on=None), name="one_holder_of_a_name"
            ),
            models.UniqueConstraint(
                fields=["organisation", "place"], condition=Q(name="", gone_on=None), name="one_holder_of_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name or (self.place.name if self.place else "")


class Charge(Scoped):
    """交办的职责: an item given to a holder. `organisation` keeps its work: the holder's, else the charter's."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="charges")
    item = models.ForeignKey(Item, models.PROTECT, related_name="charges")
    holder = models.ForeignKey(Holder, models.PROTECT, related_name="charges")
    given_on = models.DateField("交办日期")
    due_on = models.DateField("期限", null=True)
    done_on = models.DateField("完成日期", null=True)
    withdrawn_on = models.DateField("收回日期", null=True)
    reason = models.CharField("收回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "交办的职责"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "holder"], condition=Q(withdrawn_on=None), name="one_charge_of_an_item"
            )
        ]


class Progress(Scoped):
    """进展: one sentence of the body, or of the officer for it (`for_it`); the proof is a record or a document."""

    scope_path = "charge__organisation__path"

    class State(models.TextChoices):
        DOING = "doing", "在办"
        DONE = "done", "已办好"

    charge = models.ForeignKey(Charge, models.CASCADE, related_name="progress")
    state = models.CharField("情况", max_length=10, choices=State)
    happened_on = models.DateField("日期")
    reported_on = models.DateField("报告日期")
    sentence = models.CharField("一句话", max_length=200)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey("library.Document", models.PROTECT, null=True, related_name="+")
    for_it = models.BooleanField("上级代为登记", default=False)

    class Meta:
        verbose_name = "职责进展"
        ordering = ["-reported_on", "-pk"]
