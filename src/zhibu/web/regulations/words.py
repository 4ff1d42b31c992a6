"""Chinese words for the ids of rules and facts, from `packs/words.yaml`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import yaml
from django.conf import settings

from zhibu.engine.sentences import GRADES as GRADES
from zhibu.engine.sentences import STRENGTHS as STRENGTHS
from zhibu.engine.sentences import read_words

CLOCKS = {
    "month": "每月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
    "anchored": "按届期",
    "after": "事后限时",
    "always": "随时",
}
LEVELS = {"central": "中央", "province": "省", "city": "市", "county": "县区", "unit": "单位"}


@cache
def words() -> dict[str, dict[str, str]]:
    """Group (`events`, `kinds`, `sectors` …) → id → Chinese word."""
    with (settings.PACKS / "words.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)["words"]


@cache
def flat_words() -> dict[str, str]:
    """The same without groups, as the engine's sentences and explanations read them."""
    return read_words(settings.PACKS / "words.yaml")


def choices(group: str) -> list[tuple[str, str]]:
    """A list of words as a form offers it."""
    return list(words().get(group, {}).items())


def word_of(group: str, one: str) -> str:
    """The id itself when a county has dropped its word."""
    return words().get(group, {}).get(one, one)


def ability_words(some: Iterable[str]) -> str:
    return "、".join(word_of("abilities", str(one)) for one in some)


def event_word(kind: str) -> str:
    """主题党日 for `theme_day`; the id itself when there is no word."""
    return words()["events"].get(kind, kind)


def event_words(kinds: list[str]) -> str:
    return "、".join(event_word(kind) for kind in kinds)
