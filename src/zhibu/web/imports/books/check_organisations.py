"""Judges the book of organisations. The whole book is held at once: a superior may stand further down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhibu.web.imports.books import vocabulary
from zhibu.web.imports.books.cells import looks_like_formula, phone, squeeze, text
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.known import Known
from zhibu.web.imports.books.names import Directory, Ref, exact
from zhibu.web.imports.books.superiors import Superiors
from zhibu.web.imports.books.table import Table

FULL_NAME = 120


@dataclass(slots=True)
class OrganisationRow:
    """What a row says. `key` names it within this call; `match` is the row of the database it updates, if any.
    `given` are the fields whose cell was filled: an empty cell changes nothing."""

    key: int
    name: str
    superior_text: str
    given: dict[str, object]
    places: dict[str, int | None]
    superior: Ref | None = None
    match: int | None = None
    repeated: bool = False


def check_organisations(tables: Iterable[Table], known: Known, today: date) -> tuple[list[Checked], Directory]:
    """All rows judged, in the order of the sheets, and the directory of names for the books that follow."""
    rows = [row for table in tables for row in _read(table, today)]
    for key, row in enumerate(rows):
        row.value.key = key
    _duplicates(rows)
    judge = Superiors(rows, known)
    judge.run()
    return rows, judge.directory


def _read(table: Table, today: date) -> Iterable[Checked]:
    for number, cells in table.rows():
        yield _row(Fields(table, number, cells), today)


def _row(fields: Fields, today: date) -> Checked:
    name = _name(fields)
    given = {
        "kind": _kind(fields, name),
        "sector": _sector(fields),
        "founded_on": fields.past("founded_on", today),
        "term_ends_on": fields.date("term_ends_on"),
        "elected_on": fields.past("elected_on", today),
        "secretary_since": fields.past("secretary_since", today),
        "term_years": fields.count("term_years", 10),
        "committee_size": fields.count("committee_size", 99),
        "groups": fields.count("groups", 999),
        "secretary_name": fields.person("secretary_name"),
        "phone": phone(fields.raw("phone")),
        "short_name": fields.text("short_name", 60),
        "code": squeeze(fields.raw("code"))[:20],
    }
    _order(fields, given)
    row = fields.row
    filled = {field: value for field, value in given.items() if value not in (None, "")}
    places = {field: fields.place(field) for field in ("name", "superior")}
    row.value = OrganisationRow(0, name, _superior(fields), filled, places)
    return row


def _superior(fields: Fields) -> str:
    word = text(fields.raw("superior"))
    return "" if word in ("无", "/", "-", "—", "--", "——", "0") else word


def _name(fields: Fields) -> str:
    name = squeeze(fields.raw("name"))
    if fields.formula("name") or looks_like_formula(fields.raw("name")):
        fields.error("name", "名称是公式，改为文字")
    elif not name:
        fields.error("name", "名称为空，填党组织全称")
    elif name.isdigit() or len(name) < 2:
        fields.error("name", f"名称“{name[:20]}”不像党组织名称，填全称")
    elif len(name) > FULL_NAME:
        fields.error("name", f"名称有 {len(name)} 字，最多 {FULL_NAME} 字")
    return name[:FULL_NAME]


def _kind(fields: Fields, name: str) -> str | None:
    word = squeeze(fields.raw("kind"))
    if found := vocabulary.kind(word) or vocabulary.kind_of_name(word):
        return found
    guess = vocabulary.kind_of_name(name)
    if word:
        fields.error("kind", f"党组织类别“{word[:20]}”未知，可填党委、党工委、机关党委、党总支、党支部、联合党支部等")
    elif guess:
        fields.warn("kind", "类别没有填，按名称认定")
    elif name:
        fields.error("kind", "党组织类别没有填，从名称也看不出")
    return guess


def _sector(fields: Fields) -> str | None:
    word = squeeze(fields.raw("sector"))
    found = vocabulary.sector(word)
    if word and not found:
        fields.warn("sector", f"领域“{word[:20]}”未知，先空着；可填村、社区、党政机关、学校、非公企业等")
    return found


def _order(fields: Fields, given: dict[str, object]) -> None:
    founded, ends, elected = given["founded_on"], given["term_ends_on"], given["elected_on"]
    if founded and ends and ends < founded:
        fields.error("term_ends_on", f"届满日期 {ends} 早于建立日期 {founded}，核对两处")
    elif elected and ends and ends < elected:
        fields.error("term_ends_on", f"届满日期 {ends} 早于选举日期 {elected}，核对两处")
    elif founded and elected and elected < founded:
        fields.warn("elected_on", f"选举日期 {elected} 早于建立日期 {founded}")


def _duplicates(rows: list[Checked]) -> None:
    """The first good row of a name keeps it; a row with mistakes of its own claims nothing."""
    claimed: dict[str, Checked] = {}
    for row in rows:
        if row.accepted:
            first = claimed.setdefault(exact(row.value.name), row)
            if first is not row:
                _repeated(row, first)
    for row in rows:
        first = claimed.get(exact(row.value.name))
        if first is not None and first is not row and not row.value.repeated:
            _repeated(row, first)


def _repeated(row: Checked, first: Checked) -> None:
    row.value.repeated = True
    row.error(f"党组织名称与第 {first.row} 行重复，删去一行，或把名称写全以便区分", row.value.places["name"])


def in_order(rows: list[Checked]) -> list[Checked]:
    """Accepted rows, every superior before its subordinates, else as in the book."""
    placed: list[Checked] = []
    done: set[int] = set()
    for row in rows:
        chain, here = [], row
        while here.accepted and here.value.key not in done:
            done.add(here.value.key)
            chain.append(here)
            superior = here.value.superior
            if not superior or superior[0] == "db":
                break
            here = rows[superior[1]]
        placed.extend(reversed(chain))
    return placed
