"""What exists instead of a rule or a subject that does not. Serves the person who asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.facts import Facts, files
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.groups import Groups
from zhibu.engine.facts.shape import SHAPES, SUBJECTS, TEXT
from zhibu.engine.rulebooks.page import nearest
from zhibu.engine.sentences import SUBJECT

NAMED = 3
NEAREST = """
SELECT id, levenshtein(lower(id), lower(?)) AS distance FROM ids
WHERE id IS NOT NULL GROUP BY id ORDER BY distance, id LIMIT ?
"""


def no_rule(name: str, known: list[str]) -> str:
    bare = [one for one in known if one.partition("/")[2] == name]
    hint = f"应写成 {'、'.join(bare)}" if bare else nearest(name, known)
    return f"没有规则“{name}”。{hint}"


def no_subject(folder: Path, facts: Facts, subject: str, identity: str) -> str:
    """The ids most like it, and whether it is another kind of subject."""
    table = SUBJECTS[subject][0]
    said = f"表 {table} 里没有编号“{identity}”"
    for other, (name, _, _, _) in SUBJECTS.items():
        if other != subject and identity in _ids(folder, facts, other, identity):
            return f"{said}；表 {name} 里有它，但问的是{SUBJECT[subject]}"
    found = _nearest(pa.chunked_array(list(_all_ids(folder, facts, subject)), TEXT), identity)
    return f"{said}。{found}"


def _ids(folder: Path, facts: Facts, subject: str, identity: str) -> list[str]:
    """The id, if the table has it."""
    table, column, _, _ = SUBJECTS[subject]
    if table in facts.written:
        return [one for one in facts[table][column].to_pylist() if one == identity]
    path = files.find(folder, SHAPES[table])
    return [identity] if path is not None and len(Groups(path).where(column, {identity})) else []


def _all_ids(folder: Path, facts: Facts, subject: str) -> Iterator[pa.Array]:
    table, column, _, _ = SUBJECTS[subject]
    path = files.find(folder, SHAPES[table])
    if path is None or table in facts.written:
        yield plain(facts[table][column])
        return
    groups = Groups(path)
    with files.readable(path):
        for group in groups if groups.holds(column) else ():
            yield pc.unique(group.column(column)).cast(TEXT)


def _nearest(ids: pa.ChunkedArray, identity: str) -> str:
    import duckdb

    with duckdb.connect(":memory:") as database:
        database.register("ids", pa.table({"id": ids}))
        found = database.execute(NEAREST, [identity, NAMED]).fetchall()
    if not found:
        return "这个表是空的"
    close = [name for name, distance in found if distance <= max(1, len(identity) // 3) and distance < len(identity)]
    if close:
        return f"相近的有：{'、'.join(close)}"
    return f"没有相近的；编号的样子如 {'、'.join(name for name, _ in found)}"
