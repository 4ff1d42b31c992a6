"""What the judge has to know of the database, as plain values. Django's side fills it (`imports/reach.py`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    pk: int
    name: str
    superior: int | None
    superior_name: str = ""
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class KnownMember:
    pk: int
    organisation: int
    organisation_name: str  # empty when it lies outside the reach of who imports
    kind: str = ""


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """`organisation` is the responsible committee, 0 when there is none; `reached`: it lies within reach."""

    pk: int
    name: str
    credit_code: str
    organisation: int
    covered: bool
    reached: bool = True


class Known(Protocol):
    """`may_plant_root`: only the system may start a new tree; an officer imports below their own organisation."""

    may_plant_root: bool

    def organisations(self) -> Collection[KnownOrganisation]: ...

    def members(self, numbers: Collection[str]) -> dict[str, KnownMember]: ...

    def places(self) -> dict[str, int]: ...

    def units(self, names: Collection[str], codes: Collection[str]) -> list[KnownUnit]: ...


@dataclass(slots=True)
class Nothing:
    """An empty database."""

    may_plant_root: bool = True

    def organisations(self) -> Collection[KnownOrganisation]:
        return ()

    def members(self, numbers: Collection[str]) -> dict[str, KnownMember]:
        return {}

    def places(self) -> dict[str, int]:
        return {}

    def units(self, names: Collection[str], codes: Collection[str]) -> list[KnownUnit]:
        return []
