"""A year's scores and the proposals that follow from repeated misses. People decide; the engine proposes."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped


class Score(Scoped):
    """One organisation's result under the year's scheme; columns of engine.md section 6.

    Rank, size of the group and grade are not here: one change would move those of thousands. They follow from `Tie`
    (`queries.standing`, `pipeline.scoring.grade`).
    """

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="scores")
    year = models.PositiveSmallIntegerField()
    peer_group = models.CharField(max_length=60, blank=True)
    dimensions = models.JSONField(default=dict)  # dimension id → score or null
    bonus = models.FloatField(default=0)
    deduction = models.FloatField(default=0)
    total = models.FloatField()

    class Meta:
        verbose_name = "得分"
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_score_per_year")]


class Tie(models.Model):
    """How many organisations of a peer group have the same total, in hundredths of a point."""

    year = models.PositiveSmallIntegerField()
    peer_group = models.CharField(max_length=60, blank=True)
    cents = models.BigIntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        verbose_name = "同分"
        constraints = [models.UniqueConstraint(fields=["year", "peer_group", "cents"], name="one_tie_per_total")]


class Proposal(Scoped):
    """Escalation: a run of missed periods proposes a step. Nothing happens until a person decides."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="proposals")
    year = models.PositiveSmallIntegerField()
    rulebook = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    run = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=20)
    since = models.DateField()

    class Meta:
        verbose_name = "督办建议"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "rulebook", "rule"], name="one_proposal_per_rule")
        ]


class Adjustment(Scoped):
    """Bonus or deduction points given by a decision, with its reason."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="adjustments")
    item = models.CharField(max_length=60)
    on = models.DateField()
    points = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")


class Trial(Scoped):
    """试算: a draft of a scheme, and perhaps of one rulebook, compared with what is published over a year's facts.

    It belongs to the office that asked (`organisation`); `result` and the list in `folder` hold only what that office
    reaches. `mistakes`: [{text, line, said}], what is wrong with the draft. `done`: percent, told last at `told_at`.
    """

    class State(models.TextChoices):
        WORKING = "working", "正在试算"
        DONE = "done", "已试算"
        FAILED = "failed", "没有算成"

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="trials")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    post_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    year = models.PositiveSmallIntegerField("年度")
    against = models.ForeignKey("regulations.Scheme", models.PROTECT, related_name="+")
    on = models.DateField("规则书以哪一天有效的为准", null=True)
    scheme_text = models.TextField("考核方案草案")
    replaces = models.ForeignKey("regulations.Rulebook", models.SET_NULL, null=True, related_name="+")
    book_text = models.TextField("规则书草案", blank=True)
    state = models.CharField(max_length=10, choices=State)
    done = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField()
    mistakes = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    folder = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "试算"
        ordering = ["-created_at"]
