"""The door to the engine's checker of forms: a text in; a form that may be sent out, or its mistakes by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhibu.engine import formalism
from zhibu.engine import forms as engine
from zhibu.engine.errors import EngineError, Fault
from zhibu.web.core import clock

NAME = "表"


@dataclass(frozen=True, slots=True)
class Checked:
    """A form that its checker passed. `fields`: (label, id of the held fact, empty for what is asked). `asked`: what a
    row of it is about: an organisation, a person, a unit."""

    id: str
    title: str
    text: str
    until: date
    asked: str
    every: str
    minutes: int
    fields: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


class Refused(ValueError):
    """`mistakes`: (line, sentence)."""

    def __init__(self, faults: Iterable[Fault]):
        self.mistakes = [(one.place.line, f"{one.wrong}。{one.right}" if one.right else one.wrong) for one in faults]
        super().__init__("；".join(said for _, said in self.mistakes))


def checked(text: str, beside: Iterable[str] = ()) -> Checked:
    """The form in a text. Raises Refused. `beside`: the texts of the forms in force, of which none asks the same."""
    try:
        form = engine.parse(text, NAME)
    except EngineError as error:
        raise Refused(error.faults) from error
    catalogue, others = formalism.official(), [one for kept in beside if (one := _parsed(kept))]
    found = engine.judge([form], on=clock.today(), held=engine.official(), catalogue=catalogue, beside=others)
    if faults := engine.refused(found):
        raise Refused(faults)
    fields = tuple((field.label, field.source) for field in form.fields)
    said = tuple(fault.wrong for fault in engine.warned(found))
    return Checked(form.id, form.title, text, form.until, form.asked, form.every, form.minutes, fields, said)


def _parsed(text: str) -> engine.Form | None:
    """A form kept earlier; None when a stricter engine no longer reads it."""
    try:
        return engine.parse(text, NAME)
    except EngineError:
        return None


def held(label: str, name: str = "") -> tuple[str, str, str, str] | None:
    """(app, page's route, page's name, fact) of the fact that a field of this label asks for, if it is held."""
    fact = engine.official().asked_by(label, name)
    return (fact.kept.partition(".")[0], fact.page, fact.where, fact.title) if fact else None


def held_titles() -> dict[str, str]:
    """Id of a held fact → where and what it is."""
    return {fact.id: f"{fact.where}·{fact.title}" for fact in engine.official().facts}
