"""Our own answers in the form in which the peers give theirs, and the restricted rulebooks they are compared on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import yaml

from peers.task import STATUSES


def restricted(folder: Path, out: Path, keep: Callable[[dict[str, Any]], bool]) -> Path:
    """The rulebooks of a facts folder with only those rules; returns the new folder."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for path in sorted((folder / "rules").glob("*.yaml")):
        book = yaml.safe_load(path.read_text(encoding="utf-8"))
        book["rules"] = [rule for rule in book["rules"] if keep(rule)]
        if book["rules"]:
            (out / path.name).write_text(yaml.safe_dump(book, allow_unicode=True), encoding="utf-8")
    return out


def common(rule: dict[str, Any]) -> bool:
    """A calendar or standing clock."""
    return "always" in rule or isinstance(rule.get("every"), str)


def theme_day(rule: dict[str, Any]) -> bool:
    return rule["id"] == "theme-day"


def ours(out: Path) -> dict[str, int]:
    """Status counts over all roll-ups, number of rows, sums of totals (in hundredths) and ranks."""
    sums = ", ".join(f"sum({name})" for name in STATUSES)
    ask = duckdb.connect().execute
    counts = ask(f"SELECT {sums}, count(*) FROM read_parquet(?)", [str(out / "rollups.parquet")]).fetchone()
    scores = ask(
        "SELECT count(*), sum(round(total * 100)::BIGINT), sum(rank) FROM read_parquet(?)",
        [str(out / "scores.parquet")],
    ).fetchone()
    assert counts and scores
    return dict(zip((*STATUSES, "rollups", "scores", "cents", "ranks"), map(int, (*counts, *scores)), strict=True))


def counts(out: Path) -> dict[str, int]:
    """For the one rule, the form in which OpenFisca answers: status counts, and twice the points."""
    query = f"""SELECT {", ".join(f"count(*) FILTER (status = '{name}') AS {name}" for name in STATUSES)},
        round(sum(points) * 2)::BIGINT AS points FROM read_parquet(?)"""
    found = duckdb.connect().execute(query, [str(out / "verdicts.parquet")])
    names = [column[0] for column in found.description]
    return dict(zip(names, map(int, found.fetchone()), strict=True))
