"""A request for an act that needs a second person. It passes each state once and is never changed afterwards."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhibu.web.approvals.kinds import Kind, kind_of
from zhibu.web.core import clock
from zhibu.web.core.scoped import Scoped


class State(models.TextChoices):
    ASKED = "asked", "等批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    USED = "used", "已使用"


class Approval(Scoped):
    """Belongs to the organisation whose things are asked about. `payload` is what was asked, to the letter: whoever
    uses the approval does that and nothing else. Posts are kept by number and by title, which outlives the post."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    action = models.CharField("事由", max_length=60)
    sentence = models.CharField("申请内容", max_length=300)
    payload = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    reason = models.CharField("理由", max_length=300)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_post = models.BigIntegerField()
    asked_title = models.CharField(max_length=120)
    asked_at = models.DateTimeField("申请时间")
    expires_at = models.DateTimeField("有效期至")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_post = models.BigIntegerField(null=True)
    decided_title = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    answer = models.CharField("批准人的话", max_length=300, blank=True)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "审批"
        indexes = [models.Index(fields=["state", "expires_at"]), models.Index(fields=["asked_by", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.sentence}（{self.words}）"

    @property
    def kind(self) -> Kind:
        return kind_of(self.action)

    @property
    def expired(self) -> bool:
        return self.state in (State.ASKED, State.APPROVED) and clock.now() >= self.expires_at

    @property
    def words(self) -> str:
        return "已过期" if self.expired else State(self.state).label
