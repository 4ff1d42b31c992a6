"""Duties 事项: the verdicts of the engine, kept so that pages read and never compute."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped


class Evaluation(models.Model):
    """One year's evaluation: when it was computed, from which rulebooks, as of which day."""

    year = models.PositiveSmallIntegerField(unique=True)
    as_of = models.DateField("截至")
    computed_at = models.DateTimeField()
    rulebooks = models.JSONField(default=dict)  # id@since → digest
    scheme = models.CharField(max_length=60, blank=True)
    seconds = models.FloatField(default=0)
    stale = models.BooleanField("待重算", default=False)  # facts changed and the full run has not followed yet

    class Meta:
        verbose_name = "计算批次"


class Verdict(Scoped):
    """One row per organisation, rule and period; the columns are those of engine.md section 3."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="verdicts")
    year = models.PositiveSmallIntegerField()  # of `ends_on`
    rulebook = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    strength = models.CharField(max_length=4)
    period = models.CharField("期次", max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    deadline = models.DateField("期限")
    status = models.CharField(max_length=10)
    need = models.FloatField(null=True)
    timely = models.FloatField(null=True)
    total = models.FloatField(null=True)
    points = models.FloatField(null=True)
    max_points = models.FloatField()
    evidence = models.JSONField(default=list)  # record numbers
    reason = models.CharField(max_length=200, blank=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        verbose_name = "结论"
        indexes = [
            models.Index(fields=["organisation", "year"]),
            models.Index(fields=["year", "status", "deadline"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "rulebook", "rule", "period"],
                name="one_verdict_per_period",
            )
        ]


class Tally(Scoped):
    """Roll-up of one organisation's subtree: counts of verdicts by rule and period (engine.md section 4).

    Moved by differences (keep.add), hence without a check of the sign: the check would see the difference, not the sum.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="tallies")
    year = models.PositiveSmallIntegerField()
    rulebook = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    period = models.CharField(max_length=30)
    ends_on = models.DateField()
    met = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    open = models.IntegerField(default=0)
    upcoming = models.IntegerField(default=0)

    class Meta:
        verbose_name = "汇总"
        indexes = [models.Index(fields=["organisation", "year", "ends_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "rulebook", "rule", "period"],
                name="one_tally_per_period",
            )
        ]


class Moved(models.Model):
    """An organisation whose facts changed: a full run that had read them before does not take its verdicts back.

    Without an organisation: too many to name. Forgotten after some days.
    """

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
