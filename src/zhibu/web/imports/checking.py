"""Walks the books and keeps what was found: counts in the report, rows with findings in a file beside the books."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.imports import limits, registers, store
from zhibu.web.imports.books import vocabulary
from zhibu.web.imports.books.check import Check, OpenBook, Part, open_all, skipped
from zhibu.web.imports.books.columns import KINDS
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.known import Known
from zhibu.web.imports.models import Batch
from zhibu.web.imports.reach import Reach
from zhibu.web.regulations.words import words

Tell = Callable[[int], None]


def open_batch(batch: Batch) -> list[OpenBook]:
    return open_all([(book.name, store.path(book.stored)) for book in batch.books.order_by("pk")])


def begin(books: list[OpenBook], by: Scope, known: Known | None = None) -> Check:
    """A check against the database as `by` sees it. The packs' own names of activities are understood too."""
    vocabulary.learn(words().get("events", {}))
    made = Check(books, known or Reach(by), clock.today())
    made.beyond, made.shut = lambda check: registers.parts(check, by), lambda part: registers.shut(part, by)
    return made


class Report:
    """Counts per kind of book, and the first rejected rows. `as_json` is what the batch keeps."""

    def __init__(self, books: list[OpenBook]):
        self.books = books
        self.accepted: Counter[str] = Counter()
        self.warned: Counter[str] = Counter()
        self.rejected: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        self.types: Counter[str] = Counter()
        self.per_book: list[Counter[str]] = [Counter() for _ in books]
        self._several = {kind for kind in KINDS if sum(t.kind == kind for book in books for t in book.tables) > 1}

    def add(self, part: Part) -> None:
        for row in part.rows:
            self._add(part.kind, row)

    def _add(self, kind: str, row: Checked) -> None:
        good = row.accepted
        self.per_book[row.book]["accepted" if good else "rejected"] += 1
        if good:
            self.accepted[kind] += 1
            self.warned[kind] += bool(row.findings)
            if kind == "events":
                self.types.update(row.value.types)
            return
        says: dict[str, Any] = {"row": row.row, "reason": row.reason}
        if kind in self._several:
            says |= {"book": self.books[row.book].name, "sheet": row.sheet}
        self.rejected[kind].append(says)

    @property
    def rows(self) -> int:
        return sum(self.accepted.values()) + sum(len(rows) for rows in self.rejected.values())

    def as_json(self, most: int | None = limits.FINDINGS_KEPT) -> dict[str, Any]:
        counts = {
            kind: {
                "accepted": self.accepted[kind],
                "rejected": self.rejected[kind][:most],
                "rejected_count": len(self.rejected[kind]),
                "warned": self.warned[kind],
            }
            for kind in KINDS
        }
        return {
            **counts,
            "types": dict(self.types),
            "skipped": dict(skipped(self.books)),
            "books": [
                {"name": book.name, "kinds": book.kinds, "refusal": book.refusal, "notes": book.notes, **count}
                for book, count in zip(self.books, self.per_book, strict=True)
            ],
        }


def walk(check: Check, folder: str, use: Callable[[Part], None] | None = None, tell: Tell | None = None) -> Report:
    """Judge every row, write the findings file, hand each part to `use`, tell the number of rows done."""
    report = Report(check.books)
    with store.write_findings(folder) as file:
        for part in map(check.shut, check.parts()):
            report.add(part)
            for row in part.rows:
                if row.findings:
                    file.write(_line(part.kind, row))
            if use:
                use(part)
            if tell:
                tell(report.rows)
    return report


def _line(kind: str, row: Checked) -> str:
    findings = [[finding.column, finding.reason, finding.level] for finding in row.findings]
    who = getattr(row.value, "name", "") or getattr(row.value, "branch_name", "")
    says = {"kind": kind, "book": row.book, "sheet": row.sheet, "row": row.row, "who": who[:60]}
    return json.dumps({**says, "accepted": row.accepted, "findings": findings}, ensure_ascii=False) + "\n"
