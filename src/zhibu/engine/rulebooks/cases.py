"""Reads worked cases: a few facts, a day, and the verdicts that must come out (docs/recipes/add-a-regulation.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from zhibu.engine.errors import EngineError, Place
from zhibu.engine.results import VERDICTS
from zhibu.engine.rulebooks.page import Page, is_null, read_page

TABLES = ("organisations", "people", "units", "events", "waivers")
KEYS = ("case", "as_of", "window", *TABLES, "expect", "none")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Columns of one verdict; `rule` is always among them."""

    columns: Row
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """`tables`: rows by table as plain values. `none`: (rule, where it is written)."""

    name: str
    as_of: date
    window: tuple[date, date]
    tables: Mapping[str, list[Row]]
    expect: tuple[Expectation, ...]
    none: tuple[tuple[str, Place], ...]
    place: Place


def read(path: Path) -> list[Case]:
    """The cases of a file. Raises EngineError with every fault."""
    page, root, _ = read_page(path)
    found = [_case(page, node) for node in page.sequence(root, "样例文件")] if root is not None else []
    if page.faults:
        raise EngineError(page.faults)
    return found


def _case(page: Page, node: yaml.Node) -> Case:
    found = page.mapping(node, "样例", KEYS, ("case", "as_of"))
    as_of = page.day(found["as_of"], "as_of") if "as_of" in found else date.min
    tables = {name: _rows(page, name, found[name]) for name in TABLES if name in found}
    if "expect" not in found and "none" not in found:
        page.fault(node, "样例没有写 expect，也没有写 none", "请写出应得的结果")
    return Case(
        name=page.text(found["case"], "case") if "case" in found else "",
        as_of=as_of,
        window=_window(page, found["window"]) if "window" in found else _year(as_of),
        tables=_defaults(tables),
        expect=_expect(page, found["expect"]) if "expect" in found else (),
        none=_none(page, found["none"]) if "none" in found else (),
        place=page.place(node),
    )


def _year(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _window(page: Page, node: yaml.Node) -> tuple[date, date]:
    days = [page.day(item, "window") for item in page.sequence(node, "window")]
    if len(days) != 2 or days[0] > days[1]:
        page.fault(node, "window 应是 [首日, 末日]", "如 [2025-01-01, 2025-12-31]")
        return date.min, date.max
    return days[0], days[1]


def _rows(page: Page, table: str, node: yaml.Node) -> list[Row]:
    return [_row(page, table, item) for item in page.sequence(node, table, empty=True)]


def _row(page: Page, table: str, node: yaml.Node) -> Row:
    return {name: value(page, item, name) for _, name, item in page.pairs(node, f"{table} 的一行")}


def value(page: Page, node: yaml.Node, what: str) -> Any:
    """A cell: null, a scalar or a list of text."""
    if is_null(node):
        return None
    if isinstance(node, yaml.SequenceNode):
        return [str(page.scalar(item, what)) for item in node.value]
    found = page.scalar(node, what)
    if isinstance(found, Decimal):
        return int(found) if found == found.to_integral_value() else found
    return found


def _expect(page: Page, node: yaml.Node) -> tuple[Expectation, ...]:
    return tuple(_expectation(page, item) for item in page.sequence(node, "expect"))


def _expectation(page: Page, node: yaml.Node) -> Expectation:
    found = page.mapping(node, "expect 的一行", VERDICTS.names, ("rule",))
    return Expectation({name: value(page, item, name) for name, item in found.items()}, page.place(node))


def _none(page: Page, node: yaml.Node) -> tuple[tuple[str, Place], ...]:
    return tuple((page.text(item, "none"), page.place(item)) for item in page.sequence(node, "none"))


def _defaults(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """What a case may leave out: event ids, the day of recording, an organisation's kind, a person's branch."""
    organisations: list[Row] = [{"kind": "branch"} | dict(row) for row in tables.get("organisations", [])]
    home = next((row.get("org_id") for row in organisations), "a")
    events: list[Row] = [
        {"event_id": f"e{number}", "recorded_on": row.get("held_on")} | dict(row)
        for number, row in enumerate(tables.get("events", []), 1)
    ]
    people: list[Row] = [{"org_id": home} | dict(row) for row in tables.get("people", [])]
    given = tables | {"organisations": organisations, "events": events}
    return given | ({"people": people} if "people" in tables else {})
