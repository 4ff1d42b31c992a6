"""What the audit log costs: verifying a million lines, sealing them, and a line in the transaction of an action.

    python benchmarks/audit_speed.py verify --lines 1000000
    python benchmarks/audit_speed.py inline --actions 2000

SQLite in a temporary folder, or DATABASE_URL (an empty database).
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from homes import empty_home

STEP = 50_000


def verify(count: int) -> None:
    from benchmarks.audit_tamper import START, grow

    from zhibu.web.audit.chain import checkpoints, sealing
    from zhibu.web.audit.chain.verifying import verify as look

    chance, begun = random.Random(1), time.perf_counter()
    for done in range(0, count, STEP):
        grow(min(STEP, count - done), START + timedelta(seconds=done), chance)
    print(f"{count:,} lines made in {time.perf_counter() - begun:.1f} s", flush=True)
    clocked(f"sealed {count:,}", lambda: sealing.seal_all(everything=True))
    checkpoints.make()
    report = clocked(f"verified {count:,}", look)
    print("\n".join(report.words))


def clocked(what: str, do):
    wall, cpu = time.perf_counter(), time.process_time()
    answer = do()
    print(
        f"{what} in {time.perf_counter() - wall:.1f} s ({time.process_time() - cpu:.1f} s of the processor)", flush=True
    )
    return answer


def inline(count: int) -> None:
    """The same small change with and without its line, each in its own transaction."""
    from django.db import transaction

    from zhibu.web.accounts.models import User
    from zhibu.web.audit.actions import write

    user = User.objects.create(username="u", name="人")
    new = {
        "topic": "学习贯彻全会精神",
        "held_on": "2026-11-06",
        "attendance": {str(one): "present" for one in range(30)},
    }

    def change(audited: bool) -> None:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(text_size="large")
            if audited:
                write(by=None, user=user, action="x.y", sentence="改", thing=user, organisation=None, new=new)

    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * count):
        begun = time.perf_counter()
        change(bool(number % 2))
        took[bool(number % 2)].append((time.perf_counter() - begun) * 1000)
    for audited, times in took.items():
        word = "with its line" if audited else "without"
        p95 = statistics.quantiles(times, n=20)[18]
        print(f"change {word}: median {statistics.median(times):.2f} ms, p95 {p95:.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("verify").add_argument("--lines", type=int, default=1_000_000)
    what.add_parser("inline").add_argument("--actions", type=int, default=2000)
    args = parser.parse_args()
    with empty_home() as vendor:
        print(vendor)
        verify(args.lines) if args.what == "verify" else inline(args.actions)


if __name__ == "__main__":
    main()
