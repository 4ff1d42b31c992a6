"""What one change costs the engine's live state: microseconds from the change to every difference it makes.

Of the processor, for a change waits for nothing: on a machine shared with others the clock would measure them.

    python benchmarks/live.py FACTS [CHANGES]

FACTS: a folder made by benchmarks/bench.py (DIR/province: 200,000 organisations, eight million activities). The
evaluation of the year is published first, by the default backend; then come random changes of random organisations.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow.compute as pc

from zhibu.engine import scheme
from zhibu.engine.backends import duckdb
from zhibu.engine.facts import ROW
from zhibu.engine.facts.load import read
from zhibu.engine.live import Change, Live, Reference
from zhibu.engine.rulebooks.load import load

YEAR, AS_OF = (date(2025, 1, 1), date(2025, 12, 31)), date(2026, 1, 10)
took: dict[str, list[float]] = defaultdict(list)


def opened(folder: Path) -> tuple[Live, Reference]:
    facts = told("facts read", lambda: read(folder))
    books, ladder = load([folder / "rules"]), scheme.read(folder / "scheme.yaml")
    reference = told("evaluator opened", lambda: Reference(books, facts, YEAR, AS_OF, scheme=ladder))
    answer = told("evaluated", lambda: duckdb.answer(reference.plan, lambda: None))
    return told("live state opened", lambda: Live(reference, answer)), reference


def told[T](what: str, do: Callable[[], T]) -> T:
    since = time.perf_counter()
    found = do()
    print(f"{what:24} {time.perf_counter() - since:8.1f} s", flush=True)
    return found


class Chance:
    """Random rows of the facts as they were opened, and what may happen to them."""

    def __init__(self, reference: Reference, seed: int):
        self.dice, self.facts, self.made = Random(seed), reference.plan.facts, 0
        self.types = pc.unique(pc.list_flatten(self.facts["events"]["types"])).to_pylist()

    def row(self, table: str) -> dict:
        whole = self.facts[table]
        return whole.slice(self.dice.randrange(len(whole)), 1).to_pylist()[0]

    def record(self) -> Change:
        self.made += 1
        row, held = self.row("events"), YEAR[0] + timedelta(self.dice.randrange(365))
        new = {"event_id": f"live-{self.made}", "types": [self.dice.choice(self.types)], "held_on": held}
        return Change("events", None, row | new | {"recorded_on": held + timedelta(self.dice.choice([0, 2, 40]))})

    def changed(self) -> Change:
        row = self.row("events")
        return Change("events", row[ROW], row | {"types": [self.dice.choice(self.types)], "present": 0})

    def deleted(self) -> Change:
        return Change("events", self.row("events")[ROW], None)

    def waiver(self) -> Change:
        org = self.row("organisations")["org_id"]
        days = {"from": date(2025, 3, 1), "to": date(2025, 8, 31)}
        rule = self.row("waivers")["rule"]
        return Change(
            "waivers", None, {"subject": "organisation", "subject_id": org, "rule": rule, "reason": "抗洪"} | days
        )

    def membership(self) -> Change:
        row = self.row("organisations")
        return Change("organisations", row[ROW], row | {"members": self.dice.randint(1, 99)})

    def post(self) -> Change:
        row = self.row("organisations")
        return Change("organisations", row[ROW], row | {"elected_on": YEAR[0] - timedelta(self.dice.randrange(2000))})

    def adjustment(self) -> Change:
        org = self.row("organisations")["org_id"]
        cells = {"item": "表彰", "on": date(2025, 6, 1), "points": self.dice.choice([1.5, -2.0]), "reason": "事由"}
        return Change("adjustments", None, {"subject_id": org} | cells)

    def moved(self) -> Change:
        row, other = self.row("organisations"), self.row("organisations")
        return Change("organisations", row[ROW], row | {"parent_id": other["parent_id"]})


WHAT = ("record", "changed", "deleted", "waiver", "membership", "post", "adjustment", "moved")


def main(folder: Path, changes: int) -> None:
    live, reference = opened(folder)
    chance = Chance(reference, 1)
    gc.collect()
    gc.freeze()
    for n in range(changes * len(WHAT)):
        what = WHAT[n % len(WHAT)]
        change = getattr(chance, what)()
        since = time.thread_time()
        try:
            found = live.apply([change])
        except Exception as error:  # a move that would close a cycle, a row deleted before
            took[f"{what}: refused"].append(0)
            assert "EngineError" in type(error).__name__, error
            continue
        took[what].append((time.thread_time() - since) * 1e6)
        took[f"{what}: verdicts"].append(sum(before != after for before, after in found.verdicts))
    report()


def report() -> None:
    print(f"\n{'µs':24} {'changes':>8} {'median':>8} {'p95':>8} {'worst':>9} {'verdicts':>9}")
    for what in WHAT:
        times, verdicts = sorted(took[what]), took[f"{what}: verdicts"]
        p95 = times[int(len(times) * 0.95)]
        mean = sum(verdicts) / len(verdicts)
        print(f"{what:24} {len(times):8} {times[len(times) // 2]:8.0f} {p95:8.0f} {times[-1]:9.0f} {mean:9.2f}")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
