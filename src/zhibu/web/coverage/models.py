"""Units 单位 and what is done there: dated facts, because rules ask how things stood on a day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name=name)


class Station(Scoped):
    """党建工作站: looks after the scattered units of some places (M229)."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="stations")
    name = models.CharField("名称", max_length=60)
    opened_on = models.DateField("设立日期")
    closed_on = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "党建工作站"


class Place(Scoped):
    """片区: a town, a street or a park where units sit. `organisation` is its committee, of a park the park's."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="places")
    name = models.CharField("名称", max_length=40)
    park = models.BooleanField("园区", default=False)
    station = models.ForeignKey(Station, models.SET_NULL, null=True, related_name="places")
    neighbours = models.ManyToManyField("self", blank=True)

    class Meta:
        verbose_name = "片区"
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_place_of_a_name")]

    def __str__(self) -> str:
        return self.name


class UnitKind(models.TextChoices):
    NPE = "npe", "非公企业"
    SOCIAL_ORG = "social_org", "社会组织"
    SOE = "soe", "国有企业"


class Unit(Scoped):
    """An enterprise or a social organisation. `organisation` is the committee it hangs on: the responsible one, or
    while there is none the one that has to find it. Null means: not known."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="units")
    name = models.CharField("名称", max_length=120, db_index=True)
    kind = models.CharField("类别", max_length=12, choices=UnitKind)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    trade = models.CharField("行业", max_length=40, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="units")
    authority = models.ForeignKey(ORGANISATION, models.PROTECT, null=True, related_name="units_of_trade")  # M070
    employees = models.PositiveIntegerField("职工人数", null=True)
    party_members = models.PositiveIntegerField("党员人数", null=True)
    full_members = models.PositiveIntegerField("正式党员人数", null=True)
    above_scale = models.BooleanField("规模以上", null=True)
    operating = models.BooleanField("正常经营", default=True)
    founded_on = models.DateField("成立日期", null=True)
    closed_on = models.DateField("注销日期", null=True)
    not_ripe = models.CharField("暂不具备条件的原因", max_length=200, blank=True)
    union = models.BooleanField("工会", null=True)
    youth = models.BooleanField("团组织", null=True)
    women = models.BooleanField("妇联组织", null=True)
    premises = models.CharField("固定活动场所", max_length=120, blank=True)
    premises_sqm = models.PositiveIntegerField("场所面积（平方米）", null=True)
    premises_on = models.DateField("场所建成日期", null=True)
    school = models.BooleanField("企业党校", null=True)

    class Meta:
        verbose_name = "单位"
        constraints = [
            models.UniqueConstraint(fields=["credit_code"], condition=~Q(credit_code=""), name="one_unit_of_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Responsibility(Scoped):
    """Which committee answers for a unit from when to when; at most one on a day. Both days are inclusive."""

    scope_path = "unit__organisation__path"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="responsibilities")
    committee = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="answers_for")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "责任党委"
        constraints = [_in_order("responsibility_ends_after_it_starts")]


class Mode(models.TextChoices):
    """M226. 004 names three of them: own, attached, joint."""

    OWN = "own", "单独组建"
    JOINT = "joint", "联合组建"
    ATTACHED = "attached", "挂靠组建"
    SENT = "sent", "派入组建"


class Covering(Scoped):
    """The Party organisation that covers a unit, how, from when to when; at most one on a day."""

    scope_path = "unit__organisation__path"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="coverings")
    party = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="covers")
    mode = models.CharField("组建方式", max_length=10, choices=Mode)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "组建"
        constraints = [_in_order("covering_ends_after_it_starts")]


class Assignment(Scoped):
    """An instructor or a liaison person sent to a unit. With `user` they note visits themselves."""

    scope_path = "unit__organisation__path"

    class Kind(models.TextChoices):
        INSTRUCTOR = "instructor", "党建指导员"
        LIAISON = "liaison", "党建联络员"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="assignments")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    name = models.CharField("姓名", max_length=40)
    user = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    document = models.CharField("指派文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "指派"
        constraints = [_in_order("assignment_ends_after_it_starts")]


class Visit(Scoped):
    """A visit and the help of the two duties (M231). `recorded_on` is the honest day of entry."""

    scope_path = "unit__organisation__path"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="visits")
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="visits")
    visited_on = models.DateField("走访日期")
    recorded_on = models.DateField("登记日期")
    government = models.CharField("帮助与政府沟通", max_length=300, blank=True)
    building = models.CharField("帮助建组织、立制度", max_length=300, blank=True)

    class Meta:
        verbose_name = "走访"
        indexes = [models.Index(fields=["unit", "visited_on"])]


class Support(Scoped):
    """What the owner of a unit supports (M237); nothing of the owner."""

    scope_path = "unit__organisation__path"

    class Item(models.TextChoices):
        PREMISES = "premises", "提供场所"
        FUNDS = "funds", "提供经费"
        TIME = "time", "保证活动时间"
        OTHER = "other", "其他"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="supports")
    item = models.CharField("支持事项", max_length=10, choices=Item)
    given_on = models.DateField("日期")
    note = models.CharField("说明", max_length=200)

    class Meta:
        verbose_name = "业主支持"


class Benchmark(Scoped):
    """The superior's average of a rate, as that superior published it on a day (M234)."""

    class Measure(models.TextChoices):
        ORGANISATION = "organisation", "组织覆盖率"
        WORK = "work", "工作覆盖率"

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="benchmarks")
    kind = models.CharField("类别", max_length=12, choices=UnitKind)
    measure = models.CharField("指标", max_length=12, choices=Measure)
    as_of = models.DateField("截至")
    percent = models.DecimalField("百分比", max_digits=5, decimal_places=2)
    source = models.CharField("出处", max_length=200)

    class Meta:
        verbose_name = "对照值"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "measure", "as_of"], name="one_benchmark_of_a_day"),
            models.CheckConstraint(condition=Q(percent__gte=0) & Q(percent__lte=100), name="a_percentage"),
        ]


class UnitVerdict(Scoped):
    """What the engine says of a unit; written by the pipeline alone."""

    scope_path = "unit__organisation__path"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="verdicts")
    year = models.PositiveSmallIntegerField()  # of `ends_on`
    rulebook = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    strength = models.CharField(max_length=4)
    period = models.CharField(max_length=30)
    ends_on = models.DateField()
    deadline = models.DateField("期限")
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "单位结论"
        indexes = [models.Index(fields=["year", "status"])]
        constraints = [
            models.UniqueConstraint(fields=["unit", "rulebook", "rule", "period"], name="one_unit_verdict_per_period")
        ]


class UnitWaiver(Scoped):
    """缓办 of a unit: a rule (`rulebook/rule`) that need not be done from one day to another, with its reason."""

    scope_path = "unit__organisation__path"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="waivers")
    rule = models.CharField("事项", max_length=130)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("缓办到")
    reason = models.CharField("原因", max_length=200)
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "单位缓办"
        constraints = [_in_order("unit_waiver_ends_after_it_starts")]


class Review(Scoped):
    """年度评议 of a person sent to a unit, in words: no grade, no points, no order (M231)."""

    scope_path = "assignment__unit__organisation__path"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reviews")
    year = models.PositiveSmallIntegerField("年度")
    reviewed_on = models.DateField("评议日期")
    body = models.CharField("谁评议的", max_length=80)
    result = models.CharField("评议意见", max_length=300)

    class Meta:
        verbose_name = "指导员年度评议"
        constraints = [models.UniqueConstraint(fields=["assignment", "year"], name="one_review_a_year")]


class Goal(Scoped):
    """生产经营目标 of an enterprise's Party organisation, which its activities serve (M238)."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="goals")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, related_name="goals")
    title = models.CharField("目标", max_length=80)
    measure = models.CharField("做到什么程度", max_length=200, blank=True)
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("完成期限", null=True)
    closed_on = models.DateField("结束日期", null=True)
    result = models.CharField("结果", max_length=300, blank=True)

    class Meta:
        verbose_name = "生产经营目标"

    def __str__(self) -> str:
        return self.title


class GoalActivity(Scoped):
    """An activity on record that served a goal, and what came of it."""

    scope_path = "goal__organisation__path"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="activities")
    record = models.ForeignKey("records.Record", models.CASCADE, related_name="goals")
    effect = models.CharField("效果", max_length=200, blank=True)

    class Meta:
        verbose_name = "目标活动"
        constraints = [models.UniqueConstraint(fields=["goal", "record"], name="one_activity_once_a_goal")]


class ParkWeight(Scoped):
    """How much Party work weighs in what measures a park, in percent, by a document from a year on (M072)."""

    scope_path = "place__organisation__path"

    place = models.ForeignKey(Place, models.CASCADE, related_name="weights")
    year = models.PositiveSmallIntegerField("从哪年起")
    percent = models.DecimalField("党建工作权重（%）", max_digits=5, decimal_places=2)
    document = models.CharField("依据文件", max_length=200)

    class Meta:
        verbose_name = "园区党建权重"
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="one_weight_from_a_year"),
            models.CheckConstraint(condition=Q(percent__gt=0) & Q(percent__lte=100), name="a_weight_in_percent"),
        ]


class ParkDuty(Scoped):
    """What one of a park's staff answers for in Party work (M072): all of them have something."""

    scope_path = "place__organisation__path"

    place = models.ForeignKey(Place, models.CASCADE, related_name="duties")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=60, blank=True)
    duty = models.CharField("党建职责", max_length=200)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "园区党建职责"
        constraints = [_in_order("park_duty_ends_after_it_starts")]


class QuietDays(Scoped):
    """After how many days without an activity on record a committee wants to be told of an enterprise's organisation
    (M037). No source gives a number: no row, no list."""

    organisation = models.OneToOneField(ORGANISATION, models.CASCADE, related_name="quiet_days")
    days = models.PositiveSmallIntegerField("多少天没有活动")
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "没有活动的提醒"
