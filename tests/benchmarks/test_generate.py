"""The generator of benchmark facts: the same seed gives the same bytes, and the backends agree on what it makes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.benchmarks.conftest import BENCHMARKS, generate
from zhibu.engine import check, formalism, scheme
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.facts.load import read
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import After, Always, Anchored, Calendar

TABLES = ("verdicts", "scores", "rollups", "escalations")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


def answer(folder: Path, backend: str) -> Evaluation:
    window = (date(2025, 1, 1), date(2025, 12, 31))
    books, ladder = load([folder / "rules"]), scheme.read(folder / "scheme.yaml")
    return evaluate(books, read(folder), window, date(2026, 1, 10), scheme=ladder, backend=backend)


@pytest.fixture(scope="module")
def reference(town: Path) -> Evaluation:
    return answer(town, "memory")


def test_same_seed_same_bytes(town: Path, tmp_path: Path) -> None:
    assert bytes_of(generate(tmp_path / "again")) == bytes_of(town)
    assert bytes_of(generate(tmp_path / "other", "--seed", "1")) != bytes_of(town)


def test_rules_and_scheme_are_without_fault_and_use_every_clock() -> None:
    paths = [BENCHMARKS / "rules", BENCHMARKS / "scheme.yaml"]
    found = check.check(paths, on=date(2025, 1, 1), catalogue=formalism.official())
    assert (found.faults, found.rules) == ((), 30)
    clocks = [rule.clock for book in load([BENCHMARKS / "rules"]) for rule in book.rules]
    assert {type(clock) for clock in clocks} == {Calendar, Anchored, After, Always}
    assert {clock.unit for clock in clocks if isinstance(clock, Calendar)} == {"month", "quarter", "half_year", "year"}


def test_codes_are_a_preorder_of_the_tree(town: Path) -> None:
    rows = read(town)["organisations"].to_pylist()
    parents = {row["org_id"]: row["parent_id"] for row in rows}  # of the last row, which is the year's end
    codes, open_above = sorted(parents), []
    for code in codes:
        while open_above and open_above[-1] != parents[code]:
            open_above.pop()
        assert open_above or parents[code] is None, f"{code} does not follow its parent's subtree"
        open_above.append(code)


def test_facts_hold_what_the_engine_must_cope_with(town: Path, reference: Evaluation) -> None:
    events = read(town)["events"]
    assert pc.any(pc.greater(pc.list_value_length(events["types"]), 1)).as_py()
    assert pc.any(pc.is_valid(events["makes_up"])).as_py()
    statuses = set(reference.verdicts["status"].to_pylist())
    assert statuses == {"met", "late", "missed", "exempt", "open"}
    columns = set(reference.rejected["column"].to_pylist())
    assert columns == {"recorded_on", "expected", "held_on", "event_id", "to", "subject"}


def test_backends_agree(town: Path, reference: Evaluation) -> None:
    same(answer(town, "duckdb"), reference)


def test_order_of_events_does_not_matter(tmp_path: Path, reference: Evaluation) -> None:
    same(answer(generate(tmp_path / "shuffled", "--shuffled"), "duckdb"), reference)


def same(found: Evaluation, wanted: Evaluation) -> None:
    for name in TABLES:
        one: pa.Table = getattr(found, name)
        assert one.equals(getattr(wanted, name)), name
