"""Many writers at once, some of whose work is rolled back, and a sealer that is killed again and again.

    python benchmarks/audit_storm.py --writers 50 --lines 40 --kills 30      # SQLite, or DATABASE_URL

Afterwards the chain has no gap and no fork, every line that was committed is sealed, and none that was rolled back is
there. Exit status 0 when all of that holds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from multiprocessing.queues import SimpleQueue
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from homes import empty_home

PAUSE = 0.02  # seconds between two looks of the sealer
TOGETHER = multiprocessing.get_context("fork")  # a process that is ready at once, so that kills hit work


def write_lines(seed: int, count: int, kept: SimpleQueue) -> None:
    """Lines in transactions of one to three, a third of which is rolled back. Tells the numbers of what stays."""
    from django.db import transaction

    from zhibu.web.audit.actions import write

    dice = random.Random(seed)
    for number in range(count):
        with transaction.atomic():
            made = [
                write(by=None, action="storm.write", sentence=f"{seed}-{number}", thing=None, organisation=None).pk
                for _ in range(dice.randint(1, 3))
            ]
            time.sleep(dice.random() / 100)
            undone = dice.random() < 0.33
            transaction.set_rollback(undone)
        if not undone:
            kept.put(made)
        time.sleep(dice.random() / 10)
    kept.put(None)


def keep_sealing() -> None:
    from django.db import DatabaseError

    from zhibu.web.audit.chain.sealing import seal_all

    while True:
        try:
            seal_all()
        except DatabaseError as error:  # another sealer was quicker, or the lock was not to be had
            print(error, file=sys.stderr)
        time.sleep(PAUSE)


def storm(writers: int, lines: int, kills: int, seed: int) -> bool:
    """Two sealers at a time, by mistake: still one chain."""
    dice, kept = random.Random(seed), TOGETHER.SimpleQueue()
    at_work = [TOGETHER.Process(target=write_lines, args=(seed + one, lines, kept)) for one in range(writers)]
    for one in at_work:
        one.start()
    killed, stayed, going = 0, set(), writers
    while killed < kills or going:
        sealers = [TOGETHER.Process(target=keep_sealing) for _ in range(2)]
        for sealer in sealers:
            sealer.start()
        until = time.monotonic() + 0.05 + dice.random() / 2
        while time.monotonic() < until:
            while not kept.empty():
                made = kept.get()
                going -= made is None
                stayed.update(made or ())
            time.sleep(0.01)
        for sealer in sealers:
            sealer.kill()
            sealer.join()
            killed += 1
    for one in at_work:
        one.join()
    return all(one.exitcode == 0 for one in at_work) and judged(stayed, writers, killed)


def judged(kept: set[int], writers: int, killed: int) -> bool:
    from zhibu.web.audit.chain.sealing import seal_all
    from zhibu.web.audit.chain.verifying import verify
    from zhibu.web.audit.models import Line, Seal

    before = Seal.objects.count()
    seal_all(everything=True)
    there = set(Line.objects.unscoped("storm").filter(action="storm.write").values_list("pk", flat=True))
    numbers = list(Seal.objects.order_by("number").values_list("number", flat=True))
    report = verify()
    gaps = numbers != list(range(1, len(numbers) + 1))
    print(f"{writers} writers, {killed} sealers killed: {len(kept)} lines committed, {len(there)} there,")
    print(f"{before} sealed before the last kill, {len(numbers)} after the restart, gaps: {gaps}. {report.words[0]}")
    return there == kept and not gaps and report.good and len(numbers) >= len(kept) > 0 < before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, number in (("writers", 50), ("lines", 40), ("kills", 30), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    args = parser.parse_args()
    with empty_home() as vendor:
        print(vendor, "seed", args.seed)
        return 0 if storm(args.writers, args.lines, args.kills, args.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
