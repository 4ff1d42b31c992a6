"""The full run: every organisation, a year at a time. Nightly, after an import, and by `zhibu refresh`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhibu.engine import evaluate as engine
from zhibu.engine.evaluate import Evaluation as Answer
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import from_tables
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.web.assessment.models import Proposal, Score, Tie
from zhibu.web.core import clock, turns
from zhibu.web.coverage.models import UnitVerdict
from zhibu.web.duties.models import Evaluation, Moved, Tally, Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts, rows
from zhibu.web.pipeline.days import WHY, has_begun, window, years
from zhibu.web.pipeline.judged_units import hanging_on, judge_units
from zhibu.web.pipeline.keep import keep
from zhibu.web.pipeline.reassess import catch_up
from zhibu.web.regulations.queries import books_in_force, scheme_for

MANY = 30  # above this a full run is quicker than one by one
REMEMBERED = timedelta(days=2)  # no run takes longer
BATCH = 10_000  # rows of a table made Python at a time


def refresh(only: Iterable[int] | None = None) -> int:
    """Evaluate the years (default: those kept up to date). Returns the number of rows written."""
    today = clock.today()
    Moved.objects.filter(at__lt=clock.now() - REMEMBERED).delete()
    seen = frozenset(Moved.objects.values_list("pk", flat=True))  # before the facts are read, which have their changes
    books, tables = books_in_force(), from_tables(facts.tables(people=False))
    return sum(_year(year, today, books, tables, seen) for year in only or years(today))


def _year(year: int, today: date, books: tuple[Rulebook, ...], tables: Facts, seen: frozenset[int]) -> int:
    started = time.perf_counter()
    scheme = scheme_for(year) if has_begun(year, today) else None
    answer = engine.evaluate(books, tables, window(year), today, scheme=scheme, backend="duckdb")
    with transaction.atomic():
        turns.alone()
        stamp(year, today)
        written = store(answer, year)
        _late(year, seen)
        Evaluation.objects.filter(year=year).update(
            rulebooks={f"{book.id}@{book.since}": book.digest for book in books},
            scheme=scheme.id if scheme else "",
            seconds=round(time.perf_counter() - started, 2),
        )
    return written


def stamp(year: int, today: date) -> None:
    """Say that the year is computed as of today with all facts."""
    done = {"as_of": today, "computed_at": clock.now(), "stale": False}
    Evaluation.objects.update_or_create(year=year, defaults=done)


def _late(year: int, seen: frozenset[int]) -> None:
    """Organisations that changed while the run went on without their new facts: judged again, or all of them soon."""
    late = {organisation for pk, organisation in Moved.objects.values_list("pk", "organisation") if pk not in seen}
    if None in late or len(late) > MANY:
        Evaluation.objects.filter(year=year).update(stale=True)
    elif late:
        catch_up(late, year)
        judge_units(hanging_on(late), [year])


def store(answer: Answer, year: int) -> int:
    """Keep the tables of one year for all organisations; returns the number of rows written."""
    found = list(Organisation.objects.unscoped(WHY).values_list("code", "pk", "path"))
    codes, paths = {code: pk for code, pk, _ in found}, {pk: path for _, pk, path in found}
    verdicts = list(rows.verdicts(_dicts(answer.verdicts), codes, year))
    scores = list(rows.scores(_dicts(answer.scores), codes, year))
    proposals = rows.proposals(_dicts(answer.escalations), codes, year)
    written = keep(verdicts, _of(Verdict, year), rows.VERDICT_KEY, rows.VERDICT_VALUES)
    written += keep(rows.tallies(verdicts, paths, year), _of(Tally, year), rows.TALLY_KEY, rows.TALLY_VALUES)
    units = rows.unit_verdicts(_dicts(answer.verdicts.filter(pc.equal(answer.verdicts["subject"], "unit"))), year)
    written += keep(units, _of(UnitVerdict, year), rows.UNIT_VERDICT_KEY, rows.UNIT_VERDICT_VALUES)
    written += keep(scores, _of(Score, year), rows.SCORE_KEY, rows.SCORE_VALUES)
    written += keep(rows.ties(scores), Tie.objects.filter(year=year), rows.TIE_KEY, ("count",))
    return written + keep(proposals, _of(Proposal, year), rows.PROPOSAL_KEY, rows.PROPOSAL_VALUES)


def _of(model: type, year: int):
    return model.objects.unscoped(WHY).filter(year=year)


def _dicts(table: pa.Table) -> Iterator[dict[str, Any]]:
    return (row for part in table.to_batches(BATCH) for row in part.to_pylist())
