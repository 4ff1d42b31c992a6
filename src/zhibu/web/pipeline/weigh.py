"""How many organisations rulebooks bind, and how often, in a year: evaluated for its counts, nothing is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import pyarrow.compute as pc

from zhibu.engine import evaluate as engine
from zhibu.engine.facts.load import from_tables
from zhibu.web.core import clock
from zhibu.web.pipeline import facts
from zhibu.web.pipeline.days import window
from zhibu.web.regulations.queries import books_of

Counts = dict[tuple[str, str], tuple[int, int]]


def weigh(digests: Collection[str], year: int) -> Counts:
    """(rulebook, rule) → organisations bound and duties of the year, those not asked left out."""
    books = books_of(digests)
    if not books:
        return {}
    answer = engine.evaluate(books, from_tables(facts.tables(people=False)), window(year), clock.today())
    found = answer.verdicts.filter(pc.equal(answer.verdicts["subject"], "organisation"))
    found = found.filter(pc.not_equal(found["status"], "exempt"))
    periods: dict[tuple[str, str], list[int]] = defaultdict(list)
    counted = found.group_by(["rulebook", "rule", "period"]).aggregate([("subject_id", "count")])
    for row in counted.to_pylist():
        periods[row["rulebook"], row["rule"]].append(row["subject_id_count"])
    return {name: (max(counts), sum(counts)) for name, counts in periods.items()}
