"""The organisation tree. `tree.py` alone knows how a subtree is stored."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from zhibu.web.core.scoped import Scoped, ScopedQuerySet


class Kind(models.TextChoices):
    COMMITTEE = "committee", "党委"
    WORK_COMMITTEE = "work_committee", "党工委"
    ORGAN_COMMITTEE = "organ_committee", "机关党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"
    TEMPORARY_BRANCH = "temporary_branch", "临时党支部"
    FLOATING_BRANCH = "floating_branch", "流动党员党支部"
    GROUP = "group", "党小组"
    PARTY_GROUP = "party_group", "党组"


BRANCH_KINDS = (Kind.BRANCH, Kind.JOINT_BRANCH, Kind.TEMPORARY_BRANCH, Kind.FLOATING_BRANCH)


class Sector(models.TextChoices):
    ORGAN = "organ", "党政机关"
    TOWNSHIP = "township", "乡镇"
    STREET = "street", "街道"
    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"
    SCHOOL = "school", "学校"
    UNIVERSITY = "university", "高校"
    INSTITUTION = "institution", "事业单位"
    SOE = "soe", "国有企业"
    NPE = "npe", "非公企业"
    SOCIAL_ORG = "social_org", "社会组织"


class OrganisationQuerySet(ScopedQuerySet, MP_NodeQuerySet):
    pass


class OrganisationManager(MP_NodeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> OrganisationQuerySet:
        return OrganisationQuerySet(self.model, using=self._db).order_by("path")


class Organisation(MP_Node):
    """One Party organisation. `code` is its public name in addresses and exports; it never changes."""

    scope_path = "path"
    steplen = 4

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=120, db_index=True)
    short_name = models.CharField("简称", max_length=60, blank=True)
    initials = models.CharField("拼音首字母", max_length=120, blank=True, db_index=True)
    kind = models.CharField("类别", max_length=20, choices=Kind)
    sector = models.CharField("领域", max_length=20, choices=Sector, blank=True)
    founded_on = models.DateField("建立日期", null=True)
    dissolved_on = models.DateField("撤销日期", null=True)
    elected_on = models.DateField("本届选举日期", null=True)
    term_years = models.PositiveSmallIntegerField("任期（年）", null=True)
    term_ends_on = models.DateField("届满日期", null=True)
    committee_size = models.PositiveSmallIntegerField("委员数", null=True)  # null: not known
    groups = models.PositiveSmallIntegerField("党小组数", null=True)
    secretary_name = models.CharField("书记", max_length=40, blank=True)
    secretary_since = models.DateField("书记任职日期", null=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)

    # The highest step ever given to a subordinate's path: `tree.py` gives none twice.
    steps = models.PositiveIntegerField(default=0)
    # Of a root: the highest number of a code (D000012) that was given and taken back. It is not given again.
    codes = models.PositiveIntegerField(default=0)

    objects = OrganisationManager()

    class Meta:
        verbose_name = "党组织"

    def __str__(self) -> str:
        return self.name

    @property
    def is_branch(self) -> bool:
        return self.kind in BRANCH_KINDS


class Supervision(Scoped):
    """领导和指导关系: a superior beside the one of the tree, which stands for the affiliation (隶属).

    A sector committee leads the units of its trade wherever they sit, an organ committee the organisations of organs,
    a leading group (党组) guides those of its department. Both dates are inclusive; null is open.
    """

    class Kind(models.TextChoices):
        SECTOR = "sector", "系统（行业）主管"
        ORGAN = "organ", "机关工委领导"
        GUIDED = "guided", "党组指导"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="supervisions")
    superior = models.ForeignKey(Organisation, models.CASCADE, related_name="supervises")
    kind = models.CharField("关系", max_length=10, choices=Kind)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    document = models.CharField("文件", max_length=200)

    class Meta:
        verbose_name = "领导和指导关系"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="supervision_ends_after_it_starts",
            )
        ]


class Change(Scoped):
    """变更: one step of an organisation's life, of a day, by a document.

    `old` has what the step altered as it was until the day before, in the names of `history.WRITTEN`; what stands there
    now is the organisation itself. So the history has neither gaps nor overlaps, and a step is taken back by writing
    `old` again.
    """

    class Kind(models.TextChoices):
        SET_UP = "set_up", "设立"
        RENAMED = "renamed", "更名"
        CONVERTED = "converted", "改设"
        MOVED = "moved", "调整隶属"
        ELECTED = "elected", "换届"
        MERGED = "merged", "合并"
        ABOLISHED = "abolished", "撤销"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="changes")
    kind = models.CharField("变更", max_length=10, choices=Kind)
    on = models.DateField("生效日期")
    document = models.CharField("批准文件", max_length=200)
    old = models.JSONField("变更前", default=dict, encoder=DjangoJSONEncoder)
    into = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="absorbed", verbose_name="并入")
    # What a merger took, for taking it back (`taking.py`), and the steps of those below that it moved.
    taken = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "变更"
        indexes = [models.Index(fields=["organisation", "on"]), models.Index(fields=["kind", "on"])]
