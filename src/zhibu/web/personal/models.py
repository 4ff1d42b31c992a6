"""Requests of persons about their own data, what became of them, and what the installation has answered and cleared."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.core.sealed import Plain, SealedField


class Request(Scoped):
    """One wish of a person about their own data (PIPL 46, 47, 50), at the organisation that answers it.

    `wanted`: for a correction, field of the member → the right value as text. Sealed, for it may hold numbers.
    """

    class Kind(models.TextChoices):
        CORRECT = "correct", "更正"
        RESTRICT = "restrict", "限制处理"
        DELETE = "delete", "删除"

    class State(models.TextChoices):
        ASKED = "asked", "等答复"
        ACCEPTED = "accepted", "已办理"
        REFUSED = "refused", "没有同意"
        TAKEN_BACK = "taken_back", "本人撤回"

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    kind = models.CharField("请求", max_length=10, choices=Kind)
    text = models.CharField("本人的说明", max_length=1000, blank=True)
    wanted_sealed = SealedField("本人要更正成的内容")
    asked_on = models.DateField("提出日期")
    due_on = models.DateField("答复期限")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    template = models.CharField("理由的种类", max_length=40, blank=True)
    reason = models.CharField("答复", max_length=1000, blank=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_title = models.CharField("答复的身份", max_length=120, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)

    wanted_json = Plain("wanted_sealed")

    class Meta:
        verbose_name = "个人信息请求"
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}个人信息（第 {self.pk} 号）"

    @property
    def wanted(self) -> dict[str, str]:
        return json.loads(self.wanted_json or "{}")

    @wanted.setter
    def wanted(self, values: dict[str, str]) -> None:
        self.wanted_json = json.dumps(values, ensure_ascii=False) if values else ""


class Standing(Scoped):
    """A member whose data may only be stored (restricted) or is gone (erased). Without a row: active.

    Restricted rows are withheld from every list, export, statistic and search (core/scoped.py); PIPL 47, paragraph 2.
    """

    scope_path = "member__organisation__path"

    class State(models.TextChoices):
        RESTRICTED = "restricted", "限制处理"
        ERASED = "erased", "已删除"

    member = models.OneToOneField("members.Member", models.PROTECT, related_name="standing")
    state = models.CharField("状态", max_length=10, choices=State)
    since = models.DateField("从哪天起")
    request = models.ForeignKey(Request, models.SET_NULL, null=True, related_name="+")
    by_title = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "限制处理和删除"

    def __str__(self) -> str:
        return f"{self.get_state_display()}（第 {self.member_id} 号党员）"


class SelfCheckAnswer(models.Model):
    """What the body that runs the system answered to one item of the self-check; the newest of an item holds."""

    class Value(models.TextChoices):
        YES = "yes", "已做到"
        NO = "no", "还没有"
        NOT_OURS = "not_ours", "不适用"

    item = models.CharField(max_length=40, db_index=True)
    value = models.CharField("答复", max_length=10, choices=Value)
    note = models.CharField("依据", max_length=500, blank=True)
    on = models.DateField("答复日期")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    title = models.CharField("答复的身份", max_length=120)

    class Meta:
        verbose_name = "备案自查"


class Run(models.Model):
    """One clearing of what is over; `done` is item → number of rows."""

    on = models.DateField("日期", db_index=True)
    done = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "到期清理"

    def __str__(self) -> str:
        return f"到期清理 {self.on}"

    @property
    def rows(self) -> Any:
        return sum(self.done.values())
