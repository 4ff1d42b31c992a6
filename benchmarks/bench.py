"""Us and others on the same question: seconds, ratio to the floor, memory. One table a scale in benchmarks/results/.

    python benchmarks/bench.py [--scales county,city,province] [--rounds 3] [--only TEXT] [--facts DIR] [--limit S]

Facts are taken from DIR/SCALE (default var/bench/facts), and made there if they are missing. Rounds are interleaved:
every contender once, then again; the median counts. One that takes longer than --once seconds runs once.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

import answers
import cluster
from contenders import ALL, CONTENDERS, FLOOR, HERE, MIDDLE, NOTES, PEERS, Contender, Place, prepare
from generate import generate
from measuring import MEMORY, Run, measure

RESULTS = HERE / "results"
SET = ("ZHIBU_KERNEL", "ZHIBU_STORE", "ZHIBU_SPARK_MASTER", "ZHIBU_LOG", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
REJECTED = (0, 1)  # ours says 1 when it rejected rows of facts, as it should here


@dataclass(slots=True)
class Line:
    contender: Contender
    runs: list[Run] = field(default_factory=list)
    failed: str = ""
    remark: str = ""

    def of(self, what: str) -> float:
        return median(getattr(run, what) for run in self.runs)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scales", default=",".join(MIDDLE), help=f"of {','.join(ALL)}")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default="", help="contenders whose name has this text, and the floor; printed only")
    options.add_argument("--facts", type=Path, default=HERE.parent / "var" / "bench" / "facts")
    options.add_argument("--limit", type=float, default=3600, help="seconds after which one is ended")
    options.add_argument("--once", type=float, default=120, help="seconds above which one runs only once")
    args = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    for scale in args.scales.split(","):
        facts = args.facts.resolve() / scale
        if not facts.exists():
            generate(scale, facts)
        place = Place(scale, facts, HERE.parent / "var" / "bench" / "work" / scale)
        shutil.rmtree(place.work, ignore_errors=True)  # of a run that was cut off
        prepare(place)
        chosen = [one for one in CONTENDERS if scale in one.scales and (one is FLOOR or args.only in one.name)]
        text = table(place, args.rounds, compete(place, chosen, args))
        if not args.only:
            (RESULTS / f"{scale}.txt").write_text(text, encoding="utf-8")
        print(text, flush=True)
        shutil.rmtree(place.work)
    return 0


def compete(place: Place, chosen: list[Contender], args: argparse.Namespace) -> list[Line]:
    lines = [Line(one) for one in chosen]
    with ExitStack() as stack:
        parts: list[int] = []
        if any(one.cluster for one in chosen) and cluster.installed() and cluster.free():
            parts = stack.enter_context(cluster.running(place.work / "cluster"))
        for line in lines:
            line.failed, line.remark = _before(line.contender, place, args.limit)
        truth: dict[str, dict[str, int]] = {}
        for nth in range(args.rounds):
            for line in lines:
                if not line.failed and not (line.runs and line.runs[0].wall > args.once):
                    _once(line, place, args.limit, parts, truth)
                    print(f"{place.scale} round {nth + 1}: {line.contender.name} ({line.contender.rules}) "
                          f"{line.failed or f'{line.runs[-1].wall:.2f} s'}", file=sys.stderr, flush=True)  # fmt: skip
    return lines


def _before(one: Contender, place: Place, limit: float) -> tuple[str, str]:
    """What must be there first; why it cannot run, if so, and how long that took."""
    words = one.command(place)
    if "spark" in words and not cluster.installed():
        return "not here: pyspark (make setup-spark) or Java", ""
    if words[0] == str(PEERS) and not PEERS.exists():
        return "var/bench is missing: make var/bench/.ready", ""
    environment = _environment(one, place)
    if one.before:
        run = measure(one.before(place), environment, HERE, limit)
        return run.failed, f"its database made before in {run.wall:.1f} s"
    if store := one.env(place).get("ZHIBU_STORE"):
        new = not Path(store).exists()
        run = measure(words, environment, place.work, limit, fine=REJECTED)
        made = Path(store).exists() and any(Path(store).iterdir())
        return run.failed or ("" if made else "this version has no packed store"), f"first run {run.wall:.1f} s" * new
    return "", ""


def _environment(one: Contender, place: Place) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in SET}
    return clean | one.env(place)


def _once(line: Line, place: Place, limit: float, parts: list[int], truth: dict[str, dict[str, int]]) -> None:
    """Runs and checks: all that answer the same rules must give the same counts, totals and ranks."""
    one = line.contender
    shutil.rmtree(place.work / "out", ignore_errors=True)
    parts = parts if one.cluster else []
    # Others are modules of this folder; nobody else should find its click.py in the place of a package.
    home, fine = (place.work, REJECTED) if one.ours else (HERE, (0,))
    run = measure(one.command(place), _environment(one, place), home, limit, parts, fine)
    line.failed = run.failed
    if run.failed:
        print(run.output, file=sys.stderr)
        return
    if one is not FLOOR:
        read = answers.counts if one.rules == "one" else answers.ours
        answer = read(place.work / "out") if one.ours else json.loads(run.output.splitlines()[-1])
        wanted = truth.setdefault(one.rules, answer)
        if answer != wanted:
            line.failed = f"another answer: {answer}, not {wanted}"
            return
    line.runs.append(run)


# --- the table ----------------------------------------------------------------------------------------------


def table(place: Place, rounds: int, lines: list[Line]) -> str:
    command = "python benchmarks/bench.py " + " ".join(["--scales", place.scale, "--rounds", str(rounds)])
    head = f"{'':36}{'rules':>7}{'wall s':>10}{'CPU s':>10}{'wall/F':>9}{'CPU/F':>9}{'peak MB':>9}{'runs':>6}"
    rows = [_row(line, lines[0]) for line in lines]
    return "\n".join([command, *_about(place), "", head, *rows, "", NOTES, ""])


def _row(line: Line, floor: Line) -> str:
    name = f"{line.contender.name:36}{line.contender.rules:>7}"
    if not line.runs:
        return f"{name}  {line.failed}"
    wall, cpu, peak = line.of("wall"), line.of("cpu"), line.of("peak")
    ratios = f"{wall / floor.of('wall'):9.1f}{cpu / floor.of('cpu'):9.1f}" if floor.runs else " " * 18
    return f"{name}{wall:10.2f}{cpu:10.2f}{ratios}{peak / 1e6:9.0f}{len(line.runs):6}" + (
        f"  {line.failed or line.remark}" if line.failed or line.remark else ""
    )


def _about(place: Place) -> list[str]:
    import pyarrow.parquet as pq

    events = sum(pq.read_metadata(part).num_rows for part in (place.facts / "events").iterdir())
    rows = pq.read_metadata(place.facts / "organisations.parquet").num_rows
    size = sum(part.stat().st_size for part in place.facts.rglob("*.parquet")) / 1e6
    own = [f"{name} {version(name)}" for name in ("duckdb", "pyarrow", *(["pyspark"] * cluster.installed()))]
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return [
        f"{rows:,} rows of organisations, {events:,} events, {size:,.1f} MB of Parquet",
        f"{platform.machine()}, {cores} cores, {MEMORY / 1e9:.0f} GB; load {load:.1f} at the end (1 is this run's own)",
        f"Python {platform.python_version()}, {', '.join(own)}; {', '.join(_peers())}",
    ]


def _peers() -> list[str]:
    if not PEERS.exists():
        return ["no others here"]
    names = ("polars", "pandas", "django", "dbt-core", "dbt-duckdb", "openfisca-core")
    code = f"from importlib.metadata import version\nfor n in {names}: print(n, version(n))"
    done = subprocess.run([str(PEERS), "-c", code], capture_output=True, text=True)
    return done.stdout.split("\n")[:-1]


if __name__ == "__main__":
    sys.exit(main())
