"""The packed store: opened again, made anew when it must be, gone on with after a kill, never half there."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.engine.conftest import RULES
from zhibu.cli import main
from zhibu.engine.backends import duckdb
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import rejections
from zhibu.engine.facts.load import read
from zhibu.engine.packed import making, native, rowgroups, store
from zhibu.engine.results import REJECTED
from zhibu.engine.rulebooks.load import load

TABLES = ("verdicts", "scores", "rollups", "escalations", "rejected")
BRANCHES, EVENTS = 40, 2000


KERNELS = ["on", "off"] if native.library() else ["off"]


@pytest.fixture(autouse=True, params=KERNELS)
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The compiled kernel where it was built, and the one in numpy."""
    monkeypatch.setenv("ZHIBU_KERNEL", request.param)
    return str(request.param)


def quiet(*_: object) -> None:
    """Nobody listens to the progress."""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Forty branches under one committee, 2,000 meetings in recorded order, some of them wrong or twice."""
    facts, dice = tmp_path / "facts", np.random.default_rng(7)
    (facts / "events").mkdir(parents=True)
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    names = ["w", *(f"b{number:02}" for number in range(BRANCHES))]
    nothing = pa.nulls(len(names), pa.date32())
    columns = {"org_id": names, "parent_id": [None, *["w"] * BRANCHES], "kind": ["committee", *["branch"] * BRANCHES]}
    columns |= dict.fromkeys(("founded_on", "dissolved_on", "valid_from", "valid_to"), nothing)
    pq.write_table(pa.table(columns), facts / "organisations.parquet")
    held = np.sort(dice.integers(0, 365, EVENTS)) + (date(2025, 1, 1) - date(1970, 1, 1)).days
    table = pa.table(
        {
            "event_id": [f"e{number:05}" for number in range(EVENTS)],
            "types": [["general_meeting"] if number % 3 else ["lesson", "general_meeting"] for number in range(EVENTS)],
            "org_id": [names[number] for number in dice.integers(0, len(names), EVENTS)],
            "person_id": pa.nulls(EVENTS, pa.string()),
            "unit_id": pa.nulls(EVENTS, pa.string()),
            "held_on": pa.array(held.astype(np.int32)).cast(pa.date32()),
            "recorded_on": pa.array((held + dice.integers(0, 60, EVENTS)).astype(np.int32)).cast(pa.date32()),
            "expected": pa.array(np.full(EVENTS, 20)),
            "present": pa.array(dice.integers(5, 20, EVENTS)),
            "days": pa.nulls(EVENTS, pa.float64()),
            "hours": pa.nulls(EVENTS, pa.float64()),
            "topics": pa.nulls(EVENTS, pa.list_(pa.string())),
            "makes_up": pa.nulls(EVENTS, pa.string()),
            "venue": [["室", "田", None][number % 3] for number in range(EVENTS)],
        }
    )
    wrong = pc.if_else(pa.array(np.arange(EVENTS) % 400 == 7), pa.scalar(-1), table["present"])
    twice = pc.if_else(pa.array(np.arange(EVENTS) % 500 == 499), pa.scalar("e00001"), table["event_id"])
    table = table.set_column(8, "present", wrong).set_column(0, "event_id", twice)
    for part in range(4):
        pq.write_table(table.slice(part * 500, 500), facts / "events" / f"{part}.parquet", row_group_size=90)
    return tmp_path


def evaluate(world: Path, out: str, *more: str) -> int:
    paths = ["--rules", str(world / "rules.yaml"), "--facts", str(world / "facts"), "--out", str(world / out)]
    return main(["evaluate", *paths, "--year", "2025", "--as-of", "2026-03-01", *more])


def same(world: Path, *outs: str) -> bool:
    first, *others = ([(world / out / f"{name}.parquet").read_bytes() for name in TABLES] for out in outs)
    return all(one == first for one in others)


def test_the_same_bytes_by_every_way(world: Path, kernel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert evaluate(world, "memory", "--backend", "memory") == 1
    assert evaluate(world, "kernel") == 1
    monkeypatch.setenv("ZHIBU_KERNEL", "sql")
    assert evaluate(world, "sql") == 1
    monkeypatch.setenv("ZHIBU_KERNEL", kernel)
    monkeypatch.setenv("ZHIBU_STORE", str(world / "store"))
    assert evaluate(world, "made") == evaluate(world, "opened") == 1
    monkeypatch.setenv("ZHIBU_DUCKDB_THREADS", "1")
    assert evaluate(world, "alone") == 1
    assert same(world, "memory", "kernel", "sql", "made", "opened", "alone")


def test_events_in_the_order_of_subjects_need_no_table_of_rows(world: Path) -> None:
    parts = sorted((world / "facts/events").iterdir())
    table = pa.concat_tables(pq.read_table(part) for part in parts)
    good = pc.and_(pc.greater_equal(table["present"], 0), pa.array(np.arange(EVENTS) % 500 != 499))
    for part in parts:
        part.unlink()
    pq.write_table(table.filter(good).sort_by("org_id"), parts[0], row_group_size=90)
    books = load([world / "rules.yaml"])
    found = store.opened(world / "store", world / "facts", books, quiet)
    assert not (found.folder / "organisation/id_row.npy").exists()
    assert found.subjects("organisation", found.facts["organisations"]).events.ids.rows is None


@pytest.mark.parametrize("disorder", ["first_missing", "near", "far", "swapped_parts", "shuffled"])
def test_repeated_ids_are_found_wherever_they_stand(world: Path, disorder: str) -> None:
    """Ids nearly in order are only looked at where they are out of it: the same rows must be left out."""
    ids = np.array([f"e{number:05}" for number in range(EVENTS)], object)
    dice = np.random.default_rng(3)
    for row in dice.integers(60, EVENTS, 12):
        ids[row] = ids[row - dice.integers(1, 4)] if disorder == "near" else ids[dice.integers(0, row)]
    if disorder == "first_missing":
        ids[[0, 90, 500]] = None
    if disorder == "swapped_parts":
        ids = np.concatenate([ids[1000:], ids[:1000]])
    if disorder == "shuffled":
        dice.shuffle(ids)
    for part in range(4):
        path = world / "facts" / "events" / f"{part}.parquet"
        table = pq.read_table(path)
        texts = pa.array(ids[part * 500 : part * 500 + 500], pa.string())
        pq.write_table(table.set_column(0, "event_id", texts), path, row_group_size=90)
    books, stored = load([world / "rules.yaml"]), world / "store"
    found = rejections(store.opened(stored, world / "facts", books, quiet).facts)
    expected = rejections(read(world / "facts"))
    assert found.plain(REJECTED).equals(expected.plain(REJECTED))
    assert sum("重复" in row.reason for row in found) >= 10


def test_a_store_is_made_once_and_anew_when_files_or_rules_change(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[str]] = []
    make = store.make
    monkeypatch.setattr(store, "make", lambda *args: (made.append(args[2]), make(*args))[1])
    books, folder, facts = load([world / "rules.yaml"]), world / "store", world / "facts"
    for _ in range(2):
        store.opened(folder, facts, books, quiet)
    assert len(made) == 1
    (world / "rules.yaml").write_text(
        RULES.replace("attendance: {min", "venue: 田, attendance: {min"), encoding="utf-8"
    )
    books = load([world / "rules.yaml"])
    assert "venue" in store.opened(folder, facts, books, quiet).told["columns"] and len(made) == 2
    part = facts / "events/3.parquet"
    pq.write_table(pq.read_table(part).slice(0, 10), part)
    assert store.opened(folder, facts, books, quiet).subjects("organisation", None).events.of[-1] < 1520
    assert len(made) == 3


def test_an_unreadable_part_is_named_and_nothing_stays(world: Path, capsys: pytest.CaptureFixture[str],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("ZHIBU_STORE", str(world / "store"))
    part = world / "facts/events/2.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2])
    assert evaluate(world, "out") == 2
    assert "2.parquet" in capsys.readouterr().err
    middle = len(whole) // 3
    part.write_bytes(whole[:middle] + bytes(200) + whole[middle + 200 :])
    assert evaluate(world, "out") == 2
    assert "2.parquet" in capsys.readouterr().err
    assert {path.name for path in world.iterdir()} == {"facts", "rules.yaml"}


def test_a_full_disk_leaves_nothing(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_STORE", str(world / "store"))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.Spool, "put", full)
    assert evaluate(world, "out") == 2
    assert {path.name for path in world.iterdir()} == {"facts", "rules.yaml"}


def test_missing_columns_of_all_tables_come_together(world: Path) -> None:
    organisations = world / "facts/organisations.parquet"
    pq.write_table(pq.read_table(organisations).drop_columns(["kind"]), organisations)
    for part in (world / "facts/events").iterdir():
        pq.write_table(pq.read_table(part).drop_columns(["present"]), part)
    with pytest.raises(EngineError) as found:
        store.opened(world / "store", world / "facts", load([world / "rules.yaml"]), quiet)
    assert "kind" in str(found.value) and "present" in str(found.value)


def test_parts_with_different_columns_are_read_whole(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = world / "facts/events/1.parquet"
    pq.write_table(pq.read_table(part).drop_columns(["venue"]), part)
    assert evaluate(world, "memory", "--backend", "memory") == 1
    monkeypatch.setenv("ZHIBU_STORE", str(world / "store"))
    monkeypatch.setattr(duckdb, "sql", None)  # the kernel answers all the same
    assert evaluate(world, "out") == 1
    assert same(world, "memory", "out")


KILLED = """
import os, signal, sys
from zhibu.cli import main
from zhibu.engine.packed import making
put, done = making._put, []
def dying(group, spool):
    done.append(1)
    if len(done) > 9:
        os.kill(os.getpid(), signal.SIGKILL)
    return put(group, spool)
making._put = dying
main(sys.argv[1:])
"""


def test_a_killed_run_is_gone_on_with(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert evaluate(world, "memory", "--backend", "memory") == 1
    monkeypatch.setenv("ZHIBU_STORE", str(world / "store"))
    paths = ["--rules", str(world / "rules.yaml"), "--facts", str(world / "facts"), "--out", str(world / "out")]
    command = [sys.executable, "-c", KILLED, "evaluate", *paths, "--year", "2025", "--as-of", "2026-03-01"]
    done = subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL and not (world / "out").exists()
    before = len(making.Done(world / ".store.making/done").lines)
    assert before > 2
    read: list[int] = []
    group = rowgroups.read
    monkeypatch.setattr(rowgroups, "read", lambda *args: (read.append(1), group(*args))[1])
    assert evaluate(world, "out") == 1
    assert len(read) == 24 - before
    assert same(world, "memory", "out")
    assert not (world / ".store.making").exists()


def test_two_runs_at_once_make_one_store(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_STORE", str(world / "store"))
    commands = [
        [sys.executable, "-m", "zhibu.cli", "evaluate", "--rules", str(world / "rules.yaml"), "--facts",
         str(world / "facts"), "--year", "2025", "--as-of", "2026-03-01", "--out", str(world / out)]
        for out in ("one", "two")
    ]  # fmt: skip
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) for command in commands]
    assert [one.wait(timeout=120) for one in running] == [1, 1]
    assert same(world, "one", "two")
    assert not (world / ".store.making").exists()
