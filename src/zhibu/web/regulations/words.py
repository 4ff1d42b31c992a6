"""Chinese words for the ids of rules and facts, from `packs/words.yaml`."""

from __future__ import annotations

from functools import cache

import yaml
from django.conf import settings


@cache
def words() -> dict[str, dict[str, str]]:
    """Group (`events`, `kinds`, `sectors` …) → id → Chinese word."""
    with (settings.PACKS / "words.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)["words"]


def event_word(kind: str) -> str:
    """主题党日 for `theme_day`; the id itself when there is no word."""
    return words()["events"].get(kind, kind)


def event_words(kinds: list[str]) -> str:
    return "、".join(event_word(kind) for kind in kinds)
