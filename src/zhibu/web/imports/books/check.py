"""The books of one call, judged together: organisations first, since the others name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zhibu.web.imports.books.check_events import check_events
from zhibu.web.imports.books.check_members import check_members
from zhibu.web.imports.books.check_organisations import check_organisations
from zhibu.web.imports.books.check_units import check_units
from zhibu.web.imports.books.columns import EVENTS, MEMBERS, ORGANISATIONS, UNITS
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.headers import NoHeader
from zhibu.web.imports.books.known import Known
from zhibu.web.imports.books.names import Directory
from zhibu.web.imports.books.refuse import Refused
from zhibu.web.imports.books.table import Table, table_of
from zhibu.web.imports.books.workbook import open_book


@dataclass(slots=True)
class OpenBook:
    """One file and the tables in it. `refusal` says why it was not read."""

    name: str
    path: Path
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusal: str = ""

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(table.kind for table in self.tables))


@dataclass(slots=True)
class Part:
    """Some judged rows of one kind."""

    kind: str
    rows: list[Checked]


def open_all(files: list[tuple[str, Path]]) -> list[OpenBook]:
    """(the user's name of it, where it lies) → books, in the order given. Never raises for a bad file."""
    books = [_open(name, path) for name, path in files]
    for place, book in enumerate(books):
        for table in book.tables:
            table.book = place
    return books


def _open(name: str, path: Path) -> OpenBook:
    book = OpenBook(name, path)
    try:
        missing = _tables(book)
    except Refused as error:
        book.refusal = str(error)
        return book
    if not book.tables:
        book.refusal = missing or "没有看到有数据的工作表"
    elif missing and "像是" in missing:
        book.notes.append(missing)
    return book


def _tables(book: OpenBook) -> str:
    """Fill `book.tables`; the best sentence about a sheet that could not be used."""
    missing = ""
    for sheet in open_book(book.path):
        if sheet.hidden:
            book.notes.append(f"隐藏的工作表“{sheet.name}”没有读")
            continue
        try:
            table = table_of(sheet)
        except NoHeader as error:
            missing = str(error) if error.kind or not missing else missing
            continue
        book.tables.append(table)
        if table.header.ignored:
            book.notes.append(f"没有用到的列：{'、'.join(table.header.ignored[:10])}")
    return missing


@dataclass(slots=True)
class Check:
    """One walk over the books. Iterate `parts()`; `organisations` and `directory` are there after the first part."""

    books: list[OpenBook]
    known: Known
    today: date
    organisations: list[Checked] = field(default_factory=list)
    directory: Directory = field(default_factory=Directory)
    beyond: Callable[[Check], Iterator[Part]] = lambda check: iter(())  # registers whose judging needs other apps
    shut: Callable[[Part], Part] = lambda part: part  # refuses the rows of a kind that is not for this post

    def tables(self, kind: str) -> list[Table]:
        return [table for book in self.books for table in book.tables if table.kind == kind]

    def parts(self) -> Iterator[Part]:
        tables = self.tables(ORGANISATIONS)
        self.organisations, self.directory = check_organisations(tables, self.known, self.today)
        if tables:
            yield Part(ORGANISATIONS, self.organisations)
        for rows in check_members(self.tables(MEMBERS), self.directory, self.known, self.today):
            yield Part(MEMBERS, rows)
        for rows in check_events(self.tables(EVENTS), self.directory, self.today):
            yield Part(EVENTS, rows)
        for rows in check_units(self.tables(UNITS), self.directory, self.known, self.today):
            yield Part(UNITS, rows)
        yield from self.beyond(self)


def skipped(books: list[OpenBook]) -> Counter:
    return sum((table.skipped for book in books for table in book.tables), Counter())
