"""The columns of the books: the field each fills, the names people give it (columns.yaml). Serves meaning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

ORGANISATIONS, MEMBERS, EVENTS, UNITS = "organisations", "members", "events", "units"
TENURES, BASES, PAYMENTS, CASES, HOURS = "tenures", "bases", "payments", "cases", "hours"
KINDS = (ORGANISATIONS, MEMBERS, EVENTS, UNITS, TENURES, BASES, PAYMENTS, CASES, HOURS)
TITLES = {
    ORGANISATIONS: "党组织信息表", MEMBERS: "党员信息表", EVENTS: "组织生活台账", UNITS: "单位台账",
    TENURES: "任职记录", BASES: "党费基数", PAYMENTS: "党费交纳记录", CASES: "办理步骤记录",
    HOURS: "校外学时",
}  # fmt: skip
PRIVATE = (BASES, PAYMENTS)  # what a branch alone sees: no superior reads such a book, or its findings


@dataclass(frozen=True, slots=True)
class Column:
    """The first of `names` is the heading of our template. `like`: fragments that tell the column when no name fits."""

    field: str
    names: tuple[str, ...]
    required: bool = False
    like: tuple[str, ...] = ()


def _read() -> dict[str, tuple[Column, ...]]:
    kinds = yaml.safe_load(Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8"))
    return {
        kind: tuple(
            Column(
                field, tuple(says["names"].split()), says.get("required", False), tuple(says.get("like", "").split())
            )
            for field, says in columns.items()
        )
        for kind, columns in kinds.items()
    }


COLUMNS = _read()

# A header must hold these to be the book at all; the rest of the required ones is then asked for by name.
SIGNATURE: dict[str, tuple[tuple[str, ...], ...]] = {
    ORGANISATIONS: (("name", "superior"), ("name", "kind", "founded_on"), ("name", "kind", "term_ends_on")),
    MEMBERS: (("name", "id_number"), ("name", "branch", "joined_on"), ("name", "id_number", "branch")),
    EVENTS: (("branch", "held_on", "types"), ("held_on", "types", "present"), ("branch", "types", "present")),
    UNITS: (("name", "committee"), ("name", "credit_code"), ("name", "kind", "employees")),
    TENURES: (("office", "name", "starts_on"), ("branch", "office", "starts_on")),
    BASES: (("name", "payer_kind"), ("name", "base")),
    PAYMENTS: (("name", "month", "amount"), ("name", "amount", "paid_on")),
    HOURS: (("name", "what", "hours"), ("name", "hours", "ended_on")),
    CASES: (("procedure", "step"), ("step", "done", "name")),
}


def column(kind: str, field: str) -> Column:
    return next(column for column in COLUMNS[kind] if column.field == field)


def title(kind: str, field: str) -> str:
    """The template's heading of a field."""
    return column(kind, field).names[0]
