"""任务: what a body decided, instructed or required, given to units; each unit's own task until it is closed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.clock import day_words
from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"
SOON = timedelta(days=3)


class Order(Scoped):
    """交办事项: written once by `organisation`, given to one unit or many. What it comes from stands beside it: the
    record of a meeting, a document, problems found; or the task it is a part of (`part_of`), which makes the tree.

    `named`: broken down to persons. Each leaf of its tree has a measure and a day, and is not done without a person."""

    class Kind(models.TextChoices):
        DECISION = "decision", "议定事项"
        INSTRUCTION = "instruction", "批示"
        REQUIREMENT = "requirement", "工作要求"

    class Weight(models.TextChoices):
        PLAIN = "plain", "一般"
        KEY = "key", "重点"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    title = models.CharField("任务", max_length=200)
    text = models.TextField("原文或说明", max_length=2000, blank=True)
    measure = models.CharField("办成的标准", max_length=200, blank=True)
    section = models.CharField("板块", max_length=60, blank=True)
    signer = models.CharField("批示人", max_length=40, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    weight = models.CharField("主次", max_length=5, choices=Weight, default=Weight.PLAIN)
    urgent = models.BooleanField("急办", default=False)
    named = models.BooleanField("分解到人", default=False)
    abilities = models.JSONField("提高哪些能力", default=list, blank=True)  # ids of `abilities` in packs/words.yaml
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    part_of = models.ForeignKey("tasks.Task", models.PROTECT, null=True, related_name="parts")
    decided_on = models.DateField("定下的日期")
    recorded_on = models.DateField("登记日期")
    due_on = models.DateField("期限")

    class Meta:
        verbose_name = "交办事项"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("decided_on")), name="order_is_due_after_it_was_decided"),
        ]

    def __str__(self) -> str:
        return self.title


class Problem(Scoped):
    """问题: found at a unit by an inspection, an observation tour or another look; `organisation` keeps the list.

    Answered by the requirement that was made of it. `fault`: pointed out in the product already, so not typed again.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    unit = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    source = models.CharField("哪次督查、观摩", max_length=80)
    section = models.CharField("板块", max_length=60, blank=True)
    found_on = models.DateField("发现日期")
    recorded_on = models.DateField("登记日期")
    text = models.CharField("问题", max_length=300)
    fault = models.ForeignKey("review.Fault", models.PROTECT, null=True, related_name="+")
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")  # reported at a meeting
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="problems")
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "问题清单"
        ordering = ["-found_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fault"], condition=Q(withdrawn_on=None), name="one_problem_of_a_fault"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Task(Scoped):
    """任务: an order in the hands of one unit. `organisation` gave it and accepts it, `owner` does it."""

    class State(models.TextChoices):
        GIVEN = "given", "办理中"
        REPORTED = "reported", "已报办结，待验收"
        RETURNED = "returned", "退回补办"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤回"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    owner = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="tasks")
    person = models.CharField("承办人", max_length=40, blank=True)
    given_on = models.DateField("交办日期")
    due_on = models.DateField("期限")
    asked_due_on = models.DateField("申请延到", null=True)
    state = models.CharField("办到哪一步", max_length=10, choices=State, default=State.GIVEN)
    reported_on = models.DateField("报办结日期", null=True)
    closed_on = models.DateField("办结日期", null=True)
    moved_on = models.DateField("最近一步")

    class Meta:
        verbose_name = "任务"
        indexes = [
            models.Index(fields=["owner", "state"]),
            models.Index(fields=["organisation", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "owner"], condition=~Q(state="withdrawn"), name="one_task_of_an_order"
            )
        ]

    def __str__(self) -> str:
        return self.order.title

    @property
    def open(self) -> bool:
        return self.state not in (self.State.CLOSED, self.State.WITHDRAWN)

    @property
    def in_hand(self) -> bool:
        """The owner's turn."""
        return self.state in (self.State.GIVEN, self.State.RETURNED)

    @property
    def until(self) -> str:
        return f"{day_words(self.due_on)}前办成"

    @property
    def in_time(self) -> bool | None:
        """Whether what was accepted had been reported by its day; None before."""
        return self.reported_on <= self.due_on if self.closed_on and self.reported_on else None

    def age(self, on: date) -> int:
        """Calendar days since it was decided; of a closed one, until it was closed."""
        return ((self.closed_on or on) - self.order.decided_on).days

    def words(self, on: date) -> str:
        """How many days are left, or over, while the owner has it; else where it is."""
        if not self.in_hand:
            return self.get_state_display()
        left = (self.due_on - on).days
        back = "退回补办，" if self.state == self.State.RETURNED else ""
        return back + (f"逾期 {-left} 天" if left < 0 else f"剩 {left} 天" if left else "今天到期")

    def status(self, on: date) -> str:
        """A word of `design/vocabulary.py`."""
        told = {"closed": "done", "withdrawn": "na", "reported": "waiting"}
        if self.state in told:
            return told[self.state]
        if self.due_on < on:
            return "late"
        if self.state == self.State.RETURNED:
            return "returned"
        return "soon" if self.due_on - on <= SOON else "todo"


class TaskStep(Scoped):
    """What one side did; never rewritten. `before` is how the task stood, so that the step can be taken back."""

    class What(models.TextChoices):
        GIVEN = "given", "交办"
        PERSON = "person", "确定承办人"
        PROGRESS = "progress", "报进展"
        REPORTED = "reported", "报办结"
        ACCEPTED = "accepted", "验收通过"
        RETURNED = "returned", "退回补办"
        ASKED = "asked", "申请延期"
        GRANTED = "granted", "同意延期"
        REFUSED = "refused", "不同意延期"
        WITHDRAWN = "withdrawn", "撤回"

    scope_path = "task__organisation__path"

    task = models.ForeignKey(Task, models.CASCADE, related_name="steps")
    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    what = models.CharField("步骤", max_length=10, choices=What)
    on = models.DateField("日期")
    recorded_on = models.DateField("登记日期")
    at = models.DateTimeField()
    text = models.CharField("内容", max_length=1000, blank=True)
    due_on = models.DateField("期限", null=True)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    before = models.JSONField(default=dict, blank=True)
    undone_on = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "任务的步骤"
        ordering = ["pk"]
