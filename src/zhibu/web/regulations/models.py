"""Published rulebooks and schemes: what the engine reads, and one row per rule so that pages can speak of it."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Rulebook(models.Model):
    """One published version of a rulebook. `text` is the YAML as issued; the row is never changed after publishing."""

    rulebook = models.CharField("代号", max_length=60)
    title = models.CharField("名称", max_length=120)
    level = models.CharField("层级", max_length=10)
    since = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True)
    text = models.TextField()
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "规则书"
        ordering = ["level", "rulebook", "since"]


class Rule(models.Model):
    """One rule of a published rulebook, in words. Computed at publishing from the engine's objects."""

    book = models.ForeignKey(Rulebook, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=60)
    title = models.CharField("事项", max_length=60)
    sentence = models.CharField("规则", max_length=400)
    source = models.CharField("依据", max_length=200)
    issuer = models.CharField("制定机关", max_length=120, blank=True)
    issued = models.DateField(null=True)
    clause = models.CharField("条款", max_length=60, blank=True)
    strength = models.CharField(max_length=4)
    evidence = models.CharField(max_length=10)
    status = models.CharField(max_length=6)
    subject = models.CharField(max_length=12)
    every = models.CharField(max_length=12)  # month | quarter | half_year | year | anchored | after | always
    types = models.JSONField(default=list)  # event types that count for it
    points = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    hints = models.JSONField(default=list)  # what the rules against formalism said on the day of publication

    class Meta:
        verbose_name = "事项"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["book", "rule"], name="one_rule_per_book")]


class Scheme(models.Model):
    """One published version of an assessment scheme for one year; a later version withdraws it and it stays."""

    scheme = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    text = models.TextField()
    dimensions = models.JSONField(default=list)  # [{id, title, weight, rules}]
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "考核方案"
        constraints = [
            models.UniqueConstraint(
                fields=["scheme"], condition=models.Q(withdrawn_at=None), name="one_scheme_in_force"
            )
        ]


class Waiver(models.Model):
    """缓办、免做: a subject need not do a rule in the periods that end inside [from, to]."""

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="waivers")
    rule = models.CharField(max_length=130)  # rulebook/rule
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
