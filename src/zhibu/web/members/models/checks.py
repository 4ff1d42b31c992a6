"""Rounds in which every branch confirms its list, and the papers in a member's file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhibu.web.core.scoped import Scoped
from zhibu.web.members.models.care import OfMember
from zhibu.web.members.models.roster import Member


class RollCheck(Scoped):
    """A round of 组织关系排查 (M260) that a committee opened for the branches below it."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="%(class)s_rows")
    title = models.CharField("名称", max_length=80)
    opened_on = models.DateField("开始日期")
    due_on = models.DateField("完成期限")
    basis = models.CharField("依据文件", max_length=200)
    closed_on = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "组织关系排查"

    def __str__(self) -> str:
        return self.title


class CheckSheet(Scoped):
    """One branch's list in a round."""

    check_round = models.ForeignKey(RollCheck, models.CASCADE, related_name="sheets")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="%(class)s_rows")
    confirmed_on = models.DateField("确认日期", null=True)

    class Meta:
        verbose_name = "支部排查名单"
        constraints = [models.UniqueConstraint(fields=["check_round", "organisation"], name="one_sheet_of_a_branch")]

    def __str__(self) -> str:
        return str(self.check_round)


class CheckLine(Scoped):
    """A member on a branch's list; `state` empty: not confirmed yet."""

    class State(models.TextChoices):
        HERE = "here", "在册在岗"
        AWAY = "away", "在册外出"
        LOST = "lost", "失去联系"
        TO_MOVE = "to_move", "应转未转"
        NOT_OURS = "not_ours", "不是本支部党员"

    scope_path = "sheet__organisation__path"

    sheet = models.ForeignKey(CheckSheet, models.CASCADE, related_name="lines")
    member = models.ForeignKey(Member, models.CASCADE, related_name="%(class)s_rows")
    state = models.CharField("情况", max_length=10, choices=State, blank=True)
    last_contact_on = models.DateField("最后联系日期", null=True)

    class Meta:
        verbose_name = "排查情况"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "member"], name="a_member_once_on_a_list"),
            models.CheckConstraint(
                condition=Q(last_contact_on=None) | Q(state__in=["lost", "away"]), name="contact_day_of_the_absent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class FilePaper(OfMember):
    """A paper of the list `papers.py` that is in a member's file, and where the file lies."""

    paper = models.CharField("材料", max_length=40)
    place = models.CharField("存放处", max_length=60)
    noted_on = models.DateField("核对日期")

    class Meta:
        verbose_name = "党员档案材料"
        constraints = [models.UniqueConstraint(fields=["member", "paper"], name="a_paper_once_in_a_file")]
