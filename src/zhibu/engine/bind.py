"""Ties rules to facts, once and before any backend: every column exists and every test makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import pyarrow as pa

from zhibu.engine import retype, tree
from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.facts import ROW, Facts
from zhibu.engine.facts.extras import kind
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.holidays import Holidays
from zhibu.engine.plan import Bound, Keep, Plan
from zhibu.engine.retype import FAMILY
from zhibu.engine.rulebooks.model import All, Always, Any, Condition, Equals, Has, Known, Not, OneOf, Rule, Rulebook
from zhibu.engine.rulebooks.page import iso, nearest
from zhibu.engine.scheme import Scheme
from zhibu.engine.uses import COMPUTED, Use, families, of_rule

Grow = Callable[[Facts, date, tree.Groups | None], pa.Table]


def bind(
    rulebooks: Iterable[Rulebook],
    facts: Facts,
    window: tuple[date, date],
    as_of: date,
    scheme: Scheme | None,
    keep: Keep,
    holidays: Holidays,
    branches_on: Grow = tree.on,
) -> Plan:
    """The plan of an evaluation. `branches_on` gives the tree; one that remembers it saves time.

    Raises EngineError with every test that does not fit, naming file, line and rule.
    """
    active = [(book, rule) for book in rulebooks for rule in book.rules if rule.status == "active"]
    rules = [rule for _, rule in active]
    written, uses = facts, [use for rule in rules for use in _uses(facts, rule)]
    facts, torn = retype.fit(facts, uses)
    faults = [fault for one in torn.values() for fault in one]
    faults += [fault for use in uses if (use.table, use.column) not in torn for fault in _faults(facts, use)]
    faults += [*facts.faults, *_peer_group(written, scheme)]
    groups = (written["organisations"], scheme.peer_group) if scheme and scheme.peer_group and not faults else None
    branches = _tree(branches_on, facts, min(as_of, window[1]), groups, faults)
    if faults:
        raise EngineError(faults, facts.rejected)
    bound = tuple(Bound(_ready(facts, rule), book.since, book.until) for book, rule in active)
    return Plan(bound, facts, window, as_of, holidays, scheme, keep, branches)


def _tree(grow: Grow, facts: Facts, day: date, groups: tree.Groups | None, faults: list[Fault]) -> pa.Table:
    """Its faults are added to the others, so that all come at once."""
    try:
        return grow(facts, day, groups)
    except EngineError as error:
        faults += error.faults
        return None


def _uses(facts: Facts, rule: Rule) -> Iterable[Use]:
    """A table that is not there has no subjects, so nothing of it is read."""
    return (use for use in of_rule(rule) if use.table in facts.given)


def family_of(facts: Facts, table: str, column: str) -> str:
    """What a column holds: text, number, day, flag, list or null (no value at all)."""
    if column in COMPUTED.get(table, ()):
        return "number"
    values = facts[table][column]
    return "null" if values.null_count == len(values) else kind(values.type)


def _faults(facts: Facts, use: Use) -> list[Fault]:
    columns = [name for name in facts[use.table].column_names if name != ROW]
    columns += COMPUTED.get(use.table, ())
    if use.column not in columns:
        wrong = f"规则 {use.rule}：表 {use.table} 没有列“{use.column}”"
        return [Fault(use.place, wrong, nearest(use.column, columns))]
    held = family_of(facts, use.table, use.column)
    if held == "null" or all(_fits(held, family, use) for family in use.families):
        return []
    wanted = retype.words(use.families)
    wrong = f"规则 {use.rule}：表 {use.table} 的列“{use.column}”是{FAMILY[held]}，不能" + (
        f"与{wanted}比较" if use.test else f"当{wanted}用"
    )
    return [Fault(use.place, wrong, retype.advice(held, use))]


def _fits(held: str, family: str, use: Use) -> bool:
    if held == "day" and family == "text" and isinstance(use.test, (Equals, OneOf)):
        return all(_is_day(value) for value in _values(use.test))
    if family == "list":
        return held == "list" and isinstance(use.test, Has) and isinstance(use.test.value, str)
    return held == family


def _values(test: Equals | OneOf) -> tuple[object, ...]:
    return (test.value,) if isinstance(test, Equals) else test.values


def _is_day(value: object) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and iso(value) is not None)


def _peer_group(facts: Facts, scheme: Scheme | None) -> list[Fault]:
    if scheme is None or scheme.peer_group is None:
        return []
    columns = [name for name in facts["organisations"].column_names if name != ROW]
    if scheme.peer_group not in columns:
        wrong = f"考核办法 {scheme.id}：表 organisations 没有列“{scheme.peer_group}”（peer_group）"
        return [Fault(scheme.place, wrong, nearest(scheme.peer_group, columns))]
    if family_of(facts, "organisations", scheme.peer_group) == "list":
        return [Fault(scheme.place, f"考核办法 {scheme.id}:peer_group 不能是列表列“{scheme.peer_group}”")]
    return []


# --- operands with the type of their column -----------------------------------------------------------------


def _ready(facts: Facts, rule: Rule) -> Rule:
    table = SUBJECTS[rule.subject][0]
    if table in facts.given:
        rule = replace(rule, where=rule.where and _condition(facts, table, rule.where))
        if isinstance(rule.clock, Always):
            rule = replace(rule, clock=Always(_condition(facts, table, rule.clock.condition)))
    if rule.needs and rule.needs.where is not None:
        rule = replace(rule, needs=replace(rule.needs, where=_condition(facts, "events", rule.needs.where)))
    return rule


def _condition(facts: Facts, table: str, condition: Condition) -> Condition:
    match condition:
        case All(parts):
            return All(tuple(_condition(facts, table, part) for part in parts))
        case Any(parts):
            return Any(tuple(_condition(facts, table, part) for part in parts))
        case Not(part):
            return Not(_condition(facts, table, part))
        case Known():
            return condition
    held = family_of(facts, table, condition.column)
    if held == "null":
        return Any(())
    if held == "day" and "text" in families(condition):
        return _dated(condition)
    return condition


def _dated(test: Condition) -> Condition:
    match test:
        case Equals(value=str(text)):
            return replace(test, value=iso(text) or text)
        case OneOf(values=values):
            return replace(test, values=tuple(iso(one) or one if isinstance(one, str) else one for one in values))
    return test
