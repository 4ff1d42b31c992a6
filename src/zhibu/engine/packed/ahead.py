"""Work on several threads, handed back in its order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice


def threads() -> int:
    """As many as DuckDB takes (`ZHIBU_DUCKDB_THREADS`, default: all processors)."""
    return int(os.environ.get("ZHIBU_DUCKDB_THREADS") or os.cpu_count() or 1)


def ahead[T](tasks: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Results in the order of tasks, a few of them worked on ahead. What a task raises is raised here."""
    asked = iter(tasks)
    with ThreadPoolExecutor(threads()) as pool:
        waiting: list[Future[T]] = [pool.submit(task) for task in islice(asked, 2 * threads())]
        while waiting:
            done = waiting.pop(0).result()
            waiting += [pool.submit(task) for task in islice(asked, 1)]
            yield done
