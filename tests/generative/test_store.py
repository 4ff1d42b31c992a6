"""Generated worlds as Parquet, through a packed store: the same tables as the reference gives from the same files.

Row groups of a few rows in several parts, so that everything that happens between them happens here.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.generative.dice import Dice
from tests.generative.test_backends_agree import TABLES
from tests.generative.world import TYPES, Case, case
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import evaluate, stream
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import read
from zhibu.engine.packed import Unfit, native
from zhibu.engine.packed.store import opened
from zhibu.engine.rulebooks.load import load

CASES = int(os.environ.get("ZHIBU_CASES", "300")) // 4
KERNELS = ["on", "off"] if native.library() else ["off"]
Rows = dict[str, list[dict[str, object]]]


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_store_gives_the_same_tables(kernel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_KERNEL", kernel)
    through = 0
    for seed in range(CASES):
        one = case(seed)
        folder = tmp_path / str(seed)
        _write(one, folder)
        expected = _reference(one, folder)
        try:
            found = _through_store(one, folder)
        except Unfit as reason:
            print(seed, reason)
            continue
        assert found == expected, f"case {seed}"
        through += 1
    assert through > CASES * 0.6


def _write(one: Case, folder: Path) -> None:
    dice = Dice(f"parts {one.seed}")
    folder.mkdir()
    for name, table in one.tables().items():
        if name != "events":
            pq.write_table(table, folder / f"{name}.parquet")
    table = pa.Table.from_pylist(one.facts["events"], pa.schema(TYPES["events"]))
    (folder / "events").mkdir()
    for part, first in enumerate(range(0, max(len(table), 1), 11)):
        rows = dice.pick([1, 3, 50])
        path = folder / "events" / f"{part:03}.parquet"
        pq.write_table(table.slice(first, 11), path, row_group_size=rows, write_statistics=dice.chance(2))


def _reference(one: Case, folder: Path) -> Rows | str:
    try:
        facts = read(folder)
        books, scheme = _rules(one, folder)
        found = evaluate(books, facts, one.window, one.as_of, scheme=scheme, backend="memory", holidays=one.holidays)
        return {name: getattr(found, name).to_pylist() for name in TABLES}
    except EngineError as error:
        return _said(error, folder)


def _through_store(one: Case, folder: Path) -> Rows | str:
    books, scheme = _rules(one, folder)
    try:
        facts: Facts = opened(folder / "store", folder, books, lambda *_: None).facts
        found = stream(books, facts, one.window, one.as_of, scheme=scheme, holidays=one.holidays)
        rows: Rows = {name: [] for name in TABLES}
        for name, table in found.pieces:
            rows[name] += table.to_pylist()
        return rows
    except EngineError as error:
        return _said(error, folder)


def _rules(one: Case, folder: Path):  # type: ignore[no-untyped-def]
    from zhibu.engine import scheme

    paths = [folder / f"{place}.yaml" for place in range(len(one.rulebooks))]
    for path, text in zip(paths, one.rulebooks, strict=True):
        path.write_text(text, encoding="utf-8")
    (folder / "scheme.yml").write_text(one.scheme, encoding="utf-8")
    return load(paths), scheme.read(folder / "scheme.yml")


def _said(error: EngineError, folder: Path) -> str:
    return re.sub(re.escape(str(folder)), "", str(error))
