"""Judges the book of units (enterprises, social organisations), in chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched

from zhibu.web.coverage.credit import fault, tidy
from zhibu.web.imports.books.cells import looks_like_formula, missing, squeeze, text, yes
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.known import Known, KnownUnit
from zhibu.web.imports.books.names import Directory, Ref, not_found
from zhibu.web.imports.books.table import Table

CHUNK = 2000  # rows looked up in the database together
KINDS = {
    "非公企业": "npe", "非公有制企业": "npe", "非公": "npe", "民营企业": "npe", "私营企业": "npe", "外资企业": "npe",
    "社会组织": "social_org", "社会团体": "social_org", "民办非企业单位": "social_org", "社会服务机构": "social_org",
    "基金会": "social_org", "国有企业": "soe", "国企": "soe",
}  # fmt: skip
MODES = {
    word + ending: mode
    for word, mode in (("单独", "own"), ("联合", "joint"), ("挂靠", "attached"), ("派入", "sent"))
    for ending in ("", "式", "组建", "建立", "建")
}
FLAGS = ("above_scale", "operating", "union", "youth", "women", "school")


@dataclass(slots=True)
class UnitRow:
    """`given` are the model's fields whose cell was filled; `match` is the unit of the database it updates."""

    name: str
    committee: Ref | None
    branch_name: str  # the committee's, as the preview names the place of a row
    given: dict[str, object]
    party: Ref | None = None
    mode: str = ""
    covered_on: date | None = None
    match: int | None = None


def check_units(tables: Iterable[Table], directory: Directory, known: Known, today: date) -> Iterator[list[Checked]]:
    """Judged rows, a chunk at a time."""
    claimed: dict[tuple[object, str], int] = {}
    for table in tables:
        places = known.places()
        rows = (_row(Fields(table, number, cells), directory, known, places, today) for number, cells in table.rows())
        for chunk in batched(rows, CHUNK):
            yield _compare(list(chunk), known, claimed)


def _row(fields: Fields, directory: Directory, known: Known, places: dict[str, int], today: date) -> Checked:
    committee, committee_name = _organisation(fields, directory, "committee", "责任党委")
    if committee is None and not committee_name and known.may_plant_root:
        fields.error("committee", "责任党委没有填；在服务器上导入，每个单位都要写明")
    given = {
        "kind": _kind(fields),
        "credit_code": _code(fields),
        "trade": fields.text("trade", 40),
        "place_id": _place(fields, places),
        "employees": fields.count("employees"),
        "party_members": fields.count("party_members"),
        "full_members": fields.count("full_members"),
        "founded_on": fields.past("founded_on", today),
        "premises": "" if missing(fields.raw("premises")) else fields.text("premises", 120),
        "not_ripe": "" if missing(fields.raw("not_ripe")) else fields.text("not_ripe", 200),
        **{name: _flag(fields, name) for name in FLAGS},
    }
    full, everyone = given["full_members"], given["party_members"]
    if isinstance(full, int) and isinstance(everyone, int) and full > everyone:
        fields.error("full_members", f"正式党员 {full} 名多于党员 {everyone} 名，核对两处")
    party, mode, covered_on = _covering(fields, directory, today)
    filled = {field: value for field, value in given.items() if value not in (None, "")}
    fields.row.value = UnitRow(_name(fields), committee, committee_name, filled, party, mode, covered_on)
    return fields.row


def _name(fields: Fields) -> str:
    name = squeeze(fields.raw("name"))
    if fields.formula("name") or looks_like_formula(fields.raw("name")):
        fields.error("name", "名称是公式，改为文字")
    elif len(name) < 2 or name.isdigit():
        fields.error("name", f"名称“{name[:20]}”不像单位名称，填全称" if name else "名称为空，填单位全称")
    elif len(name) > 120:
        fields.error("name", f"名称有 {len(name)} 字，最多 120 字")
    return name[:120]


def _organisation(fields: Fields, directory: Directory, field: str, title: str) -> tuple[Ref | None, str]:
    name = text(fields.raw(field))
    if missing(fields.raw(field)):
        return None, ""
    entry = directory.find(name)
    if isinstance(entry, str):
        fields.error(field, not_found(title, name, entry))
        return None, name
    return entry.ref, entry.name


def _kind(fields: Fields) -> str | None:
    word = squeeze(fields.raw("kind"))
    if word not in KINDS:
        said = f"单位类别“{word[:20]}”未知" if word else "单位类别没有填"
        fields.error("kind", f"{said}，填非公企业、社会组织或国有企业")
    return KINDS.get(word)


def _code(fields: Fields) -> str:
    if missing(fields.raw("credit_code")):
        return ""
    code = tidy(squeeze(fields.raw("credit_code")).lstrip("'"))
    if wrong := fault(code):
        fields.error("credit_code", wrong)
    return code[:18]


def _place(fields: Fields, places: dict[str, int]) -> int | None:
    word = squeeze(fields.raw("place"))
    if missing(fields.raw("place")):
        return None
    if word not in places:
        fields.error("place", f"片区“{word[:20]}”没有登记。先在“工作站和片区”里登记，或把这一格空着")
    return places.get(word)


def _flag(fields: Fields, name: str) -> bool | None:
    """An empty cell is not known; it is no no."""
    if not fields.has(name) or (missing(fields.raw(name)) and squeeze(fields.raw(name)) != "无"):
        return None
    found = yes(fields.raw(name))
    if found is None:
        fields.warn(name, f"{fields.title(name)}填是或否，现按没有填")
    return found


def _covering(fields: Fields, directory: Directory, today: date) -> tuple[Ref | None, str, date | None]:
    party, _ = _organisation(fields, directory, "party", "党组织")
    word = squeeze(fields.raw("mode"))
    covered_on = fields.past("covered_on", today)
    if missing(fields.raw("party")):
        if word and not missing(fields.raw("mode")):
            fields.error("mode", "写了组建方式，没有写覆盖的党组织")
        return None, "", None
    if word not in MODES:
        fields.error(
            "mode", f"组建方式“{word[:10]}”未知，填单独、联合、挂靠或派入" if word else "写了党组织，没有写组建方式"
        )
    if covered_on is None:
        fields.warn("covered_on", "组建日期没有填，按导入当天")
    return party, MODES.get(word, ""), covered_on or today


def _compare(chunk: list[Checked], known: Known, claimed: dict[tuple[object, str], int]) -> list[Checked]:
    """Duplicates within the books, and against the database: one code, one unit; one name under one committee."""
    codes = [str(row.value.given["credit_code"]) for row in chunk if row.value.given.get("credit_code")]
    stored = known.units([row.value.name for row in chunk], codes)
    by_code = {one.credit_code: one for one in stored if one.credit_code}
    by_name: dict[str, list[KnownUnit]] = {}
    for one in stored:
        if one.reached:
            by_name.setdefault(one.name, []).append(one)
    for row in chunk:
        code = str(row.value.given.get("credit_code", ""))
        keys = [("code", code)] if code else []
        keys.append((row.value.committee, row.value.name))
        if first := next((claimed[key] for key in keys if key in claimed), None):
            row.error(f"与第 {first} 行是同一个单位，删去一行")
            continue
        _stored(row, by_code.get(code) if code else None, by_name.get(row.value.name, []))
        if row.accepted:
            claimed.update(dict.fromkeys(keys, row.row))
    return chunk


def _stored(row: Checked, coded: KnownUnit | None, named: list[KnownUnit]) -> None:
    if coded and not coded.reached:
        row.error("这个统一社会信用代码登记在本范围以外，请联系上级核对")
        return
    if coded is None and len(named) > 1:
        row.error(f"已有 {len(named)} 个单位叫“{row.value.name}”，写上统一社会信用代码以便区分")
        return
    known = coded or (named[0] if named else None)
    if known is None:
        return
    given = row.value.given.get("credit_code")
    if coded is None and given and known.credit_code and known.credit_code != given:
        return  # another unit of the same name
    if row.value.committee and known.organisation and row.value.committee != ("db", known.organisation):
        row.error("责任党委与已登记的不一致；要改，在单位页办理")
        return
    row.value.match = known.pk
    if known.covered and row.value.party:
        row.value.party = None
        row.warn("已登记过组建，这里不改；要改，在单位页办理")
