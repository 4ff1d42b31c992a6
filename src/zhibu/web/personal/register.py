"""The register of personal data: which column holds it, what for, on what ground, who sees it, how it goes.

Files under `data/register`. A table has an entry, or a line in `nobody.yaml`:

    members.member:
      title, ground, sees, kept    words; `sees` is an action of the policy, `+field` a restricted field, self or nobody
      self: member | user          a row is a person
      persons: [member]            keys to a person whom the row is about
      acted: [by]                  keys to the person who handled it
      by_name: [host]              columns that name a person of the organisation without a key
      erase: row | blank | keep    what an erasure does with the rows of a person; keep says `because`
      technical: [id, …]           columns that say nothing of a person
      with: [record__held_on]      what a copy tells beside the row
      fields: column → {for, name, mask, sealed, sensitive, erase, because, copy: false}

`faults()` compares it with the tables, both ways: the build fails when they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from zhibu.web.access.policy import POLICY
from zhibu.web.accounts.models import User
from zhibu.web.members.models import Member

FOLDER = Path(__file__).parent / "data" / "register"
ASIDE = ("nobody.yaml", "grounds.yaml", "forms.yaml")
ERASE = {"row": "整行删除", "blank": "清空", "keep": "保留"}


@dataclass(frozen=True, slots=True)
class Field:
    """A column that holds personal data."""

    label: str  # members.member
    name: str
    word: str
    purpose: str
    sees: str
    mask: str
    sealed: str  # the property that opens it; empty
    sensitive: bool
    erase: str
    because: str
    copied: bool

    @property
    def key(self) -> str:
        return f"{self.label}.{self.name}"

    @property
    def erase_words(self) -> str:
        return f"{ERASE[self.erase]}：{self.because}" if self.because else ERASE[self.erase]


@dataclass(frozen=True, slots=True)
class Entry:
    """A table with personal data."""

    label: str
    title: str
    self_: str  # member, user or empty
    persons: tuple[str, ...]
    acted: tuple[str, ...]
    by_name: tuple[str, ...]
    ground: str
    kept: str
    erase: str
    technical: frozenset[str]
    beside: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)


@cache
def entries() -> Mapping[str, Entry]:
    """label → entry, in the order of the files."""
    found: dict[str, Entry] = {}
    for file in sorted(FOLDER.glob("*.yaml"), key=lambda one: (one.name != "people.yaml", one.name)):
        if file.name not in ASIDE:
            told = yaml.safe_load(file.read_text("utf-8"))
            found.update({label: _entry(label, entry) for label, entry in told.items()})
    return found


def _entry(label: str, told: dict[str, Any]) -> Entry:
    return Entry(
        label=label,
        title=told["title"],
        self_=told.get("self", ""),
        persons=tuple(told.get("persons", ())),
        acted=tuple(told.get("acted", ())),
        by_name=tuple(told.get("by_name", ())),
        ground=told["ground"],
        kept=told["kept"],
        erase=told["erase"],
        technical=frozenset(told["technical"]),
        beside=tuple(told.get("with", ())),
        fields=tuple(_field(label, name, told, one) for name, one in told["fields"].items()),
    )


def _field(label: str, name: str, entry: dict[str, Any], told: dict[str, Any]) -> Field:
    erase = told.get("erase", entry["erase"])
    because = told.get("because", entry.get("because", "")) if erase == "keep" else ""
    return Field(
        label=label,
        name=name,
        word=told.get("name") or _verbose(label, name),
        purpose=told["for"],
        sees=told.get("sees", entry["sees"]),
        mask=told.get("mask", ""),
        sealed=told.get("sealed", ""),
        sensitive=told.get("sensitive", False),
        erase=erase,
        because=because,
        copied=told.get("copy", True),
    )


def _verbose(label: str, name: str) -> str:
    """The word the table itself uses; the bare name when the column or the table is not there (`faults` says so)."""
    try:
        return str(apps.get_model(label)._meta.get_field(name).verbose_name)
    except (LookupError, FieldDoesNotExist):
        return name


@cache
def grounds() -> Mapping[str, dict[str, str]]:
    return yaml.safe_load((FOLDER / "grounds.yaml").read_text("utf-8"))


@cache
def nobody() -> Mapping[str, str]:
    """label → why the table says nothing of a person."""
    return yaml.safe_load((FOLDER / "nobody.yaml").read_text("utf-8"))


@cache
def fields() -> Mapping[str, Field]:
    """`members.member.name` → its row."""
    return {field.key: field for entry in entries().values() for field in entry.fields}


def viewers(sees: str) -> str:
    """The roles that see it, as the policy says today."""
    if sees in ("self", "nobody"):
        return {"self": "本人", "nobody": "没有人（只供系统使用）"}[sees]
    action, _, restricted = sees.partition("+")
    found = [
        role.name
        for role in POLICY.roles.values()
        if any(
            action in given.actions and (not restricted or restricted in given.fields)
            for relation, given in role.relations.items()
            if relation != "self"
        )
    ]
    return "、".join(found)


def person_keys(model: type[models.Model]) -> list[str]:
    """The names of the keys of a table that lead to a member or an account."""
    people = (Member, User)
    return [one.name for one in model._meta.concrete_fields if one.is_relation and one.related_model in people]


def faults() -> Iterator[str]:
    """What the register and the tables don't agree on, as sentences."""
    tables = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    told = set(entries()) | set(nobody())
    yield from (
        f"{label}: no entry in data/register, nor a line in nobody.yaml" for label in sorted(set(tables) - told)
    )
    yield from (f"{label}: registered, and no such table" for label in sorted(told - set(tables)))
    yield from (
        f"{label}: has a key to a person" for label in nobody() if label in tables and person_keys(tables[label])
    )
    for label, entry in entries().items():
        if label in tables:
            yield from _faults_of(entry, tables[label])


def _faults_of(entry: Entry, model: type[models.Model]) -> Iterator[str]:
    columns = {one.name for one in model._meta.concrete_fields}
    rows = {field.name for field in entry.fields}
    yield from (f"{entry.label}.{name}: no row" for name in sorted(columns - rows - entry.technical))
    yield from (f"{entry.label}.{name}: no such column" for name in sorted((rows | entry.technical) - columns))
    yield from (f"{entry.label}.{name}: both a row and technical" for name in sorted(rows & entry.technical))
    keys = set(person_keys(model))
    if keys != set(entry.persons) | set(entry.acted):
        told = sorted({*entry.persons, *entry.acted})
        yield f"{entry.label}: persons and acted name {told}, its keys are {sorted(keys)}"
    if entry.ground not in grounds():
        yield f"{entry.label}: the ground {entry.ground} is not in grounds.yaml"
    for field in entry.fields:
        yield from _faults_of_field(field)


def _faults_of_field(field: Field) -> Iterator[str]:
    action, _, restricted = field.sees.partition("+")
    if action not in ("self", "nobody") and action not in POLICY.actions:
        yield f"{field.key}: the policy has no action {action}"
    if restricted and restricted not in POLICY.fields:
        yield f"{field.key}: the policy has no field {restricted}"
    if field.erase not in ERASE or (field.erase == "keep" and not field.because):
        yield f"{field.key}: say how it is erased, or why it is kept"
