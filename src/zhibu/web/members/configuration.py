"""Settings of the register: `data/settings.yaml`, and what the installation says otherwise in
`$ZHIBU_HOME/members.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FILE = Path(__file__).parent / "data" / "settings.yaml"
GRADES = {"text": "见到原文", "secondary": "二手来源", "memory": "凭记忆，待核对", "local": "本单位规定"}


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper that a file shall hold. A draft is demanded of nobody."""

    key: str
    word: str
    source: str
    grade: str
    kinds: tuple[str, ...] = ()
    draft: bool = False

    @property
    def grade_words(self) -> str:
        return GRADES[self.grade]

    def asked_of(self, kind: str) -> bool:
        return not self.draft and (not self.kinds or kind in self.kinds)


def letter_days() -> int | None:
    """Days a letter of introduction is valid; None: not set."""
    return _days("letter_days")


def contact_days() -> int | None:
    return _days("contact_days")


def papers() -> list[PaperKind]:
    """The list of papers, drafts too. Raises ImproperlyConfigured."""
    told = _told()["papers"]
    try:
        found = [PaperKind(key, **(one | {"kinds": tuple(one.get("kinds", ()))})) for key, one in told.items()]
    except (TypeError, AttributeError) as error:
        raise ImproperlyConfigured(f"members.yaml：papers 的每一项写 word、source、grade（{error}）") from error
    for one in found:
        if one.grade not in GRADES or len(one.key) > 40:
            raise ImproperlyConfigured(f"members.yaml：{one.key} 的 grade 应是 {'、'.join(GRADES)} 之一")
    return found


def _days(name: str) -> int | None:
    days = _told()[name]
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or days < 1):
        raise ImproperlyConfigured(f"members.yaml：{name} 应是正整数天，现为“{days}”")
    return days


def _told() -> dict[str, Any]:
    told = yaml.safe_load(FILE.read_text("utf-8"))
    own = Path(settings.HOME) / "members.yaml"
    given = yaml.safe_load(own.read_text("utf-8")) or {} if own.exists() else {}
    strange = sorted(set(given) - set(told)) if isinstance(given, dict) else [str(given)]
    if strange:
        raise ImproperlyConfigured(f"members.yaml：只能写 {'、'.join(told)}，不认识 {strange[0]}")
    told["papers"] |= given.pop("papers", None) or {}
    return told | given
