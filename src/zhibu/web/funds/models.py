"""Funds and premises of organisations: rates, what was set aside, budgets, spending, income, places. No person."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models

from zhibu.web.core.scoped import Scoped


def yuan(label: str, **more: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], **more)  # type: ignore[arg-type]


def here() -> models.ForeignKey:
    return models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")


class FundKind(models.TextChoices):
    ENTERPRISE = "enterprise", "企业按工资总额提取"
    ORGAN = "organ", "机关按工资总额拨付"


class Rate(Scoped):
    """提取比例 that a committee sets for itself and those below it. No national figure was found: no default."""

    organisation = here()
    kind = models.CharField("种类", max_length=10, choices=FundKind)
    year = models.PositiveSmallIntegerField("从哪年起")
    permille = models.DecimalField("比例（‰）", max_digits=5, decimal_places=2, validators=[MinValueValidator(0)])
    basis = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "经费提取比例"
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "year"], name="one_rate_from_a_year")]


class Fund(Scoped):
    """提取、拨付 of a year: the wages, what was set aside or allocated, its arrival. What is due is reckoned."""

    organisation = here()
    kind = models.CharField("种类", max_length=10, choices=FundKind)
    year = models.PositiveSmallIntegerField("年度")
    wages = yuan("工资总额（元）")
    carried_over = yuan("上年结转（元）", default=0)
    amount = yuan("已提取或拨付（元）", default=0)
    arrived_on = models.DateField("到账日期", null=True)

    class Meta:
        verbose_name = "党建经费"
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "year"], name="one_fund_a_year")]


class Budget(Scoped):
    """预算 line of a year."""

    organisation = here()
    year = models.PositiveSmallIntegerField("年度")
    line = models.CharField("预算科目", max_length=80)
    amount = yuan("金额（元）")
    basis = models.CharField("预算文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "经费预算"


class Purpose(models.TextChoices):
    ACTIVITY = "activity", "党组织活动"
    STUDY = "study", "学习教育"
    RESIDENTS = "residents", "服务居民"
    PREMISES = "premises", "阵地建设"
    OTHER = "other", "其他"


class Spend(Scoped):
    organisation = here()
    spent_on = models.DateField("支出日期")
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    amount = yuan("金额（元）")
    what = models.CharField("说明", max_length=200)

    class Meta:
        verbose_name = "经费支出"


class Income(Scoped):
    class Source(models.TextChoices):
        COLLECTIVE = "collective", "村集体经济"
        COMMUNITY = "community", "社区"

    organisation = here()
    year = models.PositiveSmallIntegerField("年度")
    source = models.CharField("来源", max_length=10, choices=Source)
    amount = yuan("金额（元）")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "集体收入"


class Premises(Scoped):
    class Kind(models.TextChoices):
        ROOM = "room", "党组织活动场所"
        CENTRE = "centre", "综合服务中心"
        PROJECT = "project", "乡镇小工程"

    class State(models.TextChoices):
        BUILDING = "building", "在建"
        IN_USE = "in_use", "在用"
        IDLE = "idle", "没有在用"

    organisation = here()
    kind = models.CharField("种类", max_length=10, choices=Kind)
    where = models.CharField("名称和地点", max_length=120)
    area = models.DecimalField("面积（平方米）", max_digits=8, decimal_places=2, null=True)
    since = models.DateField("从哪天起", null=True)
    state = models.CharField("状态", max_length=10, choices=State)

    class Meta:
        verbose_name = "阵地"


class ConditionItem(Scoped):
    """An item by which an office looks at the working conditions and the pay of communities (M253): from how much on it
    is as it should be, and its weight, with the document. Nothing is built in; a draft counts for nothing."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ACTIVE = "active", "使用中"
        ENDED = "ended", "已停用"

    organisation = here()
    name = models.CharField("项目", max_length=60)
    measure = models.CharField("单位", max_length=20)
    standard = models.DecimalField("标准", max_digits=12, decimal_places=2)
    weight = models.DecimalField("权重", max_digits=6, decimal_places=2)
    document = models.CharField("依据文件", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = "社区条件项目"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standard__gt=0) & models.Q(weight__gt=0), name="a_condition_can_be_reached"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ConditionValue(Scoped):
    """What a community has of an item, from a day on."""

    organisation = here()
    item = models.ForeignKey(ConditionItem, models.PROTECT, related_name="values")
    as_of = models.DateField("截至")
    value = models.DecimalField("数值", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    source = models.CharField("出处", max_length=200, blank=True)

    class Meta:
        verbose_name = "社区条件"
        constraints = [models.UniqueConstraint(fields=["organisation", "item", "as_of"], name="one_condition_of_a_day")]
