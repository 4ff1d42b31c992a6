"""Reads `policy.yaml`, the one table of who may do what where. A word it does not introduce stops the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("policy.yaml")
BOTH = "own_and_below"


class PolicyError(ValueError):
    """The policy contradicts itself; `str()` says where."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one relation gives: actions, and the restricted fields seen."""

    actions: frozenset[str]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    relations: Mapping[str, Given]
    appoints: Mapping[str, frozenset[str]]  # own, below → roles

    @property
    def actions(self) -> frozenset[str]:
        return frozenset[str]().union(*(given.actions for given in self.relations.values()))


@dataclass(frozen=True, slots=True)
class Policy:
    relations: Mapping[str, str]  # word → Chinese name
    fields: Mapping[str, str]
    actions: Mapping[str, str]
    acts: Mapping[str, str]  # what the log names and nobody is granted
    areas: Mapping[str, str]  # the first part of an action's name → what it belongs to
    roles: Mapping[str, Role]
    apart: frozenset[str]
    in_person: frozenset[str]


def read(file: Path = FILE) -> Policy:
    """The policy of a file. Raises PolicyError for a word that was never introduced."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    roles = {word: _role(word, entry, told) for word, entry in told["roles"].items()}
    for word, role in roles.items():
        for appointed in role.appoints.values():
            _known(appointed, roles, f"{word}.appoints")
    _one_word_each(told)
    return Policy(
        relations=told["relations"],
        fields=told["fields"],
        actions=told["actions"],
        acts=told["acts"],
        areas=told["areas"],
        roles=roles,
        apart=_known(told["apart"], roles, "apart"),
        in_person=_known(told["in_person"], told["actions"], "in_person"),
    )


def _role(word: str, entry: dict[str, Any], told: dict[str, Any]) -> Role:
    relations: dict[str, Given] = {}
    for relation, given in entry.items():
        if relation in ("name", "appoints"):
            continue
        where = f"{word}.{relation}"
        actions = _known(_spelt_out(given["do"], told["bundles"]), told["actions"], where)
        made = Given(actions, _known(given.get("see", ()), told["fields"], where))
        for one in ("own", "below") if relation == BOTH else (relation,):
            held = relations.get(one, Given(frozenset(), frozenset()))  # own beside own_and_below adds to it
            relations[one] = Given(held.actions | made.actions, held.fields | made.fields)
    _known(relations, told["relations"], word)
    appoints = {where: frozenset(roles) for where, roles in entry.get("appoints", {}).items()}
    return Role(entry["name"], relations, appoints)


def _one_word_each(told: dict[str, Any]) -> None:
    """An action has one word, a word one action: else a reader of the log could not tell them apart."""
    named = [*told["actions"].items(), *told["acts"].items()]
    _known((name.partition(".")[0] for name, _ in named), told["areas"], "areas")
    for place in (0, 1):
        if twice := [one for one, count in Counter(pair[place] for pair in named).items() if count > 1]:
            raise PolicyError(f"policy.yaml, actions and acts: {twice[0]} stands there twice")


def _spelt_out(words: Iterable[str], bundles: dict[str, list[str]]) -> list[str]:
    return [action for word in words for action in bundles.get(word, [word])]


def _known(words: Iterable[str], known: Iterable[str], where: str) -> frozenset[str]:
    if strange := sorted(set(words) - set(known)):
        raise PolicyError(f"policy.yaml, {where}: {strange[0]} is not introduced")
    return frozenset(words)


POLICY = read()


def actions(role: str) -> frozenset[str]:
    """The actions of a role, in whatever relation; an unknown role may do nothing."""
    return POLICY.roles[role].actions if role in POLICY.roles else frozenset()
