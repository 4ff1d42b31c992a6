"""The forms of the product itself, field by field: what is typed, what is picked, why something held is asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from itertools import groupby
from pathlib import Path

import yaml
from django import forms
from django.apps import apps

from zhibu.web.organisations.fields import PlaceField, PlacesField
from zhibu.web.regulations.activities import groups
from zhibu.web.regulations.form_checks import held

WHYS = Path(__file__).with_name("data") / "forms.yaml"
PICKED = (PlaceField, PlacesField, forms.ModelChoiceField)
NAMED = 3  # labels that a form is told apart by
HOME = "zhibu.web."


@dataclass(frozen=True, slots=True)
class Asked:
    """One field. `source`: where its answer comes from; `again`: held elsewhere and asked without a reason."""

    name: str  # records.forms.record.RecordForm.topic
    label: str
    source: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class OfApp:
    word: str
    forms: tuple[tuple[str, tuple[Asked, ...]], ...]


def register() -> list[OfApp]:
    """Every form of the product by its app."""
    found = sorted(((app_of(one), one) for one in _classes()), key=lambda pair: (pair[0], pair[1].__qualname__))
    told = [
        OfApp(word, tuple((_name(_fields(one)), _fields(one)) for _, one in group if _fields(one)))
        for word, group in groupby(found, lambda pair: pair[0])
    ]
    return [*(one for one in told if one.forms), OfApp("活动记录：各类活动另问的", tuple(_of_records()))]


def _name(fields: Sequence[Asked]) -> str:
    """A form by its first labels: it has no name of its own for a reader."""
    return "、".join(field.label for field in fields[:NAMED]) + ("……" if len(fields) > NAMED else "")


def app_of(form: type[forms.BaseForm]) -> str:
    config = apps.get_containing_app_config(form.__module__)
    return str(config.verbose_name) if config else ""


@cache
def _classes() -> tuple[type[forms.Form], ...]:
    """All that the addresses of the site have loaded."""
    found = {one for one in _below(forms.Form) if one.__module__.startswith(HOME) and ".tests" not in one.__module__}
    return tuple(sorted(found, key=lambda one: (one.__module__, one.__qualname__)))


def _below(form: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)


@cache
def _fields(form: type[forms.Form]) -> tuple[Asked, ...]:
    shown = ((name, field) for name, field in form.base_fields.items() if field.label)
    return tuple(_asked(form, name, field) for name, field in shown)


def _asked(form: type[forms.Form], name: str, field: forms.Field) -> Asked:
    full = f"{form.__module__.removeprefix(HOME)}.{form.__name__}.{name}"
    if isinstance(field, PICKED):
        return Asked(full, str(field.label), "从已有的里选")
    if isinstance(field, forms.ChoiceField):
        return Asked(full, str(field.label), "选")
    fact = held(str(field.label), name)
    if fact is None or fact[0] == form.__module__.removeprefix(HOME).partition(".")[0]:
        return Asked(full, str(field.label), "填" if fact is None else "填：就登记在这里")
    why = next((why for pattern, why in _whys() if fnmatchcase(full, pattern)), "")
    return Asked(full, str(field.label), f"填：{why}" if why else f"已有，在{fact[2]}", not why)


@cache
def _whys() -> tuple[tuple[str, str], ...]:
    told = yaml.safe_load(WHYS.read_text(encoding="utf-8"))
    return tuple((pattern, row["why"]) for row in told for pattern in row["fields"])


def _of_records() -> Iterator[tuple[str, tuple[Asked, ...]]]:
    """What kinds of activity ask besides: data, `packs/forms/activity-types.yaml`."""
    for group in groups():
        facts = [(ask, held(ask.label)) for ask in group.asks]
        yield (
            group.title,
            tuple(Asked(ask.id, ask.label, f"已有，在{fact[2]}" if fact else "填", bool(fact)) for ask, fact in facts),
        )
