"""Reads a chapter of the specification: each section is a rulebook snippet, tables of facts, tables of results.

A chapter is Markdown. Before the first `##` stand what all its sections share. In a section:

- a YAML block with `rules` (a rule's title, source and applies_to may be left out), one with `dimensions` (a scheme);
- a line 评价区间 D 至 D，按 D 所知。
- **name** and a table: facts, or an expected result. Blank cells are null, 、 joins the members of a list;
  columns not shown are null in facts and anything in results. A result lists every row, in order.
- a block ```errors: each line must be found in the error.
- a block ```explain ARGUMENTS: what `zhibu explain` prints; ```unexplained ARGUMENTS: what it says when it cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

Table = list[dict[str, str]]
RESULTS = ("verdicts", "scores", "rollups", "escalations", "rejected")
HERE = Path(__file__).parent
_SETTING = re.compile(r"评价区间 (\S+) 至 (\S+)，按 (\S+) 所知")


@dataclass(frozen=True)
class Section:
    """One example, ready to run."""

    title: str
    rules: str = ""
    scheme: str = ""
    window: tuple[date, date] = (date(2025, 1, 1), date(2025, 12, 31))
    as_of: date = date(2026, 6, 30)
    tables: dict[str, Table] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    explanations: tuple[tuple[str, str, str], ...] = ()  # explain or unexplained, arguments, text

    @property
    def expected(self) -> dict[str, Table]:
        return {name: rows for name, rows in self.tables.items() if name in RESULTS}

    @property
    def facts(self) -> dict[str, Table]:
        return {name: rows for name, rows in self.tables.items() if name not in RESULTS}


def chapters() -> list[Path]:
    """All but those on procedures, which procedures.py reads."""
    return sorted(path for path in HERE.glob("[0-9]*.md") if "-procedure-" not in path.name)


def sections(path: Path) -> list[Section]:
    """The examples of a chapter."""
    shared, *parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    base = _section(Section(path.stem), shared)
    found = [_section(replace(base, title=part.partition("\n")[0].strip()), part) for part in parts]
    return [one for one in found if one.expected or one.errors or one.explanations]


def _section(section: Section, text: str) -> Section:
    tables = section.tables | _tables(text)
    section = replace(section, tables=tables)
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        if language == "errors":
            section = replace(section, errors=tuple(block.strip().splitlines()))
        elif language == "yaml":
            section = replace(section, **{"scheme" if "dimensions:" in block else "rules": block})
    printed = re.findall(r"^```(explain|unexplained) (.*)\n((?:.*\n)*?)^```", text, flags=re.MULTILINE)
    section = replace(section, explanations=tuple(printed))
    if match := _SETTING.search(text):
        first, last, as_of = (date.fromisoformat(day) for day in match.groups())
        section = replace(section, window=(first, last), as_of=as_of)
    return section


def _tables(text: str) -> dict[str, Table]:
    found = re.findall(r"^\*\*(\w+)\*\*\n\n((?:\|.*\n?)+)", text, flags=re.MULTILINE)
    return {name: _rows(lines.splitlines()) for name, lines in found}


def _rows(lines: list[str]) -> Table:
    head, _, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in rows]
