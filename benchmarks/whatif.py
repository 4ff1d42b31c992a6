"""What a changed scheme and a changed rulebook cost over a warm store, beside the floor F (floor.py).

    python benchmarks/whatif.py FACTS STORE [ROUNDS]     FACTS from generate.py; STORE is made there if it is not

The process is one that stays (the web's worker): the published side is counted once, then drafts are tried. The draft
of the scheme has other weights and another cap; that of the rulebook another grace in one rule, then in all.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

from zhibu.engine import holidays
from zhibu.engine import scheme as schemes
from zhibu.engine.packed.store import opened
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rule, Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.whatif.comparison import compare
from zhibu.engine.whatif.counted import Counted
from zhibu.engine.whatif.sides import Side
from zhibu.engine.whatif.summary import summary

HERE = Path(__file__).parent
WINDOW, AS_OF = (date(2025, 1, 1), date(2025, 12, 31)), date(2026, 1, 10)
Books = tuple[Rulebook, ...]


def main(facts: Path, store: Path, rounds: int) -> None:
    books, plan = load([HERE / "rules"]), schemes.read(HERE / "scheme.yaml")
    tables = opened(store, facts, books, lambda *_: None).facts
    floors = [_floor(facts) for _ in range(rounds)]
    counted, published = Counted(tables, WINDOW, AS_OF, holidays.official()), Side(books, plan)
    first = _timed(lambda: compare(counted, published, published))
    found = compare(counted, published, published)
    print(f"{len(found.every):,} organisations, {len(found.scored[0].rows):,} with a score; {rounds} rounds, median\n")
    print(f"{'':44}{'wall s':>9}{'CPU s':>9}{'wall/F':>9}{'CPU/F':>9}")
    floor = _line("floor F", floors, floors)
    _line("published side, counted once", [first], floor)
    runs: dict[str, Callable[[int], Side]] = {
        "changed scheme": lambda n: Side(books, _scheme(plan, n)),
        "changed rulebook, one rule": lambda n: Side(_rules(books, n, lambda rule: rule.id == "theme-day"), plan),
        "changed rulebook, all rules": lambda n: Side(_rules(books, n, lambda rule: True), plan),
    }
    for name, side in runs.items():
        _line(name, [_timed(partial(_tried, counted, published, side, n)) for n in range(rounds)], floor)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"\nwith the summary of each; peak {peak:.1f} GB resident, the mapped store included")


def _tried(counted: Counted, published: Side, side: Callable[[int], Side], n: int) -> None:
    summary(compare(counted, published, side(n)))


def _scheme(plan: Scheme, n: int) -> Scheme:
    first, second, *rest = plan.dimensions
    moved = replace(first, weight=first.weight - 5 - n), replace(second, weight=second.weight + 5 + n)
    return replace(plan, dimensions=(*moved, *rest), bonus_cap=Decimal(3))


def _rules(books: Books, n: int, chosen: Callable[[Rule], bool]) -> Books:
    """Each round another grace, so that nothing is known already."""
    return tuple(
        replace(
            book, rules=tuple(replace(rule, grace=rule.grace + n + 1) if chosen(rule) else rule for rule in book.rules)
        )
        for book in books
    )


Time = tuple[float, float]


def _timed(run: Callable[[], object]) -> Time:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def _floor(facts: Path) -> Time:
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, HERE / "floor.py", facts], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _line(name: str, times: list[Time], floor: list[Time]) -> list[Time]:
    wall, cpu = (median(one[at] for one in times) for at in (0, 1))
    wall_, cpu_ = (median(one[at] for one in floor) for at in (0, 1))
    print(f"{name:44}{wall:9.2f}{cpu:9.2f}{wall / wall_:9.2f}{cpu / cpu_:9.2f}", flush=True)
    return times


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 3)
