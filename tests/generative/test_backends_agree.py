"""Generated rulebooks and facts: memory and duckdb must give the same tables, row for row.

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
from zhibu.engine.backends.duckdb import database
from zhibu.engine.evaluate import Evaluation

FIRST, CASES = int(os.environ.get("ZHIBU_FIRST_CASE", "0")), int(os.environ.get("ZHIBU_CASES", "300"))
ENOUGH = 300  # from so many cases on, everything must have been seen
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


def test_a_disagreement_is_found_and_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A status turned around in the SQL must be caught, or the comparison compares nothing."""
    from zhibu.engine.backends.duckdb import verdicts

    monkeypatch.setattr(verdicts, "VERDICTS", verdicts.VERDICTS.replace("THEN 'late'", "THEN 'met'"))
    found = next(one for seed in range(300) if _differs(one := case(seed)))
    small = shrink(found, _differs)
    assert _differs(small)
    assert sum(map(len, small.facts.values())) < sum(map(len, found.facts.values()))


def _differs(one: Case, census: Census | None = None) -> bool:
    memory, fast = one.answers(("memory", "duckdb"))
    if isinstance(memory, str) or isinstance(fast, str):
        if census and isinstance(memory, str):
            census.refused(memory)
        return memory != fast
    if census:
        census.answered(one.books(), memory)
    return any(_table(memory, name) != _table(fast, name) for name in TABLES)


def _table(found: Evaluation, name: str) -> tuple[object, ...]:
    table = getattr(found, name)
    return table.schema, table.to_pylist()


def _report(small: Case) -> None:
    memory, fast = small.answers(("memory", "duckdb"))
    lines = [f"case {small.seed} differs; as of {small.as_of}, window {small.window}", *small.rulebooks]
    lines += [small.scheme, pformat({table: rows for table, rows in small.facts.items() if rows}, width=160)]
    if isinstance(memory, str) or isinstance(fast, str):
        lines += [f"memory: {memory}", f"duckdb: {fast}"]
    else:
        for name in TABLES:
            before, after = getattr(memory, name).to_pylist(), getattr(fast, name).to_pylist()
            lines += [f"{name}, memory only: {row}" for row in before if row not in after]
            lines += [f"{name}, duckdb only: {row}" for row in after if row not in before]
    pytest.fail("\n".join(lines), pytrace=False)
