"""SQLite: the usual normalised tables with indexes, then the SQL of sql.py, a temporary table a step.

python -m peers.sqlite_peer load|run FACTS DATABASE. Loading stands apart: a program would already have its rows there.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from peers.sql import CHECK, SQLITE, steps
from peers.task import read

PRAGMAS = ("journal_mode=off", "synchronous=off", "cache_size=-1000000", "temp_store=memory", "mmap_size=4000000000")
SCHEMA = """
CREATE TABLE events (event INTEGER PRIMARY KEY, event_id TEXT UNIQUE, org_id TEXT, person_id TEXT, held_on TEXT,
    recorded_on TEXT, expected INT, present INT, days REAL, hours REAL, makes_up TEXT, mode TEXT, files INT,
    types TEXT, topics TEXT);
CREATE TABLE event_types (event INT, type TEXT);
CREATE TABLE event_topics (event INT, topic TEXT);
"""
INDEXES = """
CREATE INDEX events_org ON events (org_id, held_on);
CREATE INDEX types_type ON event_types (type, event);
CREATE INDEX topics_event ON event_topics (event, topic);
CREATE INDEX organisations_org ON organisations (org_id);
CREATE INDEX waivers_subject ON waivers (subject_id, rule);
ANALYZE;
"""
ORDINARY = ("event_id", "org_id", "person_id", "held_on", "recorded_on", "expected", "present", "days", "hours")
ORDINARY += ("makes_up", "mode", "files")


def opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    return database


def load(folder: Path, path: Path) -> None:
    """Rows the engine would reject are left out here."""
    path.unlink(missing_ok=True)
    database = opened(path)
    database.executescript(SCHEMA)
    database.execute("BEGIN")
    for name in ("organisations", "waivers", "adjustments"):
        _copy(database, name, folder / f"{name}.parquet")
    number = 0
    for part in sorted((folder / "events").glob("*.parquet")):
        for batch in pq.ParquetFile(part).iter_batches(100_000):
            number = _events(database, batch.to_pylist(), number)
    database.execute('DELETE FROM waivers WHERE "to" < "from" OR subject <> \'organisation\'')
    database.execute("COMMIT")
    database.executescript(INDEXES)


def _copy(database: sqlite3.Connection, name: str, path: Path) -> None:
    table = pq.read_table(path)
    database.execute(f"CREATE TABLE {name} ({', '.join(f'"{column}"' for column in table.column_names)})")
    marks = ", ".join("?" * table.num_columns)
    rows = zip(*(map(_plain, table[column].to_pylist()) for column in table.column_names), strict=True)
    database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _events(database: sqlite3.Connection, rows: list[dict], number: int) -> int:
    good = [
        row for row in rows if row["held_on"] and row["held_on"] <= row["recorded_on"] and (row["expected"] or 0) >= 0
    ]
    keep, types, topics = [], [], []
    for row in good:
        number += 1
        lists = ["|".join(row[name] or ()) for name in ("types", "topics")]
        keep.append([number, *(_plain(row[name]) for name in ORDINARY), *lists])
        types += [(number, one) for one in row["types"]]
        topics += [(number, one) for one in row["topics"] or ()]
    names = ", ".join(("event", *ORDINARY, "types", "topics"))
    before = database.total_changes
    database.executemany(f"INSERT OR IGNORE INTO events ({names}) VALUES ({', '.join('?' * 15)})", keep)
    if database.total_changes - before < len(keep):  # an id again: its lists must not come in without it
        known = {one for (one,) in database.execute("SELECT event FROM events WHERE event > ?", (number - len(keep),))}
        types, topics = ([pair for pair in pairs if pair[0] in known] for pairs in (types, topics))
    database.executemany("INSERT INTO event_types VALUES (?, ?)", types)
    database.executemany("INSERT INTO event_topics VALUES (?, ?)", topics)
    return number


def run(folder: Path, path: Path) -> dict[str, int]:
    database = opened(path)
    names = {}
    for name, select in steps(read(folder), SQLITE):
        names[name] = f"step_{name}"
        database.execute(f"CREATE TEMP TABLE step_{name} AS {select.format(**names)}")
        if name.startswith("measured"):
            database.execute(f"CREATE INDEX temp.key_{name} ON step_{name} (org_id, code)")
        if name in ("tree", "own", "days"):
            database.execute(f"CREATE INDEX temp.key_{name} ON step_{name} ({'day' if name == 'days' else 'org_id'})")
    cursor = database.execute(CHECK.format(**names))
    return dict(zip((column[0] for column in cursor.description), map(int, cursor.fetchone()), strict=True))


if __name__ == "__main__":
    what, facts, where = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if what == "load":
        load(facts, where)
    else:
        print(json.dumps(run(facts, where)))
