"""Runs the kernel over subjects, chunk by chunk and on several threads; what comes back is in the order of subjects."""

from __future__ import annotations

import ctypes as c
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from zhibu.engine.packed import Unfit, native
from zhibu.engine.packed.ahead import ahead
from zhibu.engine.packed.compiled import Compiled
from zhibu.engine.packed.mapped import forget
from zhibu.engine.packed.native import Numbers, at, whole

CHUNK = 16384  # subjects
OFTEN = 16  # chunks after which pages that were read are let go
COLUMNS = {
    **dict.fromkeys(("subject", "rule", "slot", "start", "end", "deadline", "excuse", "need_code"), np.int32),
    **dict.fromkeys(("status", "provisional"), np.uint8),
    "evidence_end": np.int64,
}
WIDE = ("timely", "total")
RUNS = ("run_subject", "run_group", "run", "since")


@dataclass(frozen=True, slots=True)
class Judged:
    """Of subjects first … last - 1: `counts` [subjects][rules] (10 bits a status), the verdicts asked for by column,
    the events that are their evidence, and runs of missed periods by column."""

    first: int
    last: int
    counts: Numbers
    verdicts: dict[str, Numbers]
    evidence: Numbers
    runs: dict[str, Numbers]


def chunks[T](
    compiled: Compiled, keep: frozenset[int], then: Callable[[Judged], T], counts: Numbers | None = None
) -> Iterator[T]:
    """What `then` makes of each chunk. `keep`: places in results.STATUSES whose verdicts are handed back.

    `counts`: zeros, [subjects][rules], to be filled; without it each chunk has its own.
    """
    compiled.struct.keep = sum(1 << status for status in keep)
    firsts = range(0, len(compiled.subjects), CHUNK)
    tasks = (partial(_task, compiled, first, then, counts) for first in firsts)
    for number, made in enumerate(ahead(tasks)):
        yield made
        if number % OFTEN == 0:
            forget()
    forget()


def _task[T](compiled: Compiled, first: int, then: Callable[[Judged], T], counts: Numbers | None) -> T:
    last = min(first + CHUNK, len(compiled.subjects))
    mine = np.zeros((last - first, len(compiled.bounds)), np.uint64) if counts is None else counts[first:last]
    return then(judge(compiled, first, last, mine))


def judge(compiled: Compiled, first: int, last: int, counts: Numbers, room: int = 0) -> Judged:
    """One chunk; `counts` holds zeros. Raises Unfit when a status occurs too often under one rule, MemoryError."""
    if (kernel := compiled.made.kernel) is None:
        return _unaided(compiled, first, last, counts)
    events = int(compiled.subjects.events.of[last] - compiled.subjects.events.of[first])
    room = room or 8 * (last - first) + 64
    verdicts = {name: np.empty(room, kind) for name, kind in COLUMNS.items()}
    verdicts |= {name: np.empty((room, 2), np.int64) for name in WIDE}
    runs = {name: np.empty(room, np.int32) for name in RUNS}
    evidence = np.empty(room + events, np.int64)
    out = native.Out(room=room, evidence_room=len(evidence), runs_room=room, counts=at(counts), evidence=at(evidence))
    for name, numbers in (verdicts | runs).items():
        setattr(out, name, at(numbers))
    said = kernel.judge(c.byref(compiled.struct), whole(first), whole(last), c.byref(out))
    if said == native.FULL:
        counts[:] = 0
        return judge(compiled, first, last, counts, room * 4)
    if said == native.TOO_MANY:
        raise Unfit("more than 1023 verdicts of one status under one rule")
    if said == native.NO_MEMORY:
        raise MemoryError
    return Judged(
        first,
        last,
        counts,
        {name: numbers[: out.used] for name, numbers in verdicts.items()},
        evidence[: out.evidence_used],
        {name: numbers[: out.runs_used] for name, numbers in runs.items()},
    )


def _unaided(compiled: Compiled, first: int, last: int, counts: Numbers) -> Judged:
    """The same without compiled code."""
    from zhibu.engine.packed.unaided.judging import Judging

    found = Judging(compiled, first, last, counts)
    columns, evidence = found.verdicts(COLUMNS)
    return Judged(first, last, counts, columns, evidence, dict(zip(RUNS, found.runs_in_order(), strict=True)))
