"""A generated case: rulebooks and scheme as text, facts as rows; and how a backend answers it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from tests.generative import days
from tests.generative.conditions import HOSTILE
from tests.generative.dice import Dice
from tests.generative.facts import Tables, facts
from tests.generative.rulebooks import rulebooks
from tests.generative.schemes import scheme
from zhibu.engine import scheme as scheme_files
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import from_tables, read
from zhibu.engine.holidays import Holidays, official
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme

DAYS = ("founded_on", "dissolved_on", "valid_from", "valid_to", "chartered_on")
TYPES: dict[str, dict[str, pa.DataType]] = {
    "organisations": {
        "org_id": pa.string(), "parent_id": pa.string(), "kind": pa.string(), "sector": pa.string(),
        "members": pa.int64(), "fund": pa.float64(), "tags": pa.list_(pa.string()), "model": pa.bool_(),
        HOSTILE: pa.string(), "Kind": pa.int64(), "FUND": pa.float64(), "need": pa.string(),
        **dict.fromkeys(DAYS, pa.date32()),
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
        "makes_up": pa.string(), "venue": pa.string(), "online": pa.bool_(), "period": pa.string(),
        HOSTILE: pa.string(), "Held_On": pa.string(),
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

# A table for 2024 only, with a long holiday over a month's end and two weekends to make up for it.
HALF_KNOWN = Holidays(
    years=frozenset({2024}),
    off=frozenset(date(2024, 2, day) for day in (28, 29)) | frozenset(date(2024, 3, day) for day in (1, 4, 5)),
    work=frozenset({date(2024, 2, 25), date(2024, 3, 9)}),
)
WAYS = {"sql": "sql", "numpy": "off", "kernel": "on"}  # what ZHIBU_KERNEL says
NONE_KNOWN = Holidays(years=frozenset(), off=frozenset(), work=frozenset())


@dataclass(frozen=True)
class Case:
    seed: int | str
    rulebooks: list[str]
    facts: Tables
    scheme: str
    window: tuple[date, date]
    as_of: date
    holidays: Holidays
    written: bool  # the facts come as CSV

    def answers(self, backends: tuple[str, ...]) -> list[Evaluation | str]:
        """What each backend says, or the text of its refusal; `sql` and `kernel` are the two ways of duckdb."""
        books, facts, scheme = self.opened()
        return [self._answer(books, facts, scheme, backend) for backend in backends]

    def opened(self) -> tuple[tuple[Rulebook, ...], Facts, Scheme]:
        books, scheme = written(self.rulebooks, self.scheme)
        return books, self.facts_read(), scheme

    def _answer(self, books: tuple[Rulebook, ...], facts: Facts, scheme: Scheme, backend: str) -> Evaluation | str:
        name = "duckdb" if backend in WAYS else backend
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ZHIBU_KERNEL", WAYS.get(backend, "auto"))
            try:
                return evaluate(
                    books, facts, self.window, self.as_of, scheme=scheme, backend=name, holidays=self.holidays
                )
            except EngineError as error:
                return str(error)

    def facts_read(self) -> Facts:
        return self._read() if self.written else from_tables(self.tables())

    def _read(self) -> Facts:
        with tempfile.TemporaryDirectory() as folder:
            self.write(Path(folder))
            return read(folder)

    def write(self, folder: Path) -> None:
        """The facts as CSV."""
        for table, rows in self.facts.items():
            with Path(folder, f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(TYPES[table]))
                writer.writeheader()
                writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)

    def books(self) -> tuple[Rulebook, ...]:
        with _files(self.rulebooks) as paths:
            return load(paths)

    def read_scheme(self) -> Scheme:
        with _files([self.scheme]) as paths:
            return scheme_files.read(paths[0])

    def tables(self) -> dict[str, pa.Table]:
        return {table: pa.Table.from_pylist(self.facts[table], pa.schema(TYPES[table])) for table in TYPES}


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return "|".join(value) if isinstance(value, list) else value


def case(seed: int | str) -> Case:
    dice = Dice(seed)
    texts = rulebooks(dice)
    names = sorted(rule for text in texts for rule in _names(text))
    window = days.window(dice)
    holidays = dice.pick([official(), HALF_KNOWN, NONE_KNOWN])
    return Case(
        seed, texts, facts(dice, names), scheme(dice, names), window, days.as_of(dice, window), holidays, dice.chance(3)
    )


def _names(text: str) -> set[str]:
    book = yaml.load(text, Loader=yaml.CSafeLoader)
    return {f"{book['id']}/{rule['id']}" for rule in book["rules"]}


def written(rulebooks: list[str], scheme: str) -> tuple[tuple[Rulebook, ...], Scheme]:
    with _files([*rulebooks, scheme]) as paths:
        return load(paths[:-1]), scheme_files.read(paths[-1])


@contextmanager
def _files(texts: list[str]) -> Iterator[list[Path]]:
    """The real loader reads real files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{place}.yaml") for place in range(len(texts))]
        for path, content in zip(paths, texts, strict=True):
            path.write_text(content, encoding="utf-8")
        yield paths
