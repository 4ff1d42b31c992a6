"""What happened to a member, day by day, and the way from one branch to another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.members.models.roster import Employment, Member, MemberKind

DOCUMENT = 200  # characters of a paper's name and number


class MemberChange(Scoped):
    """One dated step of a member's life, with the state that held until the day before (`since` null: from the start).

    The member's own row says how it is now, so every day has exactly one state. Steps that change no state (`ADMITTED`,
    `EXTENDED`, `LEFT`) stand here for their day and paper. `organisation`: the branch until then.
    """

    class What(models.TextChoices):
        ADMITTED = "admitted", "接收为预备党员"
        ARRIVED = "arrived", "从外系统转入"
        FULL = "full", "转为正式党员"
        EXTENDED = "extended", "延长预备期"
        MOVED = "moved", "转到另一支部"
        WORK = "work", "工作岗位变动"
        LEFT = "left", "离开"

    member = models.ForeignKey(Member, models.CASCADE, related_name="changes")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="%(class)s_rows")
    what = models.CharField("变动", max_length=10, choices=What)
    on = models.DateField("变动日期")
    document = models.CharField("依据文件", max_length=DOCUMENT, blank=True)
    kind = models.CharField("此前的类别", max_length=20, choices=MemberKind, blank=True)
    employment = models.CharField("此前的工作岗位", max_length=20, choices=Employment, blank=True)
    since = models.DateField("此前状态从", null=True)
    until = models.DateField("此前状态到", null=True)  # null: the step changed no state

    class Meta:
        verbose_name = "党员变动"
        indexes = [models.Index(fields=["member", "on"]), models.Index(fields=["organisation", "until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")), name="change_state_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_what_display()}"


class Transfer(Scoped):
    """A member on the way: sent with a letter, not yet received.

    The old branch stays responsible until then (教育管理工作条例 25, text). `to` is the receiving organisation here;
    `outside` names one that is not of this installation.
    """

    class State(models.TextChoices):
        SENT = "sent", "已转出，未接收"
        RECEIVED = "received", "已接收"
        REFUSED = "refused", "已退回"
        RECALLED = "recalled", "已撤回"

    member = models.ForeignKey(Member, models.CASCADE, related_name="transfers")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="%(class)s_rows")
    to = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="transfers_in")
    outside = models.CharField("外系统党组织", max_length=100, blank=True)
    letter = models.CharField("介绍信编号", max_length=60)
    sent_on = models.DateField("转出日期")
    valid_until = models.DateField("介绍信有效期到", null=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.SENT)
    closed_on = models.DateField("办结日期", null=True)
    answer = models.CharField("回执或原因", max_length=DOCUMENT, blank=True)

    class Meta:
        verbose_name = "组织关系转接"
        indexes = [models.Index(fields=["state", "sent_on"])]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(state="sent"), name="one_transfer_on_the_way"),
            models.CheckConstraint(
                condition=Q(to=None, outside__gt="") | Q(to__isnull=False, outside=""), name="transfer_goes_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.letter}"
