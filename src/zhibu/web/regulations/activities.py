"""What kinds of activity ask, texts to begin from: `packs/forms/activity-types.yaml`. Serves meaning; no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.conf import settings

FILE = "forms/activity-types.yaml"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a group. `most`: characters of a line, or the greatest number; `of`: what a choice is between.

    `kind`: line, count, money, choice.
    """

    id: str  # vote_yes: the name in a form is this after `ask_`, and the key in `Record.extra`
    label: str
    kind: str
    most: int = 0
    of: Sequence[str] = ()
    required: bool = False
    hint: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked together, and the kinds of activity that ask it."""

    id: str
    title: str
    hint: str
    asks: tuple[Ask, ...]
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Headings to write under. Empty `types` or `sectors`: for all."""

    id: str
    title: str
    text: str
    types: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    def fits(self, sector: str, types: Collection[str]) -> bool:
        return (not self.sectors or sector in self.sectors) and (not self.types or bool(set(types) & set(self.types)))


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a programme may begin as: its themes and its text."""

    id: str
    title: str
    kind: str  # of a programme: programme, task
    themes: tuple[str, ...]
    text: str


@cache
def read() -> Mapping[str, Any]:
    """The file as it is."""
    with (settings.PACKS / FILE).open(encoding="utf-8") as file:
        return yaml.safe_load(file)


@cache
def groups() -> tuple[Group, ...]:
    data = read()
    asking = {kind: tuple(row.get("asks", ())) for kind, row in data["types"].items()}
    return tuple(
        Group(
            name, row["title"], row.get("hint", ""),
            tuple(Ask(f"{name}_{id_}", **ask) for id_, ask in row["fields"].items()),
            tuple(kind for kind, asked in asking.items() if name in asked),
        )
        for name, row in data["asks"].items()
    )  # fmt: skip


@cache
def asks() -> dict[str, Ask]:
    """Every question by its id."""
    return {ask.id: ask for group in groups() for ask in group.asks}


def asked_of(types: Collection[str]) -> list[Group]:
    """The groups that these kinds ask."""
    return [group for group in groups() if set(group.types) & set(types)]


def own_kinds(sector: str) -> list[str]:
    """Kinds of the file that an organisation of this sector is offered."""
    rows = read()["types"].items()
    return [kind for kind, row in rows if sector in row.get("sectors", (sector,))]


def first_kinds(sector: str) -> list[str]:
    """Those of them that stand at the head of the form."""
    return [kind for kind in own_kinds(sector) if read()["types"][kind].get("first")]


def leading_kinds(kind: str) -> list[str]:
    """What leading bodies hold besides: of an organisation of this kind, empty for a branch."""
    told = read()["leading"]
    return list(told["types"]) if kind in told["kinds"] else []


@cache
def frames() -> tuple[Frame, ...]:
    rows = read()["frames"].items()
    return tuple(
        Frame(id_, row["title"], row["text"], tuple(row.get("types", ())), tuple(row.get("sectors", ())))
        for id_, row in rows
    )


@cache
def patterns() -> tuple[Pattern, ...]:
    """What a superior may begin a programme from."""
    rows = read()["patterns"].items()
    return tuple(Pattern(id_, row["title"], row["kind"], tuple(row["themes"]), row["text"]) for id_, row in rows)
