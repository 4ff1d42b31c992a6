"""A generated case: rulebooks and scheme as text, facts as rows; and how a backend answers it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
from hypothesis import strategies as st

from tests.generative.conditions import HOSTILE
from tests.generative.days import as_of_days, windows
from tests.generative.facts import Tables, facts
from tests.generative.rulebooks import rulebooks
from tests.generative.schemes import schemes
from zhibu.engine import scheme as scheme_files
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.facts.load import from_tables
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme

DAYS = ("founded_on", "dissolved_on", "valid_from", "valid_to", "chartered_on")
TYPES: dict[str, dict[str, pa.DataType]] = {
    "organisations": {
        "org_id": pa.string(), "parent_id": pa.string(), "kind": pa.string(), "sector": pa.string(),
        "members": pa.int64(), "fund": pa.float64(), "tags": pa.list_(pa.string()), "model": pa.bool_(),
        HOSTILE: pa.string(), **dict.fromkeys(DAYS, pa.date32()),
    },
    "people": {
        "person_id": pa.string(), "org_id": pa.string(), "role": pa.string(), "age": pa.int64(),
        "tags": pa.list_(pa.string()), HOSTILE: pa.string(),
        **dict.fromkeys(("joined_on", "left_on", "valid_from", "valid_to", "chartered_on"), pa.date32()),
    },
    "units": {
        "unit_id": pa.string(), "kind": pa.string(), "staff": pa.int64(), HOSTILE: pa.string(),
        **dict.fromkeys(DAYS, pa.date32()),
    },
    "events": {
        "event_id": pa.string(), "types": pa.list_(pa.string()), "org_id": pa.string(), "person_id": pa.string(),
        "unit_id": pa.string(), "held_on": pa.date32(), "recorded_on": pa.date32(), "expected": pa.int64(),
        "present": pa.int64(), "days": pa.float64(), "hours": pa.float64(), "topics": pa.list_(pa.string()),
        "makes_up": pa.string(), "venue": pa.string(), "online": pa.bool_(), HOSTILE: pa.string(),
    },
    "waivers": {
        "subject": pa.string(), "subject_id": pa.string(), "rule": pa.string(), "from": pa.date32(),
        "to": pa.date32(), "reason": pa.string(),
    },
    "adjustments": {
        "subject_id": pa.string(), "item": pa.string(), "on": pa.date32(), "points": pa.float64(),
        "reason": pa.string(),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    rulebooks: list[str]
    facts: Tables
    scheme: str
    window: tuple[date, date]
    as_of: date

    def books(self) -> tuple[Rulebook, ...]:
        with _files(self.rulebooks) as paths:
            return load(paths)

    def read_scheme(self) -> Scheme:
        with _files([self.scheme]) as paths:
            return scheme_files.read(paths[0])

    def tables(self) -> dict[str, pa.Table]:
        return {table: pa.Table.from_pylist(self.facts[table], pa.schema(TYPES[table])) for table in TYPES}

    def answers(self, backends: tuple[str, ...]) -> list[Evaluation | str]:
        """What each backend says, or the text of its refusal."""
        found: list[Evaluation | str] = []
        for backend in backends:
            try:
                known = from_tables(self.tables())
                found.append(
                    evaluate(self.books(), known, self.window, self.as_of, scheme=self.read_scheme(), backend=backend)
                )
            except EngineError as error:
                found.append(str(error))
        return found


@contextmanager
def _files(texts: list[str]) -> Iterator[list[Path]]:
    """The real loader reads real files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{place}.yaml") for place in range(len(texts))]
        for path, content in zip(paths, texts, strict=True):
            path.write_text(content, encoding="utf-8")
        yield paths


@st.composite
def cases(draw: st.DrawFn) -> Case:
    texts = draw(rulebooks())
    with _files(texts) as paths:
        names = sorted({rule.name for book in load(paths) for rule in book.rules})
    window = draw(windows())
    return Case(texts, draw(facts(names)), draw(schemes(names)), window, draw(as_of_days(window)))
