"""Which columns of which tables a rule reads, and as what: the one list that binding and worked cases go by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zhibu.engine.errors import Place
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.rulebooks.model import (
    After,
    All,
    Always,
    Anchored,
    Any,
    Basis,
    Between,
    Condition,
    Equals,
    Has,
    Known,
    Not,
    OneOf,
    Rule,
    Scalar,
    Test,
)

COMPUTED = {"events": ("attendance",)}  # columns a condition may test though no file holds them


@dataclass(frozen=True, slots=True)
class Use:
    """`families`: what the operands are (text, number, day, flag, list); empty for `known`, which takes any column.

    `test` is None for a clock and for a basis. `rule` is its name.
    """

    table: str
    column: str
    families: frozenset[str]
    place: Place
    test: Test | None = None
    rule: str = ""


def of_rule(rule: Rule) -> Iterator[Use]:
    """Every use of a column by the rule: its conditions, its clock, its basis."""
    return (replace(use, rule=rule.name) for use in _of_rule(rule))


def _of_rule(rule: Rule) -> Iterator[Use]:
    table = SUBJECTS[rule.subject][0]
    if rule.where is not None:
        yield from of_condition(table, rule.where)
    yield from _of_clock(table, rule)
    if rule.needs and rule.needs.where is not None:
        yield from of_condition("events", rule.needs.where)
    if rule.needs and isinstance(rule.needs.at_least, Basis):
        yield Use(table, rule.needs.at_least.column, frozenset({"number"}), rule.needs.at_least.place)


def _of_clock(table: str, rule: Rule) -> Iterator[Use]:
    match rule.clock:
        case Always(condition):
            yield from of_condition(table, condition)
        case Anchored(column=str(column), place=place) | After(column=str(column), place=place):
            yield Use(table, column, frozenset({"day"}), place)


def of_condition(table: str, condition: Condition) -> Iterator[Use]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from of_condition(table, part)
        case Not(part):
            yield from of_condition(table, part)
        case _:
            yield Use(table, condition.column, families(condition), condition.place, condition)


def families(test: Test) -> frozenset[str]:
    """The families of a test's operands."""
    match test:
        case Known():
            return frozenset()
        case Has():
            return frozenset({"list"})
        case Equals(value=value):
            return frozenset({family(value)})
        case OneOf(values=values):
            return frozenset(map(family, values))
        case Between():
            bounds = (test.min, test.max, test.more_than, test.less_than)
            return frozenset(family(bound) for bound in bounds if bound is not None)


def family(value: Scalar) -> str:
    """text, number, day or flag."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, date):
        return "day"
    return "number" if isinstance(value, (int, Decimal)) else "text"
