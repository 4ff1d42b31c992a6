"""反映事项: what residents, base organisations and visits brought up, on its way from taken in to closed.

A concern is about a matter, never about a person: no name, no address, no key to anybody outside. How to call back
stands sealed and goes when the concern is closed.
"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.core.sealed import Plain, SealedField

ORGANISATION = "organisations.Organisation"


class ConcernKind(Scoped):
    """A kind of concern and how many calendar days its reply may take; holds for an organisation and all below it."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    name = models.CharField("类别", max_length=40)
    days = models.PositiveSmallIntegerField("几天内答复")
    document = models.CharField("依据文件", max_length=200, blank=True)
    ended_on = models.DateField("停用日期", null=True)

    class Meta:
        verbose_name = "反映事项类别"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(ended_on=None), name="one_concern_kind_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.days} 天内答复）"


class PointKind(models.TextChoices):
    """三类联系点 of source 003."""

    RURAL = "rural", "乡村振兴联系点"
    ENTERPRISE = "enterprise", "企业联系点"
    COMMUNITY = "community", "社区联系点"


class PointVisit(Scoped):
    """An organisation's people went to a point. How many went, not who; what was found there are concerns."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    point_kind = models.CharField("联系点类别", max_length=12, choices=PointKind)
    point = models.CharField("联系点", max_length=80)
    visited_on = models.DateField("到联系点的日期")
    recorded_on = models.DateField("登记日期")
    people = models.PositiveSmallIntegerField("去了几人")
    note = models.CharField("做了什么", max_length=200, blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "到联系点"
        indexes = [models.Index(fields=["organisation", "visited_on"])]


class Concern(Scoped):
    """`organisation` took it in and answers whoever raised it; `handler` has it at the moment (itself at first)."""

    class Source(models.TextChoices):
        PUBLIC = "public", "群众反映"
        BASE = "base", "基层组织反映"
        VISIT = "visit", "到联系点发现"

    class State(models.TextChoices):
        TAKEN = "taken", "已受理"
        ASSIGNED = "assigned", "办理中"
        HANDLED = "handled", "已办理，待答复"
        REPLIED = "replied", "已答复，待评价"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤回"

    class Outcome(models.TextChoices):
        SOLVED = "solved", "已解决"
        EXPLAINED = "explained", "不能解决，已说明原因"

    class Rating(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        FAIR = "fair", "基本满意"
        UNSATISFIED = "unsatisfied", "不满意"
        NONE = "none", "没有评价"

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    handler = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    source = models.CharField("来源", max_length=8, choices=Source)
    kind = models.ForeignKey(ConcernKind, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(PointVisit, models.PROTECT, null=True, related_name="concerns")
    what = models.CharField("事项", max_length=200)
    contact_sealed = SealedField("联系方式")
    taken_on = models.DateField("受理日期")
    due_on = models.DateField("答复期限")
    person = models.CharField("承办人", max_length=40, blank=True)
    state = models.CharField("办理状态", max_length=10, choices=State, default=State.TAKEN)
    outcome = models.CharField("办理结果", max_length=10, choices=Outcome, blank=True)
    handled_on = models.DateField("办理日期", null=True)
    replied_on = models.DateField("答复日期", null=True)
    rating = models.CharField("评价", max_length=12, choices=Rating, blank=True)
    closed_on = models.DateField("办结日期", null=True)

    contact = Plain("contact_sealed")

    class Meta:
        verbose_name = "反映事项"
        indexes = [models.Index(fields=["organisation", "state"]), models.Index(fields=["handler", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "withdrawn"]) | Q(contact_sealed=""),
                name="a_closed_concern_has_no_contact",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def number(self) -> str:
        return f"{self.taken_on.year}-{self.pk:06d}"

    @property
    def open(self) -> bool:
        return self.state not in (self.State.CLOSED, self.State.WITHDRAWN)

    @property
    def days(self) -> int | None:
        """Calendar days from taking in to the reply; None while there is none."""
        return (self.replied_on - self.taken_on).days if self.replied_on else None

    def status(self, on: date) -> str:
        """A word of `design/vocabulary.py`."""
        if self.state == self.State.WITHDRAWN:
            return "na"
        if self.replied_on:
            return "done"
        left = (self.due_on - on).days
        return "late" if left < 0 else "soon" if left <= 3 else "todo"


class ConcernStep(Scoped):
    """What was done on the way, by which organisation; `to` is the one it went to."""

    class What(models.TextChoices):
        TAKEN = "taken", "受理"
        ASSIGNED = "assigned", "交办"
        HANDLED = "handled", "办理"
        REPLIED = "replied", "答复"
        REDO = "redo", "退回重办"
        RATED = "rated", "评价、办结"
        WITHDRAWN = "withdrawn", "撤回"

    scope_path = "concern__organisation__path"

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="steps")
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    to = models.ForeignKey(ORGANISATION, models.PROTECT, null=True, related_name="+")
    what = models.CharField("步骤", max_length=10, choices=What)
    on = models.DateField("日期")
    recorded_on = models.DateField("登记日期")
    text = models.CharField("内容", max_length=500, blank=True)

    class Meta:
        verbose_name = "办理步骤"
        ordering = ["pk"]
