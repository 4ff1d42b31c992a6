"""Fifty processes write into one SQLite file at once, each by the product's own actions; none may be told it is locked.

    python benchmarks/sqlite_writers.py --writers 50 --times 20
    python benchmarks/sqlite_writers.py --plain                    # Django's own options: how it fails without ours

Each writer sends a letter (a write) and answers it (a read, then a write), with the audit lines of both: two
transactions each time. Prints attempts, failures, transactions a second and p99. Exit status 0 when nothing failed and
everything that was acknowledged is there, with its line.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.queues import SimpleQueue
from typing import Any

TOGETHER = multiprocessing.get_context("fork")
Told = tuple[list[float], Counter[str]]  # seconds of each transaction that ended well; failures by what they said


def write(scope: Any, times: int, start: Any, told: SimpleQueue) -> None:
    from zhibu.web.feedback.actions import answer, send

    took: list[float] = []
    failed: Counter[str] = Counter()
    start.wait()
    for number in range(times):
        sent = _timed(took, failed, lambda number=number: send(by=scope, text=f"意见 {number}"))
        if sent is not None:
            _timed(took, failed, lambda sent=sent: answer(by=scope, feedback=sent, subject="题目", text="答复"))
        else:
            failed["not tried, for its letter was not sent"] += 1
    told.put((took, failed))


def _timed(took: list[float], failed: Counter[str], act: Any) -> Any:
    from django.db import DatabaseError

    since = time.perf_counter()
    try:
        made = act()
    except DatabaseError as error:
        failed[str(error)] += 1
        return None
    took.append(time.perf_counter() - since)
    return made


def plant() -> Any:
    """A committee, its officer, and the scope of the post."""
    from zhibu.web.access.actions import appoint
    from zhibu.web.access.queries import scope_of, system_scope
    from zhibu.web.accounts.actions import register
    from zhibu.web.core import clock
    from zhibu.web.organisations import tree
    from zhibu.web.organisations.models import Kind, Sector

    here = tree.plant(
        parent=None, code="W001", name="某县委", kind=Kind.COMMITTEE, sector=Sector.VILLAGE, founded_on=clock.today()
    )
    person, _ = register(username="13999990001", name="某人", password="支部-pass-1")
    post = appoint(by=system_scope(), user=person, organisation=here, role="officer", starts_on=clock.today())
    return scope_of(post, clock.today())


def storm(writers: int, times: int) -> bool:
    from django.db import connection

    scope = plant()
    connection.close()
    start, queue = TOGETHER.Barrier(writers + 1), TOGETHER.SimpleQueue()
    at_work = [TOGETHER.Process(target=write, args=(scope, times, start, queue)) for _ in range(writers)]
    for one in at_work:
        one.start()
    start.wait()
    since = time.perf_counter()
    told: list[Told] = [queue.get() for _ in at_work]
    seconds = time.perf_counter() - since
    for one in at_work:
        one.join()
    return judged(told, 2 * writers * times, seconds)


def judged(told: list[Told], attempts: int, seconds: float) -> bool:
    from zhibu.web.audit.models import Line
    from zhibu.web.feedback.models import Feedback

    took = sorted(one for times, _ in told for one in times)
    failed = sum((failures for _, failures in told), Counter())
    letters = Feedback.objects.unscoped("writers")
    there = letters.count() + letters.exclude(answered_at=None).count()
    lines = Line.objects.unscoped("writers").filter(action__startswith="feedback.").count()
    p99 = took[int(len(took) * 0.99)] if took else 0.0
    print(f"{attempts} attempts by {len(told)} writers: {failed.total()} failed ({dict(failed)})")
    print(f"{len(took)} acknowledged, {there} there with {lines} lines; {len(took) / seconds:.0f} a second, ", end="")
    print(f"p99 {p99 * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms" if took else "none ended well")
    return not failed and len(took) == attempts == there == lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--plain", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"ZHIBU_HOME": home, "DATABASE_URL": f"sqlite:///{home}/writers.sqlite3", "ZHIBU_LOG": "CRITICAL"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
        import django
        from django.conf import settings
        from django.core.management import call_command

        if args.plain:
            settings.DATABASES["default"]["OPTIONS"] = {}
        django.setup()
        call_command("migrate", verbosity=0)
        return 0 if storm(args.writers, args.times) else 1


if __name__ == "__main__":
    sys.exit(main())
