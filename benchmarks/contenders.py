"""Who is compared, on what, and how each is called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import answers
import cluster
from generate import AS_OF, YEAR

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / "var" / "bench" / "bin" / "python"
COUNTY, CITY, PROVINCE, COUNTRY = "county", "city", "province", "country"
SMALL, MIDDLE, ALL = (COUNTY, CITY), (COUNTY, CITY, PROVINCE), (COUNTY, CITY, PROVINCE, COUNTRY)


@dataclass(frozen=True, slots=True)
class Place:
    """A scale's facts and a folder for what comes of them."""

    scale: str
    facts: Path
    work: Path


@dataclass(frozen=True, slots=True)
class Contender:
    """`rules`: the folder of rulebooks under `work`: all, common or one. Peers of ours answer on `common` or `one`.

    `before`: run once, not counted. `cluster`: needs the Spark cluster.
    """

    name: str
    rules: str
    scales: tuple[str, ...]
    command: Callable[[Place], list[str]]
    env: Callable[[Place], dict[str, str]] = lambda place: {}
    before: Callable[[Place], list[str]] | None = None
    cluster: bool = False
    ours: bool = field(default=False)


def evaluate(rules: str, backend: str = "duckdb", verdicts: str = "none") -> Callable[[Place], list[str]]:
    def command(place: Place) -> list[str]:
        words = [sys.executable, "-m", "zhibu.cli", "evaluate", "--rules", str(place.work / rules)]
        words += ["--facts", str(place.facts), "--scheme", str(place.facts / "scheme.yaml"), "--year", YEAR]
        words += ["--as-of", AS_OF, "--backend", backend, "--verdicts", _kept(verdicts, place.scale)]
        return [*words, "--out", str(place.work / "out")]

    return command


def _kept(verdicts: str, scale: str) -> str:
    return "exceptions" if verdicts == "all" and scale == COUNTRY else verdicts


def store(place: Place) -> dict[str, str]:
    return on(place) | {"ZHIBU_STORE": str(place.work / "store")}


def on(place: Place) -> dict[str, str]:
    """An error, not silence, where the kernel was not built."""
    return {"ZHIBU_KERNEL": "on"}


def off(place: Place) -> dict[str, str]:
    return {"ZHIBU_KERNEL": "off"}


def sql(place: Place) -> dict[str, str]:
    return {"ZHIBU_KERNEL": "sql"}


def master(where: str) -> Callable[[Place], dict[str, str]]:
    return lambda place: {"ZHIBU_SPARK_MASTER": where}


def peer(name: str, *words: str, extra: str = "") -> Callable[[Place], list[str]]:
    """A module of peers/ with its words, the facts, and a file or folder of its own in `work`."""

    def command(place: Place) -> list[str]:
        own = [str(place.work / extra)] if extra else []
        return [str(PEERS), "-m", f"peers.{name}_peer", *words, str(place.facts), *own]

    return command


def _ours(name: str, rules: str, scales: tuple[str, ...], backend: str = "duckdb", **more: object) -> Contender:
    command = evaluate(rules, backend, str(more.pop("verdicts", "none")))
    return Contender(name, rules, scales, command, ours=True, **more)  # type: ignore[arg-type]


FLOOR = Contender("floor F", "-", ALL, lambda place: [sys.executable, str(HERE / "floor.py"), str(place.facts)])
LOADED = peer("sqlite", "load", extra="facts.sqlite")
CONTENDERS = [
    FLOOR,
    _ours("ours, from Parquet", "all", ALL, env=on),
    _ours("ours, warm store", "all", ALL, env=store),
    _ours("ours, warm store, verdicts written", "all", ALL, env=store, verdicts="all"),
    _ours("ours, without compiled code", "all", MIDDLE, env=off),
    _ours("ours, in SQL", "all", MIDDLE, env=sql),
    _ours("ours, memory (the reference)", "all", (COUNTY,), "memory"),
    _ours("ours, Spark local", "all", (CITY, PROVINCE), "spark", env=master("local[2]")),
    _ours("ours, Spark cluster", "all", (CITY, PROVINCE), "spark", env=master(cluster.MASTER), cluster=True),
    _ours("ours, from Parquet", "common", MIDDLE, env=on),
    _ours("ours, warm store", "common", MIDDLE, env=store),
    Contender("polars", "common", MIDDLE, peer("polars")),
    Contender("pandas", "common", MIDDLE, peer("pandas")),
    Contender("DuckDB through dbt", "common", MIDDLE, peer("dbt", extra="dbt")),
    Contender("SQLite", "common", MIDDLE, peer("sqlite", "run", extra="facts.sqlite"), before=LOADED),
    Contender("Django loop", "common", SMALL, peer("django", extra="facts.sqlite"), before=LOADED),
    _ours("ours, from Parquet", "one", SMALL, env=on, verdicts="all"),
    Contender("OpenFisca", "one", SMALL, peer("openfisca")),
]
NOTES = """\
F: DuckDB sums every column the rules read (events only), from Parquet. Every row is a process of its own, start-up
included (Python and imports: a few tenths of a second, which is most of F for a county). x F: wall over F's wall, CPU
over F's CPU, of the same rounds. Peak: resident memory of the process and its children, shared pages counted in each.
Rules: all = 30 rules, with scores, ranks, grades, escalation, roll-ups, rejected rows. common = 23 of them: those with
a calendar or standing clock. one = theme-day alone. "verdicts written": also every verdict with its evidence in Parquet
(country: the exceptions); the other rows of ours write scores, roll-ups, escalations and rejected rows.
What the others leave out: rules anchored on a date or owed after an event, grades, escalation, evidence, the list of
rejected rows, and writing their results to files. They do history, life, waivers, make-ups, late records, every
measure, bonus and deduction, ranks and roll-ups, and gave the same counts, totals and ranks as ours in this run.
SQLite and Django start from a database made before (its seconds stand behind the row). dbt starts from Parquet; its
SQL is SQLite's.
Spark: the warm-up of the JVM counts, the start of the cluster (one master, two workers of a core) does not.
Without compiled code: the kernel's work in numpy. In SQL: what answers rules that no kernel covers.
OpenFisca has no events, history, waivers or trees: polars counts the events by month for it (inside its time); its own
part is the status of each month and the points of the year."""


def prepare(place: Place) -> None:
    """The three sets of rules beside each other."""
    place.work.mkdir(parents=True, exist_ok=True)
    for name, keep in (("all", lambda rule: True), ("common", answers.common), ("one", answers.theme_day)):
        answers.restricted(place.facts, place.work / name, keep)
