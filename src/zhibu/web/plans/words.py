"""Words and templates of plans: data in `packs/`, months and types only."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from django.conf import settings

from zhibu.web.records.words import COMMON
from zhibu.web.regulations.words import words

MORE = ("secretary_lecture", "clean_education", "night_study", "weekly_talk", "situation_report")


@cache
def templates() -> list[dict[str, Any]]:
    """`packs/forms/plan-templates.yaml`: id, title, sectors (none: every), months → types."""
    with (settings.PACKS / "forms/plan-templates.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)["templates"]


def templates_for(kind: str, sector: str) -> list[dict[str, Any]]:
    """Those of a kind of organisation, those of its sector first."""
    fit = [one for one in templates() if kind in one["kinds"] and (not one["sectors"] or sector in one["sectors"])]
    return sorted(fit, key=lambda one: not one["sectors"])


def type_choices(branch: bool) -> list[tuple[str, str]]:
    """What an item may be: a branch's usual activities, for other bodies every kind there is."""
    events = words()["events"]
    return [(kind, events[kind]) for kind in ((*COMMON, *MORE) if branch else events)]
