"""Writes an evaluation: five Parquet files and run.json, all or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from zhibu.engine.errors import Fault, Place
from zhibu.engine.evaluate import Evaluation

TABLES = ("verdicts", "scores", "rollups", "escalations", "rejected")


def refused(out: Path) -> Fault | None:
    """Why nothing can be written there, known before the work is done."""
    if out.exists() and not out.is_dir():
        return Fault(Place(str(out), 1), "--out 是一个文件", "请给一个文件夹")
    return None


def write(found: Evaluation, out: Path, seconds: float) -> dict[str, int]:
    """Writes into a folder beside `out`, then moves: a failure on the way leaves `out` as it was.

    Returns the number of rows by table. Raises OSError.
    """
    counts = {name: getattr(found, name).num_rows for name in TABLES}
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name in TABLES:
            pq.write_table(getattr(found, name), work / f"{name}.parquet", compression="zstd")
        run = found.meta | {"rows": counts, "seconds": round(seconds, 3)}
        (work / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        _move(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return counts


def _move(work: Path, out: Path) -> None:
    """A new folder appears at once; in an existing one the files are replaced, run.json last."""
    if not out.exists():
        work.chmod(0o755)
        work.rename(out)
        return
    for name in [*(f"{name}.parquet" for name in TABLES), "run.json"]:
        (work / name).replace(out / name)
