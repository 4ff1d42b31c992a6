"""Judges the ledger of activities, in chunks. A combined activity keeps all its types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from itertools import batched

from zhibu.web.imports.books import vocabulary
from zhibu.web.imports.books.branches import branch_of
from zhibu.web.imports.books.cells import missing, squeeze, text
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.names import Directory, Ref
from zhibu.web.imports.books.table import Table

CHUNK = 2000


@dataclass(slots=True)
class EventRow:
    """`mark` is a digest of all fields: the same row imported twice is one record."""

    branch: Ref | None
    branch_name: str
    types: list[str]
    held_on: date | None
    recorded_on: date | None
    given: dict[str, object]
    mark: str = ""


def check_events(tables: Iterable[Table], directory: Directory, today: date) -> Iterator[list[Checked]]:
    """Judged rows, a chunk at a time."""
    seen: dict[bytes, int] = {}
    for table in tables:
        rows = (_row(Fields(table, number, cells), directory, today, seen) for number, cells in table.rows())
        for chunk in batched(rows, CHUNK):
            yield list(chunk)


def _row(fields: Fields, directory: Directory, today: date, seen: dict[bytes, int]) -> Checked:
    branch, branch_name = branch_of(fields, directory, "党支部")
    held = _held(fields, today)
    recorded = fields.past("recorded_on", today)
    types = _types(fields)
    given = {
        "topic": fields.text("topic", 200),
        "place": fields.text("place", 120),
        "host": fields.text("host", 40),
        "recorder": fields.text("recorder", 40),
        "content": text(fields.raw("content")),
        "hours": _hours(fields),
        **_attendance(fields),
    }
    if held and recorded and recorded < held:
        fields.error("recorded_on", f"录入早于活动（{held} 活动，{recorded} 录入），核对两处")
    filled = {field: value for field, value in given.items() if value not in (None, "")}
    row = fields.row
    row.value = EventRow(branch, branch_name, types, held, recorded or _today(fields, today), filled)
    _mark(row, seen)
    return row


def _today(fields: Fields, today: date) -> date | None:
    return today if missing(fields.raw("recorded_on")) else None


def _held(fields: Fields, today: date) -> date | None:
    held = fields.past("held_on", today)
    if held is None and missing(fields.raw("held_on")):
        fields.error("held_on", "活动日期没有填，要写成 2025.3.4 这样")
    return held


def _types(fields: Fields) -> list[str]:
    word = squeeze(fields.raw("types"))
    if not word:
        fields.error("types", "活动类型没有填，可填党员大会、支委会、党小组会、党课、主题党日、组织生活会等")
        return []
    types, unknown = vocabulary.event_types(word)
    if unknown or not types:
        named = "、".join(f"“{part[:20]}”" for part in unknown or [word])
        fields.error("types", f"活动类型未知：{named}，可填党员大会、支委会、党小组会、党课、主题党日、组织生活会等")
    return types


def _attendance(fields: Fields) -> dict[str, object]:
    expected, present = fields.count("expected"), fields.count("present")
    if expected is not None and present is not None and present > expected:
        fields.error("present", f"实到大于应到（应到 {expected}，实到 {present}），核对两处")
    return {"expected": expected, "present": present}


def _hours(fields: Fields) -> Decimal | None:
    word = squeeze(fields.raw("hours")).rstrip("学时小个h")
    if not word:
        return None
    try:
        hours = Decimal(word)
    except InvalidOperation:
        hours = Decimal(-1)
    if not hours.is_finite() or not 0 <= hours <= 200:
        fields.warn("hours", f"学时“{word[:20]}”没有读懂，先空着；填数字，如 2")
        return None
    return hours.quantize(Decimal("0.01"))


def _mark(row: Checked, seen: dict[bytes, int]) -> None:
    """Only when every field is the same are two rows one activity; two meetings on a day are none of our business."""
    if not row.accepted:
        return
    value = row.value
    parts = (value.branch_name, value.types, value.held_on, value.recorded_on, sorted(value.given.items()))
    digest = blake2b(repr(parts).encode(), digest_size=16)
    value.mark = f"book:{digest.hexdigest()}"
    first = seen.setdefault(digest.digest(), row.row)
    if first != row.row:
        row.error(f"与第 {first} 行重复，各列都一样，删去一行")
