"""The floor F: DuckDB sums every column the rules read, once, from Parquet. python benchmarks/floor.py FACTS

Texts by their length in bytes, lists by the number of members, days by their distance from the year's first. No engine
that starts from these files can be much faster, for it must read the same columns.
"""

from __future__ import annotations

import sys

import duckdb

TEXTS = ("event_id", "org_id", "person_id", "makes_up", "mode")
LISTS = ("types", "topics")
DAYS = ("held_on", "recorded_on")
NUMBERS = ("expected", "present", "days", "hours", "files")

if __name__ == "__main__":
    sums = [f"sum(strlen({name}))" for name in TEXTS] + [f"sum(len({name}))" for name in LISTS]
    sums += [f"sum({name} - DATE '2025-01-01')" for name in DAYS] + [f"sum({name})" for name in NUMBERS]
    query = f"SELECT {', '.join(sums)} FROM read_parquet('{sys.argv[1]}/events/*.parquet')"
    print(duckdb.connect().execute(query).fetchone())
