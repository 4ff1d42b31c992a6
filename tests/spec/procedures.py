"""Reads a chapter on procedures: each section is one or several files, a case, and what must come of it.

Before the first `##` stands what all sections share; a section with YAML blocks of its own has only these. In it:

- YAML blocks: procedures or supplements, of which an example need not repeat what all must have;
- a line 2025-01-01 开始办理，已知 d1=2000-01-01。 (or 后补；both optional);
- **records** and a table: tried in order, each looked at on the day of `today`, else of `done`. `撤回 s1` takes
  the last record of s1 back. `result`: 可以, 提醒, 要原因, 不行; `says`: a part of the sentences;
- **standing** and a table: `on`, `step` and any columns of where that step stands after all records, blank: nothing;
- **ended** and a table: `on`, `ended`, `version` of the case as a whole;
- a block ```errors: each line must be found in what the reader says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.spec.chapter import Table, _tables
from zhibu.engine.procedures.model import Case, Record, Votes

HERE = Path(__file__).parent
_CASE = re.compile(r"^(\d{4}-\d\d-\d\d) 开始办理(，后补)?(?:，已知 (.*?))?。$", re.MULTILINE)
HEADS = {"应到": "due", "实到": "present", "赞成": "yes", "反对": "no", "弃权": "abstain", "书面": "written_yes"}
HEADS |= {"名额": "seats", "收回": "returned"}


class Plain(yaml.SafeLoader):
    """Takes yes and no for words, as the reader of procedures does."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, test) for tag, test in found if not tag.endswith("bool") or first in "tf"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Section:
    title: str
    files: tuple[str, ...] = ()
    case: Case = field(default_factory=lambda: Case(date(2025, 1, 1)))
    tables: dict[str, Table] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


def chapters() -> list[Path]:
    return sorted(HERE.glob("[0-9]*-procedure-*.md"))


def sections(path: Path) -> list[Section]:
    shared, *parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    base = _section(Section(path.stem), shared)
    return [_section(replace(base, title=part.partition("\n")[0].strip()), part) for part in parts]


def _section(section: Section, text: str) -> Section:
    blocks = re.findall(r"^```yaml\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    errors = re.findall(r"^```errors\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    if found := _CASE.search(text):
        opened, later, known = found.groups()
        case = Case(date.fromisoformat(opened), values(known or ""), written_later=bool(later))
        section = replace(section, case=case)
    return replace(
        section,
        files=tuple(map(whole, blocks)) or section.files,
        tables=_tables(text),
        errors=tuple(line for block in errors for line in block.strip().splitlines()),
    )


def whole(snippet: str) -> str:
    """The snippet with what every file must have and an example need not repeat."""
    written = yaml.load(snippet, Loader=Plain)
    head: dict[str, Any] = {"version": "1", "title": "示例", "effective": {"from": date(2000, 1, 1)}}
    head |= {"sources": {"S": {"title": "示例办法"}}}
    extra = (
        {"level": "county"} if "supplement" in written else {"procedure": "t", "level": "central", "subject": "person"}
    )
    book = head | extra | written
    source = {"ref": "S", "clause": "第一条"}
    book["steps"] = [{"title": one.get("id", ""), "source": source} | one for one in book.get("steps", [])]
    book["tighten"] = {key: {"source": source} | one for key, one in written.get("tighten", {}).items()}
    found = {key: one for key, one in book.items() if one or key not in ("steps", "tighten")}
    return yaml.safe_dump(found, allow_unicode=True, sort_keys=False)


def values(text: str) -> dict[str, Any]:
    pairs = (one.partition("=") for one in text.split("、") if one)
    return {name.strip(): value_of(value) for name, _, value in pairs}


def value_of(text: str) -> Any:
    """Such as 3, true, 2025-01-01; a day there is not stays text."""
    try:
        return yaml.load(text, Loader=Plain)
    except ValueError:
        return text


def record(row: dict[str, str], key: str) -> Record:
    heads = re.findall(r"(\w+?) ?(\d+)", row.get("votes", ""))
    votes = {HEADS[name]: int(number) for name, number in heads}
    begun = row.get("begun")
    return Record(
        row["step"],
        date.fromisoformat(row["done"]),
        date.fromisoformat(begun) if begun else None,
        row.get("outcome") or "yes",
        values(row.get("values", "")),
        Votes(**votes) if votes else None,
        frozenset(filter(None, row.get("papers", "").split("、"))),
        row.get("reason", ""),
        key,
    )
