"""Words of the books → ids of the packs: long and short names of the same category. Serves meaning.

`words.yaml` of the packs adds its own names at start (`learn`), so a county that renames a type is understood too.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from zhibu.web.imports.books.cells import Cell, squeeze


def _read() -> dict[str, dict[str, str]]:
    groups = yaml.safe_load(Path(__file__).with_name("vocabulary.yaml").read_text(encoding="utf-8"))
    return {
        group: {word: key for key, words in rows.items() for word in words.split()} for group, rows in groups.items()
    }


_WORDS = _read()
KINDS, SECTORS, EVENTS = _WORDS["kinds"], _WORDS["sectors"], _WORDS["events"]
MEMBER_KINDS, EMPLOYMENT = _WORDS["member_kinds"], _WORDS["employment"]
_EDUCATION, SEXES = _WORDS["education"], _WORDS["sexes"]

_PARTS = re.compile(r"[暨兼＋+、和及与并&/／,，;；|·]|结合|以及|同时")
_NUMBERED = re.compile(
    r"^第?[\d一二三四五六七八九十]+(?:季度|月份?|次|期|讲|届)|^\d{4}年(?:度)?|^(?:召开|开展|举行|组织)"
)
_BRACKETS = {")": "(", "]": "["}


def learn(events: dict[str, str]) -> None:
    """Add names of `words.yaml` (id → name); names known already keep their meaning."""
    for key, word in events.items():
        EVENTS.setdefault(squeeze(word), key)


def kind(value: Cell) -> str | None:
    return _find(KINDS, value)


def sector(value: Cell) -> str | None:
    return _find(SECTORS, value)


def employment(value: Cell) -> str | None:
    return _find(EMPLOYMENT, value)


def member_kind(value: Cell) -> str | None:
    return _find(MEMBER_KINDS, value)


def education(value: Cell) -> str:
    """The common name; an unknown one stays as it is written."""
    word = squeeze(value)
    return _EDUCATION.get(word, word)[:20]


def sex(value: Cell) -> str | None:
    return _find(SEXES, value)


def _find(table: dict[str, str], value: Cell) -> str | None:
    word = re.sub("[“”\"‘’'《》]|\\(扩大\\)", "", squeeze(value)).strip("。.,，;；:：")
    return table.get(word) or table.get(_bare(word))


def _bare(word: str) -> str:
    """Without the brackets at its end: from the first opening one."""
    opening = _BRACKETS.get(word[-1:])
    return word.partition(opening)[0] if opening and opening in word else word


def event_types(value: Cell) -> tuple[list[str], list[str]]:
    """(ids, parts not understood). A combined activity counts for each of its parts."""
    word = squeeze(value).strip("。.,，;；:：")
    if found := _event(word):
        return [found], []
    types, unknown = [], []
    for part in filter(None, _PARTS.split(word)):
        found = _event(part) or _by_ending(_bare(part))
        (types if found else unknown).append(found or part)
    return list(dict.fromkeys(types)), unknown


def _event(word: str) -> str | None:
    for shape in (word, _bare(word), _NUMBERED.sub("", word), _NUMBERED.sub("", _bare(word))):
        if found := EVENTS.get(shape):
            return found
    return None


# What a longer name must end with to be the thing: “七一”专题主题党日, 廉政警示党课. Nothing looser.
_SURE = ("主题党日", "党课", "党员大会", "支部大会", "支委会", "支部委员会", "党小组会", "组织生活会", "民主生活会")


def _by_ending(word: str) -> str | None:
    bare = re.sub("(?:活动|会议)$", "", word)
    return next((EVENTS[ending] for ending in _SURE if bare.endswith(ending)), None)


def kind_of_name(name: str) -> str | None:
    """The kind an organisation's own name tells: the fallback when the column is empty."""
    for ending, found in _ENDINGS:
        if name.endswith(ending):
            return found
    return None


_ENDINGS = (
    ("联合党支部", "joint_branch"), ("联合支部", "joint_branch"), ("临时党支部", "temporary_branch"),
    ("流动党员党支部", "floating_branch"), ("流动党支部", "floating_branch"), ("党小组", "group"),
    ("总支部委员会", "general_branch"), ("党总支", "general_branch"), ("总支部", "general_branch"),
    ("支部委员会", "branch"), ("党支部", "branch"), ("支部", "branch"), ("工作委员会", "work_committee"),
    ("工委", "work_committee"), ("机关委员会", "organ_committee"), ("机关党委", "organ_committee"),
    ("党组", "party_group"), ("委员会", "committee"), ("党委", "committee"),
)  # fmt: skip
