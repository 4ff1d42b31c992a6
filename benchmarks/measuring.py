"""Runs a command and measures it with all its children: seconds of wall and of CPU, the peak of their memory."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.05  # seconds between two looks at the processes
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


def measure(command: Sequence[str], env: Mapping[str, str], cwd: Path, limit: float, also: Sequence[int] = ()) -> Run:
    """`also`: processes that work for the command without being its children (a cluster). Ended after `limit` s.

    The peak of a command shorter than EVERY is the largest single process of it.
    """
    before, seen, peak, failed = sum(_cpu(also).values()), {}, 0, ""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        while (ended := os.wait4(child.pid, os.WNOHANG))[0] == 0:
            family = _family([child.pid, *also])
            seen |= _cpu(family)
            peak = max(peak, sum(map(_resident, family)))
            failed = failed or _too_much(peak, time.perf_counter() - started, limit)
            if failed:
                os.killpg(child.pid, signal.SIGKILL)
            time.sleep(EVERY)
        wall = time.perf_counter() - started
        said.seek(0)
        output = said.read()
    child.returncode = os.waitstatus_to_exitcode(ended[1])
    cpu = max(sum(seen.values()) - before, ended[2].ru_utime + ended[2].ru_stime)
    if not failed and child.returncode not in (0, 1):  # 1: rows of facts were rejected, as they should be
        failed = f"exit {child.returncode}: {output[-300:]}"
    return Run(wall, cpu, max(peak, ended[2].ru_maxrss * 1024), output, failed)


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
