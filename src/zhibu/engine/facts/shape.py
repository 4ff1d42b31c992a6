"""The six tables of facts and the type of each required column (engine.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

DAY = pa.date32()
TEXT = pa.string()
LIST = pa.list_(pa.string())
WHOLE = pa.int64()
FLAG = pa.bool_()
NUMBER = pa.float64()  # of extra columns; one that is all whole numbers is WHOLE, one too long for a double is AMOUNT
AMOUNT = pa.decimal128(38, 18)  # days, hours, points: exact, 18 decimals, below 10^12

ROW = "#row"  # where the row stood in its file: a CSV line, else 1, 2, …


@dataclass(frozen=True, slots=True)
class Column:
    """`required` columns may not be null; `least` is the smallest sensible number."""

    name: str
    type: pa.DataType
    required: bool = False
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its id column (for the list of rejected rows), whether it may be absent, its columns."""

    name: str
    id: str
    optional: bool
    columns: tuple[Column, ...]


def _history(name: str, identity: str, first: str, last: str, *more: Column, optional: bool = True) -> Shape:
    days = (Column(first, DAY), Column(last, DAY), Column("valid_from", DAY), Column("valid_to", DAY))
    return Shape(name, identity, optional, (Column(identity, TEXT, True), *more, *days))


SHAPES = {
    shape.name: shape
    for shape in (
        _history(
            "organisations",
            "org_id",
            "founded_on",
            "dissolved_on",
            Column("parent_id", TEXT),
            Column("kind", TEXT, True),
            optional=False,
        ),
        _history("people", "person_id", "joined_on", "left_on", Column("org_id", TEXT, True)),
        _history("units", "unit_id", "founded_on", "dissolved_on"),
        Shape(
            "events",
            "event_id",
            False,
            (
                Column("event_id", TEXT, True),
                Column("types", LIST, True),
                Column("org_id", TEXT),
                Column("person_id", TEXT),
                Column("unit_id", TEXT),
                Column("held_on", DAY, True),
                Column("recorded_on", DAY, True),
                Column("expected", WHOLE, least=0),
                Column("present", WHOLE, least=0),
                Column("days", AMOUNT, least=0),
                Column("hours", AMOUNT, least=0),
                Column("topics", LIST),
                Column("makes_up", TEXT),
            ),
        ),
        Shape(
            "waivers",
            "subject_id",
            True,
            (
                Column("subject", TEXT, True),
                Column("subject_id", TEXT, True),
                Column("rule", TEXT, True),
                Column("from", DAY, True),
                Column("to", DAY, True),
                Column("reason", TEXT, True),
            ),
        ),
        Shape(
            "adjustments",
            "subject_id",
            True,
            (
                Column("subject_id", TEXT, True),
                Column("item", TEXT, True),
                Column("on", DAY, True),
                Column("points", AMOUNT, True),
                Column("reason", TEXT, True),
            ),
        ),
    )
}

# subject → (table, id column, first day, last day)
SUBJECTS = {
    "organisation": ("organisations", "org_id", "founded_on", "dissolved_on"),
    "person": ("people", "person_id", "joined_on", "left_on"),
    "unit": ("units", "unit_id", "founded_on", "dissolved_on"),
}


def empty(shape: Shape) -> pa.Table:
    """The table without rows, with its required columns and the row number."""
    fields = [(column.name, column.type) for column in shape.columns]
    return pa.schema([*fields, (ROW, pa.int64())]).empty_table()
