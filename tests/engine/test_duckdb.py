"""The duckdb backend where it could differ from the reference for reasons of its own: names, numbers, settings."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from zhibu.engine import scores
from zhibu.engine.backends import duckdb
from zhibu.engine.backends.duckdb import conditions
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.grades import graded
from zhibu.engine.backends.duckdb.scores import CENTS, FLOOR
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.facts.load import from_tables
from zhibu.engine.packed import native
from zhibu.engine.rulebooks.load import load
from zhibu.engine.scheme import GradeStep
from zhibu.engine.scheme import read as read_scheme

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture(autouse=True, params=["sql", "off", "auto"], ids=["sql", "numpy", "kernel"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ways of the backend: SQL alone, the kernel in numpy, the compiled one where it was built."""
    monkeypatch.setenv("ZHIBU_KERNEL", request.param)
    return str(request.param)


BOOK = """\
id: book
title: 某办法
level: county
effective: {from: 2020-01-01}
sources: {S: {title: 某办法}}
rules:
"""
RULE = """\
  - id: %s
    title: 规则
    source: {ref: S, clause: 第一条}
"""
DATES = ("founded_on", "dissolved_on", "valid_from", "valid_to")


def organisation(**columns: Any) -> dict[str, Any]:
    return {"org_id": "o", "parent_id": None, "kind": "branch", **dict.fromkeys(DATES), **columns}


def event(id_: str = "e", **columns: Any) -> dict[str, Any]:
    absent = dict.fromkeys(("person_id", "unit_id", "expected", "present", "days", "hours", "topics", "makes_up"))
    days = {"held_on": date(2025, 3, 1), "recorded_on": date(2025, 3, 1)}
    return {"event_id": id_, "types": ["meeting"], "org_id": "o", **absent, **days, **columns}


def evaluated(
    folder: Path, rule: str, org: dict[str, Any], events: list[dict[str, Any]], backend: str = "duckdb", **more: Any
) -> Evaluation:
    (folder / "book.yaml").write_text(BOOK + RULE % "r" + rule, encoding="utf-8")
    facts = from_tables({"organisations": pa.Table.from_pylist([org]), "events": pa.Table.from_pylist(events)})
    return evaluate(load([folder / "book.yaml"]), facts, YEAR, date(2026, 6, 1), backend=backend, **more)


def statuses(folder: Path, rule: str, org: dict[str, Any], *events: dict[str, Any]) -> list[str]:
    """Of both backends, which must agree."""
    found = [evaluated(folder, rule, org, list(events) or [event()], backend) for backend in ("memory", "duckdb")]
    assert found[0].verdicts.to_pylist() == found[1].verdicts.to_pylist()
    status: list[str] = found[1].verdicts["status"].to_pylist()
    return status


def test_a_column_may_be_called_anything(tmp_path: Path) -> None:
    """Quotes and semicolons, names that differ only in case, names of the queries' own columns."""
    for column in (
        'a"b; drop table organisations',
        "Kind",
        "need",
        "born",
        "rule",
        "t",
        "select",
        "党 员",
        "'",
        "X7",
        "ORG_ID",
        "Held_On",
    ):
        rule = f"    applies_to: {{subject: organisation}}\n    always: {{{quoted(column)}: {quoted("it's --")}}}\n"
        assert statuses(tmp_path, rule, organisation(**{column: "it's --"})) == ["met"], column
        assert statuses(tmp_path, rule, organisation(**{column: "other"})) == ["missed"], column


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


COUNTED = "    applies_to: {subject: organisation}\n    every: year\n    needs: {event: [meeting], %s}\n"


def test_needs_are_exact_decimals(tmp_path: Path) -> None:
    """1.1 × 10 is 11; as doubles it is a little more, and rounded up 12."""
    rule = COUNTED % "measure: hours, at_least: {column: fund, times: 10, round: up}"
    assert statuses(tmp_path, rule, organisation(fund=1.1), event(hours=11.0)) == ["met"]
    assert statuses(tmp_path, rule, organisation(fund=1.1), event(hours=10.999999)) == ["missed"]


@pytest.mark.parametrize("times", ["0.1", "1.1", "12", "0.123456789012345", "1000000"])
@pytest.mark.parametrize("how", ["", ", round: up", ", round: down"])
def test_a_basis_may_be_any_number(tmp_path: Path, times: str, how: str) -> None:
    """Large, tiny, long: each has the need the reference works out, to the last bit."""
    rule = COUNTED % f"measure: hours, at_least: {{column: fund, times: {times}{how}}}"
    for fund in (100, 120.5, 99999999999.5, 1e30, 1e-20, 1e300, 1 / 3, -0.0, 2**62, Decimal("120.50")):
        assert statuses(tmp_path, rule, organisation(fund=fund), event(hours=100.1))


def test_infinity_rejects_its_row(tmp_path: Path) -> None:
    """Not-a-number is null; both only in columns that a rule reads as numbers."""
    rule = "    applies_to: {subject: organisation}\n    always: {fund: {known: true}}\n"
    assert statuses(tmp_path, rule, organisation(fund=float("nan"), other=float("inf"))) == ["missed"]
    assert statuses(tmp_path, rule.replace("known: true", "min: 0"), organisation(fund=float("nan"))) == ["missed"]
    for backend in ("memory", "duckdb"):
        found = evaluated(tmp_path, rule, organisation(fund=float("-inf")), [event()], backend)
        assert found.verdicts.num_rows == 0
        assert found.rejected.select(["row", "column", "reason"]).to_pylist() == [
            {"row": 1, "column": "fund", "reason": "是无穷大，不是数字"}
        ]


@pytest.mark.parametrize("hours", ["1000000", "9300000.5", "99999999.5", "0.1234567", "0.000000000000000001"])
def test_amounts_are_exact_to_18_decimals(tmp_path: Path, hours: str) -> None:
    amount = Decimal(hours)
    for least, status in ((amount, "met"), (amount * 2, "met"), (amount * 2 + Decimal("1e-18"), "missed")):
        rule = COUNTED % f"measure: hours, where: {{hours: {{min: {hours}}}}}, at_least: {least:f}"
        events = [event(str(n), hours=amount) for n in range(2)]
        assert statuses(tmp_path, rule, organisation(), *events) == [status], least


@pytest.mark.parametrize("points", ["0.0049999994", "0.0049999996", "0.0000000000001", "-1.0049999999999"])
def test_scores_with_long_decimals(tmp_path: Path, points: str) -> None:
    """Halfway between two cents at the tenth decimal: only exact sums agree."""
    scheme = tmp_path / "scheme.yaml"
    dimensions = "[{id: d, title: t, weight: 0.1234567, rules: [book/*]}]"
    scheme.write_text(f"id: s\ntitle: t\ndimensions: {dimensions}\n", encoding="utf-8")
    (tmp_path / "book.yaml").write_text(BOOK + RULE % "r" + COUNTED % "at_least: 1", encoding="utf-8")
    books = load([tmp_path / "book.yaml"])
    adjustment = {"subject_id": "o", "item": "i", "on": date(2025, 1, 1), "points": Decimal(points), "reason": "r"}
    tables = {"organisations": [organisation()], "events": [event()], "adjustments": [adjustment]}
    facts = from_tables({name: pa.Table.from_pylist(rows) for name, rows in tables.items()})
    found = [
        evaluate(books, facts, YEAR, date(2026, 6, 1), scheme=read_scheme(scheme), backend=backend).scores.to_pylist()
        for backend in ("memory", "duckdb")
    ]
    assert found[0] == found[1] and found[0][0]["d"] == 0.12


def test_rounding_below_zero(tmp_path: Path) -> None:
    for how, need in (("up", -1.0), ("down", -2.0)):
        rule = COUNTED % f"at_least: {{column: fund, times: 0.5, round: {how}}}"
        found = evaluated(tmp_path, rule, organisation(fund=-3), [event()])
        assert found.verdicts["need"].to_pylist() == [need]


def test_tenths_add_up(tmp_path: Path) -> None:
    rule = COUNTED % "measure: hours, at_least: 0.3"
    assert statuses(tmp_path, rule, organisation(), *(event(str(n), hours=0.1) for n in range(3))) == ["met"]


@pytest.mark.parametrize(("least", "status"), [("0.666", "met"), ("0.667", "missed"), ("0.6666666666666666", "met")])
def test_attendance_is_a_ratio(tmp_path: Path, least: str, status: str) -> None:
    rule = COUNTED % f"where: {{attendance: {{min: {least}}}}}"
    assert statuses(tmp_path, rule, organisation(), event(expected=3, present=2)) == [status]


@pytest.mark.parametrize("operator", ["=", "<", "<=", ">", ">="])
def test_a_double_column_means_its_shortest_decimal(operator: str) -> None:
    """Also against numbers no double stands for: 0.1 + 10^-18 is more than 0.1 and less than the next double."""
    table = pa.table({"x": pa.array([-0.1, 0.0, 0.1, 0.1 + 2**-56, 0.3, 1e20])})
    for value in map(Decimal, ("0.1", "0.100000000000000001", "0.099999999999999999", "0", "100000000000000000000")):
        with Database() as database:
            database.give("facts", table.rename_columns(["x0"]))
            test = conditions.Columns(table).compare("x", operator, value)
            found = database.take(f"SELECT {test} FROM facts t ORDER BY x0", pa.schema([("x", pa.bool_())]))
        meant = {"=": "__eq__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}[operator]
        exact = [getattr(Decimal(repr(x)), meant)(value) for x in table["x"].to_pylist()]
        assert found["x"].to_pylist() == exact, value


def test_scores_round_as_the_reference_does() -> None:
    fine = [n * 10**12 + d for n in range(-3005, 3005, 61) for d in (0, 1, 5 * 10**12, 4999999499999, 4999999500000)]
    with Database() as database:
        database.macro(FLOOR)
        database.macro(CENTS)
        database.give("given", pa.table({"n": range(len(fine)), "x": pa.array(fine, pa.decimal128(38, 0))}))
        found = database.take(
            "SELECT cents(x::HUGEINT) FROM given ORDER BY n", pa.schema([("c", pa.decimal128(38, 0))])
        )
    assert found["c"].to_pylist() == [scores.round_score(Fraction(x, 10**15)) * 100 for x in fine]


@pytest.mark.parametrize("count", [70, 600])
def test_conditions_may_be_many(
    count: int, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """More parts than the compiled kernel has places, more tests than it has bits: numpy takes over, not SQL."""
    caplog.set_level("INFO")
    if way != "sql":
        monkeypatch.setattr(duckdb, "sql", None)
    parts = ", ".join(f"{{members: {{more_than: {number}, less_than: {number + 2}}}}}" for number in range(count))
    rule = f"    applies_to: {{subject: organisation}}\n    always: {{any: [{{kind: other}}, {parts}]}}\n"
    assert statuses(tmp_path, rule, organisation(members=count)) == ["met"]
    assert statuses(tmp_path, rule, organisation(members=count + 1)) == ["missed"]
    assert ("judged in numpy" in caplog.text) == (way == "auto" and native.library() is not None)


def test_grades_by_steps_are_grades_tie_by_tie() -> None:
    dice = Random(1)
    for _ in range(60):
        totals = [dice.choice([0, 30, 45, 45.5, 60, 60, 75, 90]) for _ in range(dice.randint(1, 12))]
        steps = tuple(
            GradeStep(name, dice.choice([None, Decimal(40), Decimal("45.5"), Decimal(75)]), dice.choice(shares))
            for name, shares in (
                ("A", [Decimal("0.333"), None]),
                ("B", [Decimal("0.25"), Decimal(0), None]),
                ("C", [None]),
            )
        )
        rows = {"total": [int(total * 100) for total in totals], "peer_group": [None] * len(totals)}
        with Database() as database:
            database.give("totals", pa.table(rows | {"group_size": [len(totals)] * len(totals)}))
            query = f"SELECT total, grade FROM ({graded('SELECT * FROM totals', steps)})"
            found = database.take(query, pa.schema([("total", pa.int64()), ("grade", pa.string())]))
        meant = scores.graded([Fraction(total) for total in totals], steps)
        assert {row["total"]: row["grade"] for row in found.to_pylist()} == {k * 100: v for k, v in meant.items()}


def test_a_subject_without_a_table_has_no_verdicts(tmp_path: Path) -> None:
    """Nor are the columns asked for that nobody handed over."""
    rule = "    applies_to: {subject: person, where: {role: x}}\n    every: month\n"
    rule += "    needs: {event: [meeting], at_least: {column: age}}\n"
    assert statuses(tmp_path, rule, organisation()) == []


@pytest.mark.parametrize(("keep", "rows"), [("all", 12), ("exceptions", 11), ("none", 0)])
def test_keep_decides_only_what_is_handed_back(tmp_path: Path, keep: str, rows: int) -> None:
    rule = "    applies_to: {subject: organisation}\n    every: month\n    needs: {event: [meeting]}\n"
    ticks: list[None] = []
    found = evaluated(tmp_path, rule, organisation(), [event()], verdicts=keep, tick=lambda: ticks.append(None))
    assert (found.verdicts.num_rows, len(ticks)) == (rows, 1)
    assert found.rollups["due"].to_pylist() == [12]


def test_settings_and_no_trace_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_DUCKDB_MEMORY", "300MB")
    monkeypatch.setenv("ZHIBU_DUCKDB_THREADS", "1")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Database() as database:
        schema = pa.schema([("memory", pa.string()), ("threads", pa.int64())])
        found = database.take("SELECT current_setting('memory_limit'), current_setting('threads')", schema)
        database.keep("large", "SELECT range AS n, repeat('x', 100) AS x FROM range(4000000)")  # more than 300 MB
        assert list(tmp_path.glob("zhibu-duckdb-*"))
    assert found.to_pylist() == [{"memory": "286.1 MiB", "threads": 1}]
    assert list(tmp_path.iterdir()) == []
