"""Generated rulebooks and facts: memory, duckdb's SQL and its kernels must give the same tables, row for row.

ZHIBU_CASES=5000 pytest tests/generative        more cases (300 when not set)
ZHIBU_FIRST_CASE=1234 ZHIBU_CASES=1 pytest …    one case again, by the seed a failure names
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pprint import pformat

import duckdb
import pytest

from tests.generative.census import EXPECTED, Census
from tests.generative.shrink import shrink
from tests.generative.world import Case, case
from zhibu.engine.backends import duckdb as backend
from zhibu.engine.backends.duckdb import database
from zhibu.engine.evaluate import Evaluation
from zhibu.engine.packed import native

FIRST, CASES = int(os.environ.get("ZHIBU_FIRST_CASE", "0")), int(os.environ.get("ZHIBU_CASES", "300"))
ENOUGH = 300  # from so many cases on, everything must have been seen
BACKENDS = ("memory", "sql", "numpy", *(("kernel",) if native.library() else ()))
TABLES = ("verdicts", "scores", "rollups", "escalations", "rejected")


@pytest.fixture(autouse=True)
def shared_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Starting DuckDB takes longer than answering a small case; a cursor has temporary tables of its own."""
    with duckdb.connect(":memory:", config={"threads": 1}) as shared:
        monkeypatch.setattr(database, "connect", lambda settings: shared.cursor())
        yield


def test_the_backends_agree_and_everything_was_generated() -> None:
    census = Census()
    for seed in range(FIRST, FIRST + CASES):
        if _differs(one := case(seed), census):
            _report(shrink(one, _differs))
    assert CASES < ENOUGH or not census.missing(), f"never generated: {sorted(census.missing())}"


def test_an_idle_generator_is_noticed() -> None:
    census = Census()
    for seed in range(3):
        _differs(case(seed), census)
    assert census.missing() and census.missing() < EXPECTED


@pytest.mark.parametrize("kernel", BACKENDS[2:])
def test_a_kernel_covers_nearly_everything(kernel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it leaves to SQL is not compared with SQL."""
    left: list[int] = []
    answered = backend.sql
    monkeypatch.setattr(backend, "sql", lambda plan, tick: (left.append(1), answered(plan, tick))[1])
    for seed in range(60):
        case(seed).answers((kernel,))
    assert len(left) <= 1


def test_a_disagreement_is_found_and_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A status turned around in the SQL must be caught, or the comparison compares nothing."""
    from zhibu.engine.backends.duckdb import verdicts

    monkeypatch.setattr(verdicts, "VERDICTS", verdicts.VERDICTS.replace("THEN 'late'", "THEN 'met'"))
    found = next(one for seed in range(300) if _differs(one := case(seed)))
    small = shrink(found, _differs)
    assert _differs(small)
    assert sum(map(len, small.facts.values())) < sum(map(len, found.facts.values()))


def _differs(one: Case, census: Census | None = None) -> bool:
    memory, *fast = one.answers(BACKENDS)
    if isinstance(memory, str):
        if census:
            census.refused(memory)
        return any(_refusal(other) != _refusal(memory) for other in fast)
    if census:
        census.answered(one.books(), memory)
    return any(isinstance(other, str) or _tables(memory) != _tables(other) for other in fast)


def _refusal(found: Evaluation | str) -> str:
    return found if isinstance(found, str) else ""


def _tables(found: Evaluation) -> list[object]:
    return [_table(found, name) for name in TABLES]


def _table(found: Evaluation, name: str) -> tuple[object, ...]:
    table = getattr(found, name)
    return table.schema, table.to_pylist()


def _report(small: Case) -> None:
    answers = dict(zip(BACKENDS, small.answers(BACKENDS), strict=True))
    lines = [f"case {small.seed} differs; as of {small.as_of}, window {small.window}", *small.rulebooks]
    lines += [small.scheme, pformat({table: rows for table, rows in small.facts.items() if rows}, width=160)]
    if any(isinstance(found, str) for found in answers.values()):
        lines += [f"{name}: {found if isinstance(found, str) else 'answered'}" for name, found in answers.items()]
    else:
        lines += [line for name in BACKENDS[1:] for line in _differences(answers["memory"], name, answers[name])]
    pytest.fail("\n".join(lines), pytrace=False)


def _differences(memory: Evaluation, name: str, other: Evaluation) -> Iterator[str]:
    for table in TABLES:
        before, after = getattr(memory, table).to_pylist(), getattr(other, table).to_pylist()
        yield from (f"{table}, memory only: {row}" for row in before if row not in after)
        yield from (f"{table}, {name} only: {row}" for row in after if row not in before)
