"""The frozen objects: a form as its issuer wrote it, and the facts that the installation holds already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhibu.engine.errors import Place

Asked = Literal["organisation", "person", "unit"]  # a row of the form is about one of these
Every = Literal["once", "month", "quarter", "half_year", "year"]
TIMES: dict[Every, int] = {"once": 1, "month": 12, "quarter": 4, "half_year": 2, "year": 1}  # in a year


@dataclass(frozen=True, slots=True)
class Field:
    """A box of the form. `source`: the id of the held fact it is filled from; empty when people are asked."""

    id: str
    label: str
    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class Form:
    """`minutes`: what it takes one organisation once, as its issuer estimates. `until`: the last day it is asked."""

    id: str
    title: str
    issuer: str
    basis: str
    why: str  # why what is held does not do
    until: date
    asked: Asked
    every: Every
    minutes: int
    fields: tuple[Field, ...]
    place: Place

    @property
    def open_fields(self) -> tuple[Field, ...]:
        """Those that somebody has to fill in."""
        return tuple(one for one in self.fields if not one.source)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something held. `where`: the page's name; `page`: its route; `kept`: app.Model.field, or app.Model if counted.

    A label asks for it that contains one of `words` or is one of `titles`; `apart`: longer words of another meaning.
    """

    id: str
    title: str
    where: str
    page: str
    kept: str
    words: tuple[str, ...]
    titles: frozenset[str]
    columns: frozenset[str]
    apart: tuple[str, ...]
    caught: tuple[str, ...]
    spared: tuple[str, ...]
    place: Place
