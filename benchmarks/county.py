"""Seconds for one county's year: duckdb and memory against the floor F, which is DuckDB summing the columns needed.

python benchmarks/county.py [ROUNDS] [ORGANISATIONS] > benchmarks/results/county.txt
"""

import platform
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import duckdb

from generate import EVENTS, write
from zhibu.engine import scheme
from zhibu.engine.evaluate import evaluate
from zhibu.engine.facts.load import read
from zhibu.engine.rulebooks.load import load

NEEDED = "sum(length(org_id)), sum(len(types)), sum(hash(held_on)), sum(hash(recorded_on)), sum(expected), sum(present)"
NEEDED += ", sum(hours), sum(len(topics)), sum(length(person_id)), sum(length(event_id))"


def run(what: str, folder: Path) -> None:
    """The backends go from files to tables, as `zhibu evaluate` does."""
    if what == "floor F":
        duckdb.connect().sql(f"SELECT {NEEDED} FROM read_parquet('{folder / 'events.parquet'}')").fetchall()
        return
    rulebooks, facts, ladder = load([folder / "county.yaml"]), read(folder), scheme.read(folder / "scheme.yaml")
    if what != "read facts":
        window = (date(2025, 1, 1), date(2025, 12, 31))
        evaluate(rulebooks, facts, window, date(2026, 3, 1), scheme=ladder, backend=what)


def clocked(what: str, folder: Path) -> tuple[float, float]:
    """Seconds of wall and of CPU; on a shared machine the second is the steadier number."""
    wall, cpu = time.perf_counter(), time.process_time()
    run(what, folder)
    return time.perf_counter() - wall, time.process_time() - cpu


def main(rounds: int, count: int) -> None:
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), count)
        for what, often in (("floor F", rounds), ("read facts", rounds), ("duckdb", rounds), ("memory", 1)):
            each = [clocked(what, Path(folder)) for _ in range(often)]
            times[what] = tuple(median(one[n] for one in each) for n in (0, 1))
    print(f"python benchmarks/county.py {rounds} {count}")
    print(f"{count} organisations, {count * EVENTS} events, 30 rules; Python {platform.python_version()},")
    print(f"DuckDB {duckdb.__version__}, {platform.machine()}; median of {rounds} runs, memory once\n")
    print(f"{'':12} {'wall':>8} {'CPU':>8} {'CPU in F':>9}")
    for what, (wall, cpu) in times.items():
        print(f"{what:12} {wall:7.3f}s {cpu:7.3f}s {cpu / times['floor F'][1]:9.1f}")


if __name__ == "__main__":
    main(*[int(word) for word in [*sys.argv[1:], *["5", "1000"][len(sys.argv) - 1 :]]])
