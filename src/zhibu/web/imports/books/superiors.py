"""Finds each organisation's superior, in the book or in the database, and the row of the database it stands for."""

from __future__ import annotations

from collections import Counter

from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.known import Known, KnownOrganisation
from zhibu.web.imports.books.names import Directory, Entry, Ref, exact, loose, not_found


class Superiors:
    """One walk over the rows of a call. `directory` then names what members and activities may name."""

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
            row.error(not_found("上级党组织", row.value.superior_text, entry), row.value.places["superior"])
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
