"""An evaluation whose facts stay on storage: read by the tasks, judged by the tasks, written by the tasks.

The driver holds rulebooks, organisations with their tree, refused rows, and a few specimens of every other table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from zhibu.engine.backends.spark import intake as intakes
from zhibu.engine.backends.spark import judge, parts, survey
from zhibu.engine.backends.spark.intake import Intake
from zhibu.engine.backends.spark.parcels import SQL, frame
from zhibu.engine.backends.spark.shelf import Shelf
from zhibu.engine.backends.spark.writing import Outcome, write
from zhibu.engine.bind import bind
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import meta
from zhibu.engine.facts import SHAPES, Facts, Rejected
from zhibu.engine.facts.rejections import gathered
from zhibu.engine.facts.rows import REPEATED
from zhibu.engine.holidays import Holidays
from zhibu.engine.plan import Keep, Plan
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.uses import Use, of_rule


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be evaluated; `window` is inclusive."""

    books: tuple[Rulebook, ...]
    window: tuple[date, date]
    as_of: date
    scheme: Scheme | None
    keep: Keep
    holidays: Holidays


def evaluate(intake: Intake, question: Question, out: str, seconds: Callable[[], float]) -> Outcome:
    """Writes the tables of an evaluation as folders of Parquet files into `out`, and run.json.

    `seconds`: how long it took, asked at the end. Raises EngineError as `evaluate.evaluate` does.
    """
    shelf = Shelf(intake.spark, out)
    if problem := shelf.refused():
        raise EngineError([problem])
    count = parts.count(intake.spark, intake.rows)
    sifted = intakes.parcels(intake, _uses(intake, question), count).persist(_disk())
    try:
        lost = [*survey.refused(sifted), *survey.repeated(sifted)]
        plan = _bound(intake, question, sifted, lost, count)
        done = _judged(intake, plan, sifted, lost, count).persist(_disk())
        try:
            return write(shelf, done, plan, _lost(intake, plan, lost), meta(question.books, plan, "spark"), seconds)
        finally:
            done.unpersist()
    finally:
        sifted.unpersist()


def _disk() -> Any:
    from pyspark import StorageLevel

    return StorageLevel.DISK_ONLY


def _uses(intake: Intake, question: Question) -> list[Use]:
    rules = [rule for book in question.books for rule in book.rules if rule.status == "active"]
    return [use for rule in rules for use in of_rule(rule)]


def _bound(intake: Intake, question: Question, sifted: Any, lost: list[Rejected], count: int) -> Plan:
    """The plan, bound to the tables at the driver and to specimens of the others."""
    dropped = frozenset(row.row for row in lost if row.reason == REPEATED)
    found = survey.specimens(sifted, dropped)
    tables = {name: _filled(rows, found.get(name)) for name, rows in intake.facts.tables.items()}
    faults = (*intake.facts.faults, *survey.overlapping(sifted, intake, count))
    facts = replace(
        intake.facts, tables=tables, faults=faults, rejected=gathered([*intake.facts.rejected, *lost]).ordered()
    )
    one = question
    return bind(one.books, facts, one.window, one.as_of, one.scheme, one.keep, one.holidays)


def _filled(rows: pa.Table, specimens: pa.Table | None) -> pa.Table:
    """A table without rows, filled with specimens, which have only the columns that are read."""
    if specimens is None:
        return rows
    missing = {field.name: pa.nulls(len(specimens), field.type) for field in rows.schema}
    columns = {name: specimens[name] if name in specimens.column_names else missing[name] for name in missing}
    return pa.table(columns)


def _lost(intake: Intake, plan: Plan, lost: list[Rejected]) -> Facts:
    """The rows refused so far; of specimens refused by the rules the tasks will tell, with all others."""
    here = [row for row in plan.facts.rejected if row.table not in intake.stored]
    return replace(plan.facts, rejected=(*here, *lost))


def _judged(intake: Intake, plan: Plan, sifted: Any, lost: list[Rejected], count: int) -> Any:
    here = [name for name in SHAPES if name not in intake.stored]
    driver = frame(intake.spark, parts.parcels(plan, count, here))
    given = sifted.where("`table` <> 'rejected'").union(driver)
    dropped = frozenset(row.row for row in lost if row.reason == REPEATED)
    task = judge.judged(parts.emptied(plan), dropped)
    return given.repartitionById(count, "part").mapInArrow(task, SQL)
