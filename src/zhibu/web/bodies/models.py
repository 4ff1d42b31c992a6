"""What stands beside the organisation tree (area A): profiles, links of chains, hosted offices, units, seats."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped


class Profile(Scoped):
    """单位概况 (M016), kept by the unit itself: what work of the Party is to be tied to."""

    organisation = models.OneToOneField("organisations.Organisation", models.CASCADE, related_name="profile")
    population = models.PositiveIntegerField("服务人口", null=True)
    tasks = models.TextField("主要业务", max_length=2000, blank=True)
    projects = models.TextField("重点项目", max_length=2000, blank=True)
    problems = models.TextField("突出问题", max_length=2000, blank=True)
    written_on = models.DateField("填写日期")

    class Meta:
        verbose_name = "单位概况"


class Link(Scoped):
    """服务链环节 (M017): a branch tied to a function, not to a section."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="links")
    chain = models.CharField("服务链", max_length=60)
    name = models.CharField("环节", max_length=60)

    class Meta:
        verbose_name = "服务链环节"
        constraints = [models.UniqueConstraint(fields=["organisation", "chain", "name"], name="one_link_once")]


class HostedOffice(Scoped):
    """挂靠机构 (M014): the office of a committee, placed in another body, which staffs it. Both days are inclusive."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="hosted_offices")
    name = models.CharField("机构名称", max_length=120)
    host = models.CharField("挂靠单位", max_length=120)
    needed = models.PositiveSmallIntegerField("应配人数")
    filled = models.PositiveSmallIntegerField("实配人数")
    rules = models.CharField("工作制度", max_length=200, blank=True)
    starts_on = models.DateField("设立日期")
    ends_on = models.DateField("结束日期", null=True)
    document = models.CharField("文件", max_length=200)

    class Meta:
        verbose_name = "挂靠机构"

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.filled)


class Subunit(Scoped):
    """下属单位 (M002): an administrative unit of a department, and the Party organisation that covers it."""

    class Mode(models.TextChoices):
        OWN = "own", "单独组建"
        JOINT = "joint", "联合组建"
        ATTACHED = "attached", "挂靠其他党组织"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="subunits", verbose_name="主管部门党组织"
    )
    name = models.CharField("单位名称", max_length=120)
    covered_by = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="covered_subunits",
        verbose_name="覆盖的党组织",
    )
    mode = models.CharField("组建方式", max_length=10, choices=Mode, blank=True)
    gone_on = models.DateField("撤并日期", null=True)

    class Meta:
        verbose_name = "下属单位"
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_subunit_of_a_name")]


class PutOff(Scoped):
    """缓办 of a hint that this app counts itself: no rule asks for it, so no verdict waits. Both days are inclusive."""

    class Hint(models.TextChoices):
        GENERAL_BRANCH = "to-general-branch", "可以报批改建党总支"
        COMMITTEE = "to-committee", "可以报批改建党委"
        JOINT = "joint-units", "联合党支部覆盖单位多了，该分设"

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="hints_put_off")
    hint = models.CharField("提示", max_length=20, choices=Hint)
    starts_on = models.DateField("缓办起")
    ends_on = models.DateField("缓办到")
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = "提示缓办"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="hint_put_off_ends_after_it_starts"
            )
        ]


class Seat(Scoped):
    """A member of a branch in one of its groups (M010). `organisation` is the group."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="seats")
    member = models.OneToOneField("members.Member", models.CASCADE, related_name="seat")
    leads = models.BooleanField("组长", default=False)

    class Meta:
        verbose_name = "党小组的党员"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(leads=True), name="one_leader_of_a_group"
            )
        ]
