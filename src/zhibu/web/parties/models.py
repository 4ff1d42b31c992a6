"""齐抓共管: which kind of body plays which part in a rule. Outside of the rulebook: the engine's meaning stays."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped
from zhibu.web.organisations.models import Kind


class Part(models.TextChoices):
    LEADS = "leads", "领导"
    OWNS = "owns", "主抓"
    SUPPORTS = "supports", "支持"
    IMPLEMENTS = "implements", "实施"


class Party(Scoped):
    """Bodies of a kind have this part in a rule, at `organisation` and below, as it decided by `document`."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    rulebook = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    part = models.CharField("分工", max_length=10, choices=Part)
    kind = models.CharField("哪类组织", max_length=20, choices=Kind)
    document = models.CharField("依据文件", max_length=200)

    class Meta:
        verbose_name = "分工"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "rulebook", "rule", "part", "kind"], name="one_party_per_part_and_kind"
            )
        ]
