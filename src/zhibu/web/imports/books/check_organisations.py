"""Judges the book of organisations. The whole book is held at once: a superior may stand further down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhibu.web.imports.books import vocabulary
from zhibu.web.imports.books.cells import looks_like_formula, phone, squeeze, text
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.known import Known, KnownOrganisation
from zhibu.web.imports.books.names import Directory, Entry, Ref, exact, loose
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
    judge = _Superiors(rows, known)
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
    if found := vocabulary.kind(word):
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


class _Superiors:
    """Finds each row's superior, in the book or in the database, and the row of the database it stands for."""

    def __init__(self, rows: list[Checked], known: Known):
        self.rows, self.known = rows, known
        self.directory = Directory()
        self._stored = list(known.organisations())
        self._by_name: dict[str, list[KnownOrganisation]] = {}
        for stored in self._stored:
            self._by_name.setdefault(exact(stored.name), []).append(stored)
        self._tops = {stored.pk for stored in self._stored} - {
            stored.pk for stored in self._stored if stored.superior in {one.pk for one in self._stored}
        }
        self._summit = self._find_summit()
        self._state: dict[int, str] = {}

    def run(self) -> None:
        finder = Directory()
        for stored in self._stored:
            finder.add(_entry_of_stored(stored))
        for row in self.rows:
            if row.value.name:
                finder.add(_entry_of_row(row, ("row", row.value.key)))
        for row in self.rows:
            if row.accepted:
                self._settle(row, finder)
        for row in self.rows:
            if not row.accepted and row.value.superior_text and row.value.key not in self._state:
                self._name_superior(row, finder)
        self._fill_directory()

    def _find_summit(self) -> Checked | None:
        """The row that may stand without a superior: the one most others name. Only the system plants a new tree.

        A mistaken row without superior must not take the place of the county, so a row nobody names is a summit in
        an empty database only. When every row names a superior, the county's names the city, which no book holds.
        """
        if not self.known.may_plant_root:
            return None
        named = Counter(loose(exact(row.value.superior_text)) for row in self.rows if row.value.superior_text)
        own = {loose(exact(row.value.name)) for row in self.rows}
        open_rows = [row for row in self.rows if row.accepted and not row.value.superior_text]
        if not open_rows and not self._stored:
            outside = [row for row in self.rows if row.accepted and loose(exact(row.value.superior_text)) not in own]
            open_rows = [row for row in outside if named[loose(exact(row.value.name))]]
        best = max(open_rows, key=lambda row: named[loose(exact(row.value.name))], default=None)
        if best is not None and self._stored and not named[loose(exact(best.value.name))]:
            return None
        return best

    def _settle(self, row: Checked, finder: Directory) -> bool:
        """Decide one row after its superior; iterative over the chain, so that a deep or circular one is safe."""
        chain: list[Checked] = []
        here: Checked | None = row
        while here is not None and here.value.key not in self._state:
            self._state[here.value.key] = "open"
            chain.append(here)
            here = self._superior_row(here, finder)
        if here is not None and self._state[here.value.key] == "open":
            self._refuse_cycle(chain, here)
        for one in reversed(chain):
            self._close(one)
        return row.accepted

    def _superior_row(self, row: Checked, finder: Directory) -> Checked | None:
        """Set `superior` of an accepted row; the row of this call it points to, if it does."""
        if not row.accepted:
            return None
        if not row.value.superior_text:
            return None
        entry = self._name_superior(row, finder)
        if isinstance(entry, str):
            return None
        row.value.superior = entry.ref
        return self.rows[entry.ref[1]] if entry.ref[0] == "row" else None

    def _name_superior(self, row: Checked, finder: Directory) -> Entry | str:
        entry = finder.find(row.value.superior_text)
        if isinstance(entry, str) and row is self._summit:
            row.warn(
                f"上级党组织“{row.value.superior_text[:60]}”不在表里，把这一行当作最上面的一个",
                row.value.places["superior"],
            )
        elif isinstance(entry, str) and not self._is_top(row):
            row.error(f"上级党组织“{row.value.superior_text[:60]}”{entry}", row.value.places["superior"])
        return entry

    def _is_top(self, row: Checked) -> bool:
        """The importer's own organisation: its superior lies outside the reach and is not asked for."""
        return any(one.pk in self._tops for one in self._by_name.get(exact(row.value.name), ()))

    def _refuse_cycle(self, chain: list[Checked], start: Checked) -> None:
        for row in chain[chain.index(start) :]:
            if row is start and len(chain) - chain.index(start) == 1:
                row.error("上级党组织填成了自己，改为它真正的上级", row.value.places["superior"])
            else:
                row.error("上级关系绕成了一圈：沿着上级找回到了自己，核对这几行的上级", row.value.places["superior"])

    def _close(self, row: Checked) -> None:
        self._state[row.value.key] = "closed"
        if not row.accepted:
            return
        value = row.value
        if value.superior is None:
            self._top(row)
        elif value.superior[0] == "row":
            above = self.rows[value.superior[1]]
            if not above.accepted:
                row.error(
                    f"上级党组织“{above.value.name}”在第 {above.row} 行，那一行还没有通过，先改那一行",
                    value.places["superior"],
                )
                return
            if above.value.match:
                value.superior = ("db", above.value.match)
        self._match(row)

    def _top(self, row: Checked) -> None:
        """A row without superior: one that is known, or the root of a new tree."""
        stored = list(self._by_name.get(exact(row.value.name), ()))
        if len(stored) == 1 or any(one.pk in self._tops for one in stored):
            row.value.match = next((one.pk for one in stored if one.pk in self._tops), stored[0].pk)
        elif row is not self._summit:
            hint = "；一套表里只有最上面的一个可以不填" if self.known.may_plant_root else "，上级要在自己的范围内"
            row.error(f"上级党组织没有填，填它的上级{hint}", row.value.places["superior"])

    def _match(self, row: Checked) -> None:
        value = row.value
        if value.match is None and value.superior and value.superior[0] == "db":
            same = [one.pk for one in self._by_name.get(exact(value.name), ()) if one.superior == value.superior[1]]
            value.match = same[0] if same else None

    def _fill_directory(self) -> None:
        """Names for members and activities: rows of the book stand for the row of the database they match."""
        for stored in self._stored:
            self.directory.add(_entry_of_stored(stored))
        for row in self.rows:
            if row.value.name:
                ref: Ref = ("db", row.value.match) if row.value.match else ("row", row.value.key)
                self.directory.add(_entry_of_row(row, ref))


def _entry_of_stored(stored: KnownOrganisation) -> Entry:
    return Entry(("db", stored.pk), stored.name, stored.superior_name)


def _entry_of_row(row: Checked, ref: Ref) -> Entry:
    return Entry(ref, row.value.name, row.value.superior_text, True, 0 if row.accepted else row.row)


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
