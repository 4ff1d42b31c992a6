"""An older database is sealed on its way up, opened on its way back, and its file holds no number afterwards."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PEOPLE = 2500  # more than a batch of core/seal_rows
KILLED = """
import os, django
django.setup()
from django.core.management import call_command
from zhibu.web.core import seal_rows
kept, batches = seal_rows.write, []
def write(rows, names):
    batches.append(rows)
    return kept(rows, names) if len(batches) < 2 else os._exit(9)
seal_rows.write = write
call_command("migrate", "members", "0005", verbosity=0)
"""
INSERT = """INSERT INTO members_member (id, name, initials, sex, id_number, born_on, education, kind, employment, phone,
floating, frail, joined_on, branch_post, organisation_id)
VALUES (?, ?, '', 'm', ?, '1980-01-01', '', 'full', '', ?, 0, 0, '2005-07-01', '', 1)"""
SETTINGS = "zhibu.web.config.settings"


def numbers(pk: int) -> tuple[str, str]:
    return f"99000119800101{pk:04d}", f"1399999{pk:04d}" if pk % 3 else ""


def django(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return python(home, "-m", "django", *words)


def up(home: Path) -> subprocess.CompletedProcess[str]:
    """As far as the numbers are sealed and the disk is cleared; what came later has no part in it and takes minutes."""
    return django(home, "migrate", "members", "0005", "--verbosity", "0")


def python(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"ZHIBU_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": SETTINGS}
    return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True)


@contextmanager
def table(home: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(home / "zhibu.sqlite3")) as database, database:
        yield database


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the version before had it, with members, and an import that changed a phone."""
    home = tmp_path_factory.mktemp("old")
    for app, name in (("members", "0001"), ("imports", "0003")):
        done = django(home, "migrate", app, name, "--verbosity", "0")
        assert done.returncode == 0, done.stderr
    with table(home) as database:
        columns = {row[1]: row[2] for row in database.execute("PRAGMA table_info(organisations_organisation)")}
        place = {name: "" if "char" in kind or "text" in kind else 0 for name, kind in columns.items()}
        place |= {"id": 1, "path": "0001", "depth": 1, "numchild": 0, "code": "T001", "name": "支部", "kind": "branch"}
        place = {name: None if columns[name] == "date" else value for name, value in place.items()}
        marks = ", ".join("?" for _ in place)
        database.execute(
            f"INSERT INTO organisations_organisation ({', '.join(place)}) VALUES ({marks})", list(place.values())
        )
        database.executemany(INSERT, [(pk, f"党员{pk}", *numbers(pk)) for pk in range(1, PEOPLE + 1)])
        database.execute(
            "INSERT INTO imports_batch (id, state, done, due, created_at, report, error, folder)"
            " VALUES (1, 'applied', 0, 0, '2026-11-20', '{}', '', '')"
        )
        before = json.dumps({"phone": ["13988887777", numbers(1)[1]], "education": ["", "大学"]})
        database.execute(
            "INSERT INTO imports_created (id, batch_id, thing, thing_id, before, made) VALUES (1, 1, ?, 1, ?, '[]')",
            ("members.member", before),
        )
    return home


def held(home: Path) -> bytes:
    """Every byte of the database: the file, and what waits beside it."""
    return b"".join(file.read_bytes() for file in home.iterdir() if file.name.startswith("zhibu.sqlite3"))


def columns_of(home: Path) -> dict[str, tuple[str, bool]]:
    """Name → type, and whether it may not be null."""
    with table(home) as database:
        return {row[1]: (row[2], bool(row[3])) for row in database.execute("PRAGMA table_info(members_member)")}


def test_up_and_back(old: Path) -> None:
    begun = columns_of(old)
    assert numbers(7)[0].encode() in held(old)
    done = up(old)
    assert done.returncode == 0, done.stderr
    canaries = [number.encode() for pk in range(1, PEOPLE + 1) for number in numbers(pk) if number]
    canaries.append(b"13988887777")
    bytes_now = held(old)
    assert not [number for number in canaries if number in bytes_now]

    with table(old) as database:
        rows = database.execute(
            "SELECT id_sealed, id_digest, phone_sealed, phone_digest FROM members_member"
        ).fetchall()
        before = json.loads(database.execute("SELECT before FROM imports_created").fetchone()[0])
    assert len({row[1] for row in rows}) == PEOPLE
    assert {row[0][:13] for row in rows} == {"v1|aes256gcm|"}
    assert all(bool(row[2]) == bool(row[3]) for row in rows)
    assert before.keys() == {"phone_sealed", "phone_digest", "education"}

    # again is harmless, and the way back needs the keys
    assert up(old).returncode == 0
    done = django(old, "migrate", "members", "0001", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    with table(old) as database:
        back = database.execute("SELECT id, id_number, phone FROM members_member ORDER BY id").fetchall()
    assert back == [(pk, *numbers(pk)) for pk in range(1, PEOPLE + 1)]
    assert columns_of(old) == begun


def test_after_a_kill_it_goes_on_where_it_stopped(old: Path) -> None:
    """The fixture's database is back at the beginning: the first batch is committed, the second dies."""
    sealed = "SELECT id, row_key, id_sealed FROM members_member WHERE row_key IS NOT NULL ORDER BY id"
    assert python(old, "-c", KILLED).returncode == 9
    with table(old) as database:
        before = database.execute(sealed).fetchall()
    assert 0 < len(before) < PEOPLE
    done = up(old)
    assert done.returncode == 0, done.stderr
    with table(old) as database:
        after = database.execute(sealed).fetchall()
    assert (after[: len(before)], len(after)) == (before, PEOPLE)
    assert not [
        number for pk in range(1, PEOPLE + 1) for number in numbers(pk) if number and number.encode() in held(old)
    ]
    assert django(old, "migrate", "members", "0001", "--verbosity", "0").returncode == 0


def test_the_way_back_without_the_key_changes_nothing(old: Path) -> None:
    assert up(old).returncode == 0
    (old / "keys.json").rename(old / "elsewhere.json")
    done = django(old, "migrate", "members", "0001", "--verbosity", "0")
    assert done.returncode != 0 and "从备份放回" in done.stderr
    (old / "elsewhere.json").rename(old / "keys.json")
    assert django(old, "migrate", "members", "0001", "--verbosity", "0").returncode == 0
