"""Judges the files of a folder as the site would, each in a process of its own, and says what each took:

    python -m tests.hostile.judge FOLDER > results.jsonl

A file that kills its process, or takes more than the hard limits, is a finding; the next one is judged all the same.
Memory and processor of children (the decoder of photos, the reader of .xls) count with it. No Django here: what is
measured is the check and not the site around it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from datetime import date
from pathlib import Path
from typing import Any

from zhibu.web.files import kinds, photos
from zhibu.web.files.refuse import Refused
from zhibu.web.imports import red
from zhibu.web.imports.books.check import Check, open_all
from zhibu.web.imports.books.known import Nothing

HARD_SECONDS, HARD_MB = 20, 2_000  # where a runaway is stopped


def attachment(path: Path, kept: Path) -> dict[str, Any]:
    try:
        kind = kinds.look(path)
        content = photos.rebuilt(path) if kind in kinds.PHOTOS else path.read_bytes()
    except Refused as refused:
        return {"outcome": "refused", "words": str(refused)}
    kept.write_bytes(content)
    return {"outcome": "taken", "words": kind}


def book(path: Path, kept: Path) -> dict[str, Any]:
    """Read, judged, and marked as it would go back to its owner."""
    opened = open_all([("../../evil.xlsx", path)])
    if opened[0].refusal:
        return {"outcome": "refused", "words": opened[0].refusal}
    rows = [row for part in Check(opened, Nothing(), date(2026, 11, 21)).parts() for row in part.rows]
    if opened[0].tables:
        kept.write_bytes(red.marked(opened[0], []))
    return {"outcome": "taken", "words": f"{len(rows)} rows, {sum(row.accepted for row in rows)} good"}


def one(path: Path) -> dict[str, Any]:
    """What a file does to a process, which is gone afterwards."""
    inside, outside = os.pipe()
    child = os.fork()
    if not child:
        _judge(path, outside)
    os.close(outside)
    with os.fdopen(inside, "rb") as pipe:
        told = pipe.read()
    _, status, used = os.wait4(child, 0)
    found = json.loads(told) if told else {"outcome": "killed", "words": f"status {status}"}
    return found | {
        "name": path.name,
        "seconds": round(used.ru_utime + used.ru_stime, 2),
        "mb": used.ru_maxrss >> 10,
    }


def _judge(path: Path, outside: int) -> None:
    """In the child: never returns."""
    resource.setrlimit(resource.RLIMIT_CPU, (HARD_SECONDS, HARD_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (HARD_MB << 20, HARD_MB << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        judge = book if path.name.startswith("books") else attachment
        found = judge(path, path.with_name(f"kept-{path.name}"))
    except BaseException as error:
        found = {"outcome": "error", "words": f"{type(error).__name__}: {error}"[:300]}
    os.write(outside, json.dumps(found).encode())
    os._exit(0)


def main(folder: str) -> None:
    for path in sorted(Path(folder).iterdir()):
        if not path.name.startswith("kept-"):
            print(json.dumps(one(path), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
