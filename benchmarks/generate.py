"""A made-up county for benchmarks: organisations with 43 events each, 30 rules, one scheme; seeded."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

TYPES = [f"type_{n}" for n in range(10)]
EVENTS = 43  # per organisation and year
DAY = date(2025, 1, 1)

BOOK = """\
id: county
title: 某县组织生活
level: county
effective: {from: 2020-01-01}
sources: {S: {title: 《某办法》}}
rules:
"""
RULE = """\
  - id: rule-%d
    title: 规则
    source: {ref: S, clause: 第一条}
    applies_to: {subject: organisation, where: {kind: [branch, joint_branch]}}
    every: %s
    needs: {event: [%s], measure: %s, where: {attendance: {min: 0.5}}}
    grace: {days: %d}
"""
SCHEME = """\
id: county
title: 年度考核
peer_group: sector
dimensions: [{id: life, title: 组织生活, weight: 100, rules: [county/*]}]
grades: [{grade: 好, min: 90, max_share: 0.333}, {grade: 一般, min: 60}, {grade: 差}]
escalation: {rules: [county/*], steps: {1: 提醒, 3: 通报}}
"""
CLOCKS = ["month", "quarter", "half_year", "year", "{months: 5, from: elected_on}"]
MEASURES = ["count", "hours, at_least: 1.5", "topics, at_least: 2"]
MEASURES += ["people, at_least: {column: members, times: 0.1, round: up}"]


def organisations(count: int, dice: Random) -> pa.Table:
    """A tree of twelve under one; its leaves are branches."""
    days = dict.fromkeys(("founded_on", "dissolved_on", "valid_from", "valid_to"), pa.nulls(count, pa.date32()))
    columns = {
        "org_id": [f"o{n}" for n in range(count)],
        "parent_id": [f"o{(n - 1) // 12}" if n else None for n in range(count)],
        "kind": ["branch" if n * 12 + 1 >= count else "committee" for n in range(count)],
        "sector": [dice.choice(["农村", "机关", "企业"]) for _ in range(count)],
        "members": [dice.randint(3, 60) for _ in range(count)],
        "elected_on": [DAY - timedelta(dice.randint(0, 1500)) for _ in range(count)],
    }
    return pa.table(columns | days)


def events(count: int, dice: Random) -> pa.Table:
    numbers = range(count * EVENTS)
    held = [DAY + timedelta(dice.randrange(365)) for _ in numbers]
    empty = pa.nulls(len(numbers), pa.string())
    return pa.table(
        {
            "event_id": [f"e{n}" for n in numbers],
            "types": [[dice.choice(TYPES)] for _ in numbers],
            "org_id": [f"o{n // EVENTS}" for n in numbers],
            "person_id": [f"p{dice.randrange(count * 20)}" for _ in numbers],
            "unit_id": empty,
            "held_on": held,
            "recorded_on": [day + timedelta(dice.choice([0, 0, 1, 3, 20])) for day in held],
            "expected": [dice.randint(3, 60) for _ in numbers],
            "present": [dice.randint(0, 60) for _ in numbers],
            "days": [0.5 for _ in numbers],
            "hours": [dice.choice([0.5, 1.0, 1.5, 2.25]) for _ in numbers],
            "topics": [dice.sample("甲乙丙丁", dice.randint(0, 3)) for _ in numbers],
            "makes_up": empty,
        }
    )


def write(folder: Path, count: int) -> None:
    """organisations.parquet, events.parquet, county.yaml and scheme.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = Random(20250101)
    pq.write_table(organisations(count, dice), folder / "organisations.parquet")
    pq.write_table(events(count, dice), folder / "events.parquet")
    rules = [RULE % (n, CLOCKS[n % 5], TYPES[n % 10], MEASURES[n % 4], n % 3 * 5) for n in range(30)]
    (folder / "county.yaml").write_text(BOOK + "".join(rules), encoding="utf-8")
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
