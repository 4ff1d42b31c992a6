"""Sealing the members of an older database: seconds of each migration, members a second.

    .venv/bin/python benchmarks/seal_members.py [--members 50000]

Makes a file database as it was before numbers were sealed, with synthetic members, and migrates it on as an operator
does, one migration after another in processes of their own.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

SETTINGS = "zhibu.web.config.settings"
BRANCHES = 2_000
STEPS = ("0002_sealed_columns", "0003_seal", "0004_no_plain_numbers", "0005_clear_the_disk")
INSERT = """INSERT INTO members_member (id, name, initials, sex, id_number, born_on, education, kind, employment, phone,
floating, frail, joined_on, branch_post, organisation_id)
VALUES (?, ?, ?, 'm', ?, ?, '大学', 'full', 'farmer', ?, 0, 0, '2005-07-01', '', ?)"""


def django(home: Path, *words: str) -> tuple[float, float]:
    """Runs a command of Django in this home; seconds of wall and of processor."""
    environment = os.environ | {"ZHIBU_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": SETTINGS}
    began, used = time.perf_counter(), _used()
    subprocess.run([sys.executable, "-m", "django", *words], env=environment, check=True, stdout=sys.stderr)
    return time.perf_counter() - began, _used() - used


def _used() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def plant(home: Path, members: int) -> None:
    """The tables of before, with branches and members whose numbers begin with 99."""
    for app, name in (("members", "0001"), ("imports", "0003")):
        django(home, "migrate", app, name, "--verbosity", "0")
    with closing(sqlite3.connect(home / "zhibu.sqlite3")) as database, database:
        columns = {row[1]: row[2] for row in database.execute("PRAGMA table_info(organisations_organisation)")}
        empty = {
            name: None if kind == "date" else "" if "char" in kind or "text" in kind else 0
            for name, kind in columns.items()
        }
        for pk in range(1, BRANCHES + 1):
            place = empty | {"id": pk, "path": f"{pk:04d}", "depth": 1, "code": f"T{pk}", "name": f"支部{pk}"}
            marks = ", ".join("?" for _ in place)
            names = ", ".join(place)
            database.execute(f"INSERT INTO organisations_organisation ({names}) VALUES ({marks})", list(place.values()))
        database.executemany(INSERT, people(members))


def people(members: int):
    dice = random.Random(1)
    for pk in range(1, members + 1):
        born = date(1940, 1, 1) + timedelta(days=dice.randrange(24_000))
        number = f"9900{pk // 10_000:02d}{born:%Y%m%d}{pk % 10_000:04d}"
        yield pk, f"党员{pk}", f"dy{pk}", number, born.isoformat(), f"139{pk:08d}", dice.randrange(BRANCHES) + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=50_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        plant(home, args.members)
        idle = django(home, "migrate", "members", "0001", "--verbosity", "0")  # starting and ending, nothing to do
        print(f"{args.members} members; starting a process: {idle[0]:.1f} s, {idle[1]:.1f} s of processor, not counted")
        total = (0.0, 0.0)
        for step in STEPS:
            spent = django(home, "migrate", "members", step, "--verbosity", "0")
            spent = (max(spent[0] - idle[0], 0.01), max(spent[1] - idle[1], 0.01))
            total = (total[0] + spent[0], total[1] + spent[1])
            tell(step, args.members, *spent)
        tell("together", args.members, *total)


def tell(step: str, members: int, wall: float, processor: float) -> None:
    print(
        f"{step:22} {wall:7.1f} s  {processor:7.1f} s of processor  {members / processor:9.0f} members a second of it"
    )


if __name__ == "__main__":
    main()
