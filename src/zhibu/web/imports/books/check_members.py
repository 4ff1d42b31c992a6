"""Judges the book of members, in chunks, so that a hundred thousand rows never stand in memory together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched

from zhibu.web.imports.books import vocabulary
from zhibu.web.imports.books.branches import branch_of
from zhibu.web.imports.books.cells import blank, looks_like_formula, missing, phone, squeeze, yes
from zhibu.web.imports.books.dates import NotADate, read_date
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.identity import read_identity
from zhibu.web.imports.books.known import Known, KnownMember
from zhibu.web.imports.books.names import Directory, Ref
from zhibu.web.imports.books.table import Table
from zhibu.web.members.identity import BadNumber, Identity, of_age

CHUNK = 2000  # rows looked up in the database together
ADULT = 18  # 党章第一条


@dataclass(slots=True)
class MemberRow:
    """`given` are the model's fields whose cell was filled; `match` is the member of the database it updates."""

    name: str
    id_number: str
    branch: Ref | None
    branch_name: str
    given: dict[str, object]
    id_place: int | None = None
    match: int | None = None
    changed_on: date | None = None  # the day of another work, where the book tells it


def check_members(tables: Iterable[Table], directory: Directory, known: Known, today: date) -> Iterator[list[Checked]]:
    """Judged rows, a chunk at a time."""
    claimed: dict[str, int] = {}
    for table in tables:
        rows = (_row(Fields(table, number, cells), directory, today) for number, cells in table.rows())
        for chunk in batched(rows, CHUNK):
            yield _compare(list(chunk), known, claimed)


def _row(fields: Fields, directory: Directory, today: date) -> Checked:
    name = _name(fields)
    identity = _identity(fields)
    branch, branch_name = branch_of(fields, directory, "所在党支部")
    joined, full = _dates(fields, today)
    given = {
        "sex": _sex(fields, identity),
        "born_on": _born(fields, identity, today),
        "education": vocabulary.education(fields.raw("education")),
        "kind": _kind(fields, full),
        "employment": _employment(fields),
        "phone": phone(fields.raw("phone")),
        "floating": _flag(fields, "floating"),
        "frail": _flag(fields, "frail"),
        "joined_on": joined,
        "full_on": full,
        "arrived_on": fields.past("arrived_on", today),
        "branch_post": _post(fields),
    }
    _life(fields, identity, joined, full, given["kind"])
    filled = {field: value for field, value in given.items() if value not in (None, "")}
    number = identity.number if identity else ""
    changed = fields.past("changed_on", today)
    place = fields.place("id_number")
    fields.row.value = MemberRow(name, number, branch, branch_name, filled, place, changed_on=changed)
    return fields.row


def _name(fields: Fields) -> str:
    name = fields.person("name", 200)
    if fields.formula("name") or looks_like_formula(fields.raw("name")):
        fields.error("name", "姓名为公式，改为文字")
    elif not name:
        fields.error("name", "姓名为空，填党员姓名")
    elif not any(letter.isalpha() for letter in name):
        fields.error("name", f"姓名“{name[:20]}”不是文字，填党员姓名")
    elif len(name) > 40:
        fields.error("name", f"姓名有 {len(name)} 字，最多 40 字")
    return name[:40]


def _identity(fields: Fields) -> Identity | None:
    cell = fields.raw("id_number")
    if blank(cell):
        fields.error("id_number", "身份证号没有填")
        return None
    try:
        return read_identity(cell)
    except BadNumber as error:
        fields.error("id_number", f"身份证{error}")
        return None


def _dates(fields: Fields, today: date) -> tuple[date | None, date | None]:
    joined = fields.past("joined_on", today)
    if joined is None and missing(fields.raw("joined_on")):
        fields.error("joined_on", f"{fields.title('joined_on')}没有填，要写成 2025.3.4 这样")
    return joined, fields.past("full_on", today)


def _sex(fields: Fields, identity: Identity | None) -> str | None:
    word = squeeze(fields.raw("sex"))
    found = vocabulary.sex(word)
    if word and not found:
        fields.warn("sex", f"性别“{word[:10]}”未知，按身份证号认定")
    elif found and identity and found != identity.sex:
        fields.warn("sex", "性别与身份证号第 17 位不一致，请核对")
    return found or (identity.sex if identity else None)


def _born(fields: Fields, identity: Identity | None, today: date) -> date | None:
    cell = fields.raw("born_on")
    if blank(cell) or _month_only(cell, identity):
        return identity.born_on if identity else None
    born = fields.past("born_on", today)
    if born and identity and born != identity.born_on:
        fields.error("born_on", f"出生日期与身份证不一致（表里 {born}，号码里 {identity.born_on}），核对两处")
    return born or (identity.born_on if identity else None)


def _month_only(cell: object, identity: Identity | None) -> bool:
    """出生年月 columns hold 1980.03: good enough when the number agrees."""
    word = squeeze(cell).replace("年", ".").replace("月", "").replace("-", ".").replace("/", ".")
    if identity is None:
        return False
    try:
        read_date(cell)
    except NotADate:
        born = identity.born_on
        return word in (f"{born.year}.{born.month}", f"{born.year}.{born.month:02d}", f"{born.year}{born.month:02d}")
    return False


def _kind(fields: Fields, full: date | None) -> str | None:
    word = squeeze(fields.raw("kind"))
    if found := vocabulary.member_kind(word):
        return found
    if word:
        fields.error("kind", f"人员类别“{word[:20]}”未知，填正式党员或预备党员")
    elif full:
        fields.warn("kind", "人员类别没有填，有转正日期，按正式党员")
        return "full"
    else:
        fields.error("kind", "人员类别没有填，填正式党员或预备党员") if fields.has("kind") else fields.error(
            "joined_on", "表里没有人员类别，也没有转正日期，看不出是正式党员还是预备党员"
        )
    return None


def _employment(fields: Fields) -> str | None:
    word = squeeze(fields.raw("employment"))
    found = vocabulary.employment(word)
    if word and not found:
        fields.warn("employment", f"工作岗位“{word[:20]}”不在词表里，记为其他")
        return "other"
    return found


def _flag(fields: Fields, name: str) -> bool | None:
    if not fields.has(name):
        return None
    found = yes(fields.raw(name))
    if found is None:
        fields.warn(name, f"{fields.title(name)}填是或否，现按否")
    return bool(found)


def _post(fields: Fields) -> str | None:
    word = squeeze(fields.raw("branch_post"))[:20]
    return (
        None
        if word in ("无", "/", "-", "党员", "普通党员")
        else {"支部书记": "书记", "党支部书记": "书记"}.get(word, word)
    )


def _life(fields: Fields, identity: Identity | None, joined: date | None, full: date | None, kind: object) -> None:
    """Facts of one life have an order: birth, eighteen, joining, full membership."""
    if identity and joined and not of_age(identity.born_on, joined, ADULT):
        fields.error("joined_on", f"入党时未满{ADULT}周岁（{identity.born_on} 出生，{joined} 入党），核对两处")
    if joined and full and full < joined:
        fields.error("full_on", f"转正早于入党（{joined} 入党，{full} 转正），核对两处")
    elif kind == "full" and not full and missing(fields.raw("full_on")):
        fields.warn("full_on", "正式党员没有转正日期，可以以后补")
    elif kind == "probationary" and full:
        fields.warn("full_on", "预备党员填了转正日期，请核对人员类别")


def _compare(chunk: list[Checked], known: Known, claimed: dict[str, int]) -> list[Checked]:
    """Duplicates within the books, and against the database: one member, one branch."""
    stored = known.members([row.value.id_number for row in chunk if row.value.id_number])
    for row in chunk:
        number = row.value.id_number
        if not number:
            continue
        if first := claimed.get(number):
            row.error(f"身份证重复：与第 {first} 行相同，删去一行", row.value.id_place)
            continue
        if member := stored.get(number):
            _stored(row, member)
        if row.accepted:
            claimed[number] = row.row
    return chunk


def _stored(row: Checked, member: KnownMember) -> None:
    branch = row.value.branch
    if branch == ("db", member.organisation):
        row.value.match = member.pk
        if member.kind == "full" and row.value.given.get("kind") == "probationary":
            row.error("名册里已是正式党员，表里是预备党员；登记错了的，在党员页更正")
    elif branch is None:
        return
    elif member.organisation_name:
        row.error(
            f"身份证重复：已在“{member.organisation_name}”的名册里；要转支部，请办组织关系转接", row.value.id_place
        )
    else:
        row.error("身份证重复：已登记在本范围以外的党支部，请联系上级核对", row.value.id_place)
