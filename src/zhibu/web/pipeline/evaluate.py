"""The full run: every organisation, a year at a time. Nightly, after an import, and by `zhibu refresh`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from zhibu.engine import evaluate as engine
from zhibu.engine.evaluate import Evaluation as Answer
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import from_tables
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.web.assessment.models import Proposal, Score
from zhibu.web.core import clock
from zhibu.web.duties.models import Evaluation, Tally, Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts, rows
from zhibu.web.pipeline.keep import keep
from zhibu.web.regulations.queries import books_in_force, scheme_for

WHY = "the pipeline computes for everybody"


def years(today: date) -> list[int]:
    """The years kept up to date: the last and the present one; in December the next one too, for 下月预告."""
    return [today.year - 1, today.year] + ([today.year + 1] if today.month == 12 else [])


def refresh(only: Iterable[int] | None = None) -> int:
    """Evaluate the years (default: those kept up to date). Returns the number of rows written."""
    today = clock.today()
    books, tables = books_in_force(), from_tables(facts.tables(people=False))
    return sum(_year(year, today, books, tables) for year in only or years(today))


def window(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _year(year: int, today: date, books: tuple[Rulebook, ...], tables: Facts) -> int:
    started = time.perf_counter()
    scheme = scheme_for(year)
    answer = engine.evaluate(books, tables, window(year), today, scheme=scheme, backend="duckdb")
    with transaction.atomic():
        stamp(year, today)
        written = store(answer, year)
        Evaluation.objects.filter(year=year).update(
            rulebooks={f"{book.id}@{book.since}": book.digest for book in books},
            scheme=scheme.id if scheme else "",
            seconds=round(time.perf_counter() - started, 2),
        )
    return written


def stamp(year: int, today: date) -> None:
    """Say that the year is computed as of today with all facts, and hold its row until the transaction ends."""
    done = {"as_of": today, "computed_at": clock.now(), "stale": False}
    Evaluation.objects.update_or_create(year=year, defaults=done)
    lock(year)


def lock(year: int) -> None:
    """Runs and changes of one year follow one another: the next waits here for the row."""
    Evaluation.objects.select_for_update().get(year=year)


def store(answer: Answer, year: int) -> int:
    """Keep the four tables of one year for all organisations."""
    found = Organisation.objects.unscoped(WHY).values_list("code", "pk", "path")
    codes = {code: pk for code, pk, _ in found}
    paths = {pk: path for _, pk, path in found}
    verdicts = list(rows.verdicts(answer.verdicts, codes, year))
    written = keep(verdicts, _of(Verdict, year), rows.VERDICT_KEY, rows.VERDICT_VALUES)
    written += keep(rows.tallies(verdicts, paths, year), _of(Tally, year), rows.TALLY_KEY, rows.TALLY_VALUES)
    written += keep(rows.scores(answer.scores, codes, year), _of(Score, year), rows.SCORE_KEY, rows.SCORE_VALUES)
    proposals = rows.proposals(answer.escalations, codes, year)
    return written + keep(proposals, _of(Proposal, year), rows.PROPOSAL_KEY, rows.PROPOSAL_VALUES)


def _of(model: type, year: int):
    return model.objects.unscoped(WHY).filter(year=year)
