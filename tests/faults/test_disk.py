"""A disk that fills, a limit that is hit, a run that is killed: all or nothing, told in a line, nothing left behind."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from tests.faults import hostile
from zhibu.cli import main
from zhibu.engine import output

ROWS = 60_000
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Enough organisations for results of some megabytes: ids that do not compress."""
    (tmp_path / "facts").mkdir()
    ids = [os.urandom(16).hex() for _ in range(ROWS)]
    nobody = pa.nulls(ROWS, pa.string())
    hostile.put(tmp_path / "facts", "organisations", hostile.organisations(ROWS, org_id=ids, parent_id=nobody))
    hostile.put(tmp_path / "facts", "events", hostile.events())
    (tmp_path / "rules.yaml").write_text(hostile.RULES, encoding="utf-8")
    return tmp_path


def arguments(folder: Path, *more: str) -> list[str]:
    paths = ["--rules", str(folder / "rules.yaml"), "--facts", str(folder / "facts"), "--out", str(folder / "out")]
    return ["evaluate", *paths, "--year", "2025", "--as-of", "2026-06-30", *more]


def started(folder: Path, *more: str, limit: int | None = None) -> subprocess.Popen[str]:
    """The command in a process of its own that may write files of `limit` bytes at most."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit or 0, limit or 0))

    command = [sys.executable, "-m", "zhibu.cli", *arguments(folder, *more)]
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, preexec_fn=limited if limit else None
    )


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("backend", ["memory", "duckdb"])
@pytest.mark.parametrize("share", [0, 0.5, 0.98])
def test_a_file_that_may_not_grow(county: Path, backend: str, share: float) -> None:
    """At the first byte, in the middle, near the end: status 2, one line, and the results of before still there."""
    assert main(arguments(county)) == 0
    limit = 1 + int(share * (county / "out/verdicts.parquet").stat().st_size)
    assert main(arguments(county, "--from", "2025-01-01", "--to", "2025-01-02")) == 0
    before = {path.name: path.read_bytes() for path in (county / "out").iterdir()}
    run = started(county, "--backend", backend, limit=limit)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 2, said
    assert len(said.splitlines()) == 1 and f"{county}/out:1: 读写失败：文件超过了允许的大小" in said
    assert {path.name: path.read_bytes() for path in (county / "out").iterdir()} == before
    assert names(county) == {"facts", "out", "rules.yaml"}


def test_a_killed_run_leaves_no_half_answer_and_the_next_clears_up(county: Path) -> None:
    """Killed at several moments, the last while the files are being written."""
    for wait in (0.3, 0.8, 1.3, None):
        run = started(county)
        deadline = time.monotonic() + 60
        if wait is None:
            while not list(county.glob(".out-*")) and run.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
        else:
            time.sleep(wait)
        run.kill()
        run.communicate()
        done = (county / "out/run.json").exists()
        assert done == (county / "out").exists()
        if done:
            assert json.loads((county / "out/run.json").read_text(encoding="utf-8"))["rows"]["verdicts"] == 4 * ROWS
    assert main(arguments(county)) == 0
    assert names(county) == {"facts", "out", "rules.yaml"}


def test_a_folder_another_run_writes_to_is_left_alone(county: Path) -> None:
    busy, left = county / ".out-busy", county / ".out-left"
    for folder in (busy, left):
        folder.mkdir()
        (folder / "verdicts.parquet").write_bytes(b"x")
    code = (
        "import fcntl, os, sys, time; fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX);"
        "print('held', flush=True); time.sleep(600)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(busy)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout and other.stdout.readline() == "held\n"
        assert main(arguments(county)) == 0
        assert names(county) == {"facts", "out", "rules.yaml", ".out-busy"}
    finally:
        other.kill()
        other.communicate()


def test_an_unfinished_folder_has_no_run_json(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two files of an existing folder: whoever reads it can tell."""
    assert main(arguments(county)) == 0
    moved = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target.name == "scores.parquet":
            raise KeyboardInterrupt
        return moved(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    assert main(arguments(county)) == 130
    assert not (county / "out/run.json").exists()
    monkeypatch.undo()
    assert main(arguments(county)) == 0
    assert (county / "out/run.json").exists()


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda folder: (folder / "out").write_text("x"), "out:1: --out 是一个文件"),
        (lambda folder: (folder / "out/run.json").mkdir(parents=True), "out/run.json:1: 这里有同名的文件夹"),
        (
            lambda folder: (folder / "out/scores.parquet").mkdir(parents=True),
            "out/scores.parquet:1: 这里有同名的文件夹",
        ),
    ],
)
def test_where_nothing_can_be_written_is_known_before(
    county: Path, plant: object, said: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(county)  # type: ignore[operator]
    monkeypatch.setattr(output, "write_pieces", None)
    assert main(arguments(county)) == 2
    assert said in capsys.readouterr().err


def test_a_file_on_the_way_to_out(county: Path, capsys: Capture) -> None:
    assert main([*arguments(county), "--out", str(county / "rules.yaml/deep/out")]) == 2
    assert "rules.yaml:1: --out 的路径中间有一个文件" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(county: Path, capsys: Capture) -> None:
    (county / "locked").mkdir(mode=0o500)
    assert main([*arguments(county), "--out", str(county / "locked/out")]) == 2
    assert "locked:1: 没有权限在这里写" in capsys.readouterr().err


def test_too_little_memory_is_told(county: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(*_: object, **__: object) -> None:
        raise pa.ArrowMemoryError("malloc of size 1 failed")

    monkeypatch.setattr("zhibu.engine.command.write_pieces", hungry)
    assert main(arguments(county)) == 2
    assert "内存不够，什么都没有写出" in capsys.readouterr().err
    assert names(county) == {"facts", "rules.yaml"}


def test_a_store_folder_with_other_things_is_not_cleared(
    county: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("zhibu.engine.packed.native")
    precious = county / "precious"
    precious.mkdir()
    (precious / "notes.txt").write_text("x", encoding="utf-8")
    monkeypatch.setenv("ZHIBU_STORE", str(precious))
    assert main(arguments(county)) in (0, 2)  # 0 where there is no kernel and so no store
    assert (precious / "notes.txt").read_text(encoding="utf-8") == "x"
