"""Procedures as published, and the cases that go through them. What a step means is the engine's (decision 18)."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhibu.web.core.scoped import Scoped


class Issued(models.Model):
    """One published version of a procedure, or of a supplement to one. `text` is the YAML as issued and never changes.

    `owner` null: it came with the packs and holds everywhere; else it holds at the owner and below. `key` is that of
    the procedure, for a supplement that of the procedure it adds to. Public inside the installation: no scope.
    """

    key = models.CharField("代号", max_length=60)
    version = models.CharField("版本", max_length=60)
    title = models.CharField("名称", max_length=120)
    level = models.CharField("层级", max_length=10)
    supplement = models.BooleanField("补充规定", default=False)
    owner = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    since = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True)
    text = models.TextField("原文")
    file = models.CharField("文件", max_length=200)
    digest = models.CharField("摘要", max_length=64)
    issued_at = models.DateTimeField("发布时间")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    proof = models.CharField("怎么核对过", max_length=300, blank=True)
    withdrawn_at = models.DateTimeField("停用时间", null=True)
    withdrawn_reason = models.CharField("停用理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "程序"
        ordering = ["level", "key", "since", "pk"]

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"


class Case(Scoped):
    """One matter under way: a person, an organisation or a unit going through a procedure, kept by an organisation.

    `member` is null for applicants, who have `name` and `born_on` instead. The columns `next_*` repeat what the engine
    said on `stood_on`, so that a list needs no engine; `keeping.py` alone writes them.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="cases")
    # Where a member on the way is going, from the letter on: that side notes the receipt, and sees the case meanwhile.
    receiver = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="cases_coming")
    procedure = models.CharField("程序", max_length=60)
    title = models.CharField("程序名称", max_length=120)
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    name = models.CharField("姓名或单位", max_length=60, blank=True)
    born_on = models.DateField("出生日期", null=True)
    opened = models.DateField("开始日期")
    written_later = models.BooleanField("事后补录", default=False)
    values = models.JSONField("开始时填写的内容", default=dict, encoder=DjangoJSONEncoder)
    ended = models.CharField("结果", max_length=60, blank=True)
    ended_on = models.DateField("办结日期", null=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    opened_at = models.DateTimeField("录入时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    next_step = models.CharField("下一步", max_length=60, blank=True)
    next_title = models.CharField("下一步的名称", max_length=120, blank=True)
    next_at = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")  # who acts
    next_from = models.DateField("最早", null=True)
    next_until = models.DateField("最晚", null=True)
    trouble = models.CharField("说明", max_length=300, blank=True)  # why the engine can't say where it stands
    stood_on = models.DateField("核对日期", null=True)

    class Meta:
        verbose_name = "办理事项"
        indexes = [models.Index(fields=["organisation", "ended_on"]), models.Index(fields=["procedure"])]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def number(self) -> str:
        return f"{self.opened:%Y}-{self.pk:05d}"

    @property
    def open(self) -> bool:
        return self.ended_on is None


class Custody(Scoped):
    """Which organisation had a case from when to when (both inclusive); null: still."""

    scope_path = "case__organisation__path"

    case = models.ForeignKey(Case, models.CASCADE, related_name="custodies")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)
    reason = models.CharField("事由", max_length=200, blank=True)

    class Meta:
        verbose_name = "经办党组织"


class StepRecord(Scoped):
    """A step as it was done. Taken back, it stays with the reason. `papers`: [{id, title, number, on}].

    `effect` names what was changed elsewhere in the same transaction, `effect_old` what its undo needs; `effect_left`
    says what people must still do by hand. `ballots`: the ballots of an election as typed, and what they gave
    (`counting.py`).
    """

    scope_path = "case__organisation__path"

    case = models.ForeignKey(Case, models.CASCADE, related_name="records")
    step = models.CharField("步骤", max_length=60)
    title = models.CharField("步骤名称", max_length=120)
    version = models.CharField("版本", max_length=60)
    begun = models.DateField("开始日期", null=True)
    done = models.DateField("办理日期")
    outcome = models.CharField("结果", max_length=60)
    outcome_title = models.CharField("结果名称", max_length=60, blank=True)
    values = models.JSONField("填写的内容", default=dict, encoder=DjangoJSONEncoder)
    votes = models.JSONField("票数", null=True)
    ballots = models.JSONField("选票和选举结果", null=True, encoder=DjangoJSONEncoder)
    papers = models.JSONField("材料", default=list, encoder=DjangoJSONEncoder)
    reason = models.CharField("说明", max_length=300, blank=True)
    hints = models.JSONField("当时的提示", default=list)
    effect = models.CharField("联动", max_length=60, blank=True)
    effect_old = models.JSONField("联动前", default=dict, encoder=DjangoJSONEncoder)
    effect_left = models.CharField("还要办的", max_length=200, blank=True)
    entered_at = models.DateTimeField("录入时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    by_title = models.CharField("以什么身份", max_length=120)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    undone_title = models.CharField("撤销的身份", max_length=120, blank=True)
    undone_reason = models.CharField("撤销理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "步骤记录"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
