"""What can be asked for. The app that owns the act registers it; this app knows no act by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`action`: what the asker may do with a second person, and the name of the act in the log.

    `decided_by`: the action of the policy that the decider needs, in reach of the organisation. `days`: how long the
    request may wait, and then how long the approval may be used. `taken_at`: the url name, with `number`, where an
    approved request is used (POST); `taken_word` the word on its button.
    """

    action: str
    word: str  # 导出完整号码
    decided_by: str
    taken_at: str
    taken_word: str
    days: int = 7


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Once per action; registering the same again is harmless. Raises ValueError for another meaning."""
    if _kinds.setdefault(kind.action, kind) != kind:
        raise ValueError(f"{kind.action} has been registered with another meaning")
    return kind


def kind_of(action: str) -> Kind:
    """Raises KeyError for an action nobody registered."""
    return _kinds[action]


def all_kinds() -> list[Kind]:
    return list(_kinds.values())
