"""`make security`: everything that CI is too short for, one after another, each with its line of a table.

    python security/run.py                   # all of it: hours
    python security/run.py rules locks       # some parts; `list` names them

A part that fails does not stop the others. Outputs lie in var/security-logs. Exit status 0 when all parts held. A part
that could not be run (its service did not answer) is told as `not run` and is a failure, unless OFFLINE=1 says that it
was to be expected.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "var/security-logs"
PY = sys.executable
NOT_RUN = 3
PYTEST = (PY, "-m", "pytest")


@dataclass(frozen=True)
class Part:
    """`red`: commands that must fail, for they run on a planted fault; tools that plant their own need none here."""

    name: str
    figure: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    red: tuple[tuple[str, ...], ...] = ()


WRITERS = (PY, "benchmarks/sqlite_writers.py")
FULL = {"ZHIBU_HOSTILE": "full", "ZHIBU_XSS": "full"}
PARTS = (
    Part("locks", "G16", (PY, "security/supply.py", "locks")),
    Part("sbom", "G16", (PY, "security/supply.py", "sbom")),
    Part("advisories", "G16", (PY, "security/supply.py", "advisories")),
    Part("deploy", "G17", (PY, "security/deploy.py")),
    Part("rules", "G17", (PY, "security/static.py", "rules")),
    Part("bandit", "G17", (PY, "security/static.py", "bandit")),
    Part("secrets", "G17", (PY, "security/static.py", "secrets")),
    Part(
        "patterns", "ASVS 1.2.9", (PY, "security/patterns.py"), red=((PY, "security/patterns.py", r"^(\w+\s?)*$"),)
    ),
    Part("writers", "G5", (*WRITERS, "--times", "40"), red=((*WRITERS, "--plain", "--times", "3"),)),
    Part("matrix", "G1", (*PYTEST, "-n", "auto", "tests/access/test_matrix.py"), {"ZHIBU_MATRIX": "full"}),
    Part("mutants", "G2", (*PYTEST, "tests/access/test_mutants.py"), {"ZHIBU_MUTANTS": "all"}),
    Part("hostile", "G8-G10", (*PYTEST, "tests/hostile", "tests/security"), FULL),
    Part("kills", "G4", (*PYTEST, "tests/faults"), {"ZHIBU_KILLS": os.environ.get("ZHIBU_KILLS", "100")}),
    Part("audit", "G6", ("make", "--no-print-directory", "security-audit")),
)  # fmt: skip


def run(command: tuple[str, ...], env: dict[str, str], log: Path) -> tuple[int, str]:
    """Its exit status and the last thing it said."""
    with log.open("a", encoding="utf-8") as out:
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | env, stdout=out, stderr=subprocess.STDOUT, check=False
        )
    said = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return done.returncode, said[-1].strip() if said else "nothing was said"


def hold(part: Part) -> tuple[str, str]:
    """What became of it (ok, red, blind, not run), and its last line."""
    log = LOGS / f"{part.name}.txt"
    log.write_text("")
    status, said = run(part.command, part.env, log)
    if status == NOT_RUN:
        return "not run", said
    if status:
        return "red", said
    blind = [one for one in part.red if run(one, part.env, LOGS / f"{part.name}-planted.txt")[0] != 1]
    return ("blind", f"no fault seen by: {' '.join(blind[0][1:])}") if blind else ("ok", said)


def main(wanted: list[str]) -> int:
    names = [part.name for part in PARTS]
    if wanted == ["list"] or set(wanted) - set(names):
        print("parts:", *names)
        return 0 if wanted == ["list"] else 2
    LOGS.mkdir(parents=True, exist_ok=True)
    results: dict[str, str] = {}
    print(f"{'figure':11} {'part':11} {'result':8} {'seconds':>7}  said", flush=True)
    for part in PARTS:
        if wanted and part.name not in wanted:
            continue
        since = time.monotonic()
        print(f"… {part.name}", file=sys.stderr, flush=True)
        results[part.name], said = hold(part)
        seconds = time.monotonic() - since
        print(f"{part.figure:11} {part.name:11} {results[part.name]:8} {seconds:7.0f}  {said[:150]}", flush=True)
    fine = {"ok", "not run"} if os.environ.get("OFFLINE") == "1" else {"ok"}
    bad = [name for name, result in results.items() if result not in fine]
    print(
        f"{len(results) - len(bad)} of {len(results)} held"
        + (f"; not: {', '.join(bad)} (var/security-logs)" if bad else "")
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
