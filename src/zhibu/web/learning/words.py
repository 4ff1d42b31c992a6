"""Forms, channels, abilities and audiences: ids and words of `packs/words.yaml`, which a county edits there."""

from __future__ import annotations

from collections.abc import Iterable

from zhibu.web.regulations.words import words

FORMS, CHANNELS, ABILITIES, AUDIENCES = "study_forms", "study_channels", "abilities", "audiences"
Choices = list[tuple[str, str]]


def choices(group: str) -> Choices:
    return list(words().get(group, {}).items())


def _word(group: str, one: str) -> str:
    """The id itself when a county has dropped its word."""
    return words().get(group, {}).get(one, one)


def form_word(one: str) -> str:
    return _word(FORMS, one)


def channel_word(one: str) -> str:
    return _word(CHANNELS, one)


def audience_word(one: str) -> str:
    return _word(AUDIENCES, one)


def ability_words(some: Iterable[str]) -> str:
    return "、".join(_word(ABILITIES, str(one)) for one in some)
