"""The Chinese word of an action. The words are written once, in `access/policy.yaml`, and handed down at start.

A line keeps the action's name; the word is looked up when it is read, so no line changes when a word does. A name that
is no more (an old line) is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

OTHER = "以前的动作"  # names that are no more

_words: dict[str, str] = {}
_areas: dict[str, str] = {}


def learn(words: Mapping[str, str], areas: Mapping[str, str]) -> None:
    """`words`: name → word; `areas`: the first part of a name → the part of the work it belongs to."""
    _words.update(words)
    _areas.update(areas)


def known(action: str) -> bool:
    return action in _words


def word(action: str) -> str:
    """records.submit → 提交活动"""
    return _words.get(action, action)


def like(text: str) -> list[str]:
    """The names whose word has this text in it."""
    return [name for name, word in _words.items() if text in word]


def grouped(actions: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(area, [(name, word), …]), areas and words in the order of the policy, names that are no more at the end."""
    place = {name: number for number, name in enumerate(_words)}
    found: dict[str, list[tuple[str, str]]] = {area: [] for area in (*_areas.values(), OTHER)}
    for name in sorted(actions, key=lambda one: (place.get(one, len(place)), one)):
        area = _areas[name.partition(".")[0]] if known(name) else OTHER
        found[area].append((name, word(name)))
    return [(area, names) for area, names in found.items() if names]
