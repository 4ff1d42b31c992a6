"""Runs a command and measures it with all its children: seconds of wall and of CPU, the peak of their memory."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SOON, LATER = 0.02, 0.5  # seconds between two looks at the processes: more as time goes, for a look is not free
TICK, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
MEMORY = os.sysconf("SC_PHYS_PAGES") * PAGE


@dataclass(frozen=True, slots=True)
class Run:
    """`peak`: bytes resident in all processes together, what they share counted in each. `failed`: why, if it did."""

    wall: float
    cpu: float
    peak: int
    output: str
    failed: str = ""


def measure(
    command: Sequence[str],
    env: Mapping[str, str],
    cwd: Path,
    limit: float,
    also: Sequence[int] = (),
    fine: Sequence[int] = (0,),
) -> Run:
    """`also`: processes that work for the command without being its children (a cluster). Ended after `limit` s.
    `fine`: exit statuses that are no failure.

    The peak of a command shorter than SOON is the largest single process of it.
    """
    before = sum(_cpu(also).values())
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            seen, peak, failed = _watch(child.pid, also, started, limit)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        wall = time.perf_counter() - started
        _, code, used = os.wait4(child.pid, 0)
        said.seek(0)
        output = said.read()
    child.returncode = os.waitstatus_to_exitcode(code)
    cpu = max(sum(seen.values()) - before, used.ru_utime + used.ru_stime)
    if not failed and child.returncode not in fine:
        failed = f"exit {child.returncode}"
    return Run(wall, cpu, max(peak, used.ru_maxrss * 1024), output, failed)


def _watch(child: int, also: Sequence[int], started: float, limit: float) -> tuple[dict[int, float], int, str]:
    """Until it ends: CPU seconds by process, the peak of memory, why it was ended by us, if it was."""
    seen: dict[int, float] = {}
    peak, failed, over = 0, "", os.pidfd_open(child)
    while not select.select([over], [], [], min(LATER, SOON + (time.perf_counter() - started) / 50))[0]:
        family = _family([child, *also])
        seen |= _cpu(family)
        peak = max(peak, sum(map(_resident, family)))
        failed = failed or _too_much(peak, time.perf_counter() - started, limit)
        if failed:
            os.killpg(child, signal.SIGKILL)
    os.close(over)
    return seen, peak, failed


def _too_much(peak: int, wall: float, limit: float) -> str:
    if peak > 0.9 * MEMORY:
        return "out of memory"
    return f"not done after {limit:.0f} s" if wall > limit else ""


def _family(roots: Sequence[int]) -> list[int]:
    found, todo = [], list(roots)
    while todo:
        one = todo.pop()
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
        except OSError:
            continue
        found.append(one)
    return found


def _cpu(processes: Sequence[int]) -> dict[int, float]:
    """Seconds so far, by process; one that has ended meanwhile is left out."""
    found = {}
    for one in processes:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        found[one] = (int(fields[11]) + int(fields[12])) / TICK
    return found


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
