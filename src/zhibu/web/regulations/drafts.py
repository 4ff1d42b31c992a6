"""A draft beside what is published: texts in, the two sides that the engine compares out; all faults by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhibu.engine import formalism
from zhibu.engine import scheme as schemes
from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.rulebooks.load import overlaps
from zhibu.engine.rulebooks.model import Rulebook as EngineBook
from zhibu.engine.rulebooks.page import Page, nearest
from zhibu.engine.rulebooks.read import rulebook as read_rulebook
from zhibu.engine.scheme import Scheme as EngineScheme
from zhibu.engine.whatif.sides import Side, drafted
from zhibu.web.core import clock
from zhibu.web.regulations.library import book_of, scheme_of
from zhibu.web.regulations.models import Rulebook, Scheme
from zhibu.web.regulations.queries import books_on, published
from zhibu.web.regulations.words import flat_words

SCHEME, BOOK = "考核方案草案", "规则书草案"  # names of the texts in faults


@dataclass(frozen=True, slots=True)
class Draft:
    """`against`: the published scheme it is compared with. `book`: the text of one rulebook, empty for none, in place
    of `replaces` (a new rulebook when that is None). `on`: the day whose rulebooks both sides read; None: those in
    force."""

    scheme: str
    against: Scheme
    book: str = ""
    replaces: Rulebook | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A fault as a form shows it. `text`: scheme, book, or other where it lies elsewhere; line 0 then."""

    text: Literal["scheme", "book", "other"]
    line: int
    said: str

    @classmethod
    def of(cls, fault: Fault) -> Mistake:
        said = fault.wrong + (f"。{fault.right}" if fault.right else "")
        where = {SCHEME: "scheme", BOOK: "book"}.get(fault.place.file, "other")
        return cls(where, fault.place.line if where != "other" else 0, said)  # type: ignore[arg-type]


def sides(draft: Draft) -> tuple[Side, Side]:
    """(published, drafted). Raises EngineError with every fault of the draft."""
    rows = published() if draft.on is None else books_on(draft.on)
    kept = [(row.pk, book_of(row.text, row.file)) for row in rows]
    before = tuple(book for _, book in kept)
    faults: list[Fault] = []
    own = _book(draft.book, faults) if draft.book else None
    rest = [book for pk, book in kept if own is None or draft.replaces is None or pk != draft.replaces.pk]
    faults += [_here(fault, own) for fault in overlaps([*rest, own])] if own else []
    scheme = _scheme(draft.scheme, [*rest, *([own] if own else [])], faults)
    if faults or scheme is None:
        raise EngineError(faults)
    tried = drafted([own], scheme) if own else Side((), scheme)
    return Side(before, scheme_of(draft.against.text)), Side((*rest, *tried.rulebooks), scheme, tried.tried)


def mistakes(draft: Draft) -> list[Mistake]:
    """What is wrong with the texts, before anything is computed."""
    try:
        sides(draft)
    except EngineError as error:
        return [Mistake.of(fault) for fault in error.faults]
    return []


def hints(before: Side, after: Side) -> list[str]:
    """What the rules against formalism would say to the draft when it is published."""
    drafts = [book for book in after.rulebooks if book.place.file == BOOK]
    beside = [book for book in after.rulebooks if book.place.file != BOOK]
    found = formalism.judge(
        drafts,
        [after.scheme] if after.scheme.digest != before.scheme.digest else [],
        on=clock.today(),
        catalogue=formalism.official(),
        beside=beside,
        words=flat_words(),
    )
    refused = [f"发布时会退回：{one.wrong}" for one in formalism.refused(found)]
    return [*refused, *(f"发布时会提醒：{one.wrong}" for one in formalism.warned(found))]


def _book(text: str, faults: list[Fault]) -> EngineBook | None:
    page, content = Page(BOOK, strict=False), text.encode()
    root = page.compose(content)
    book = read_rulebook(page, root, content) if root is not None else None
    faults += page.faults
    return None if page.faults else book


def _scheme(text: str, books: Iterable[EngineBook], faults: list[Fault]) -> EngineScheme | None:
    page, content = Page(SCHEME, strict=False), text.encode()
    root = page.compose(content)
    scheme = schemes.parse(page, root, hashlib.sha256(content).hexdigest()) if root is not None else None
    names = schemes.known(books)
    if scheme and not page.faults and not any(fault.place.file == BOOK for fault in faults):
        for name, pattern in schemes.named(scheme):
            if name not in names:
                page.broken(pattern.place.line, f"没有规则“{name}”", nearest(name, sorted(names)))
    faults += page.faults
    return None if page.faults else scheme


def _here(fault: Fault, own: EngineBook) -> Fault:
    """An overlap is told where the draft says since when it holds."""
    return Fault(own.place, fault.wrong, fault.right)
