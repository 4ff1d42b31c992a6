"""Books of other apps' registers: 任职, 党费, 办理. A kind is its columns (books/columns.yaml) and one module here.

A module has `NEEDS` (the action a post must have where a row belongs), `EXPORT` (the action of taking the same columns
out), `MODELS` (what it makes, in the order in which an undo removes it), `check` (tables → judged rows, a chunk at a
time), `take` (writes good rows in bulk), `rows` (what there is, by field, as the book has it).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from zhibu.web.core.scope import Scope
from zhibu.web.imports.books.check import Check, Part
from zhibu.web.imports.books.columns import BASES, CASES, HOURS, KINDS, PAYMENTS, PRIVATE, TENURES, TITLES
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.registers import bases, cases, hours, payments, tenures
from zhibu.web.imports.registers.common import chunks

OF: dict[str, ModuleType] = {TENURES: tenures, BASES: bases, PAYMENTS: payments, CASES: cases, HOURS: hours}
NEEDS: dict[str, str] = {kind: OF[kind].NEEDS if kind in OF else "imports.registers" for kind in KINDS}


def kinds(by: Scope) -> dict[str, str]:
    """The books a post may bring in: kind → title."""
    return {kind: title for kind, title in TITLES.items() if by.may(NEEDS[kind])}


def refused(kind: str, by: Scope) -> str:
    """Why this post does not bring in books of a kind; empty when it does."""
    if by.may(NEEDS[kind]):
        return ""
    return "党费由本支部的书记、副书记导入" if kind in PRIVATE else f"{TITLES[kind]}由上级党委的组织干部导入"


def parts(check: Check, by: Scope) -> Iterator[Part]:
    """The judged rows of the registers. Nothing is looked up for a post that may not bring them in."""
    for kind, register in OF.items():
        tables = check.tables(kind)
        if not tables:
            continue
        if why := refused(kind, by):
            for some in chunks(tables):
                for one in some:
                    one.row.error(why)
                yield Part(kind, [one.row for one in some])
            continue
        for rows in register.check(tables, check, by):
            yield Part(kind, rows)


def shut(part: Part, by: Scope) -> Part:
    """The part, every row refused where the post may not bring in such a book."""
    why = refused(part.kind, by)
    if why and part.kind not in OF:
        for row in part.rows:
            _refuse(row, why)
    return part


def _refuse(row: Checked, why: str) -> None:
    row.findings.clear()
    row.error(why)
