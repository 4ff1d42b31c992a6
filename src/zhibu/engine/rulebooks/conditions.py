"""Reads conditions: a mapping from columns to tests, nested with `all`, `any` and `not` (engine.md section 1)."""

from __future__ import annotations

import datetime
from decimal import Decimal

import yaml

from zhibu.engine.rulebooks.model import All, Any, Between, Condition, Equals, Has, Known, Not, OneOf, Test
from zhibu.engine.rulebooks.page import Page, iso

BOUNDS = ("min", "max", "more_than", "less_than")
OPERATORS = (*BOUNDS, "known", "has")


def condition(page: Page, node: yaml.Node, what: str) -> Condition:
    """All parts of the mapping must hold; an empty mapping always holds."""
    parts = [_part(page, key, value) for _, key, value in page.pairs(node, what)]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _part(page: Page, key: str, node: yaml.Node) -> Condition:
    if key in ("all", "any"):
        items = page.sequence(node, key, empty=True)
        parts = tuple(condition(page, item, f"{key} 的每一项") for item in items)
        return All(parts) if key == "all" else Any(parts)
    if key == "not":
        return Not(condition(page, node, "not"))
    return _test(page, key, node)


def _test(page: Page, column: str, node: yaml.Node) -> Test:
    place = page.place(node)
    if isinstance(node, yaml.MappingNode):
        return _operator(page, column, node)
    if isinstance(node, yaml.SequenceNode):
        values = tuple(
            page.scalar(item, f"列 {column} 的可选值") for item in page.sequence(node, f"列 {column} 的可选值")
        )
        return OneOf(column, values, place)
    return Equals(column, page.scalar(node, f"列 {column} 的值"), place)


def _operator(page: Page, column: str, node: yaml.MappingNode) -> Test:
    place = page.place(node)
    found = page.mapping(node, f"列 {column} 的测试", OPERATORS)
    if len(found) > 1 and ("known" in found or "has" in found):
        page.fault(node, f"列 {column}:known 和 has 要单独写", "多个测试请放进 all: [..]")
    if "known" in found:
        return Known(column, page.flag(found["known"], "known"), place)
    if "has" in found:
        return Has(column, page.scalar(found["has"], "has"), place)
    if not found and not node.value:
        page.fault(node, f"列 {column} 的测试是空的", f"可用：{'、'.join(OPERATORS)}")
    return _between(page, column, node, found)


def _between(page: Page, column: str, node: yaml.Node, found: dict[str, yaml.Node]) -> Between:
    bounds = {key: _bound(page, key, value) for key, value in found.items()}
    if len({type(value) for value in bounds.values()}) > 1:
        page.fault(node, f"列 {column} 的界限有的是日期，有的是数字", "请统一成一种")
    return Between(column, **{key: bounds.get(key) for key in BOUNDS}, place=page.place(node))


def _bound(page: Page, key: str, node: yaml.Node) -> Decimal | datetime.date:
    if isinstance(node, yaml.ScalarNode) and ("timestamp" in node.tag or iso(node.value)):
        return page.day(node, key)
    return page.number(node, key)
