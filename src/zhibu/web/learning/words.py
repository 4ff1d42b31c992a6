"""Forms, channels, abilities and audiences: ids and words of `packs/words.yaml`, which a county edits there."""

from __future__ import annotations

from zhibu.web.regulations.words import ability_words as ability_words
from zhibu.web.regulations.words import choices as choices
from zhibu.web.regulations.words import word_of

FORMS, CHANNELS, ABILITIES, AUDIENCES = "study_forms", "study_channels", "abilities", "audiences"
Choices = list[tuple[str, str]]


def form_word(one: str) -> str:
    return word_of(FORMS, one)


def channel_word(one: str) -> str:
    return word_of(CHANNELS, one)


def audience_word(one: str) -> str:
    return word_of(AUDIENCES, one)
