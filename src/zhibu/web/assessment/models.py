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
