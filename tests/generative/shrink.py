"""Makes a failing case small: leave out versions, rules and rows of facts, as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import yaml

from tests.generative.page import text
from tests.generative.world import Case


def shrink(case: Case, fails: Callable[[Case], bool]) -> Case:
    smaller: Case | None = case
    while smaller is not None:
        case, smaller = smaller, next((one for one in _smaller(smaller) if fails(one)), None)
    return case


def _smaller(case: Case) -> Iterator[Case]:
    """Large pieces first: a whole version, a whole rule, half a table, at last single rows."""
    for texts in _without_one(case.rulebooks):
        if texts:
            yield replace(case, rulebooks=texts)
    for place, book in enumerate(case.rulebooks):
        found = yaml.safe_load(book)
        for rules in _without_one(found["rules"]):
            if rules:
                texts = [*case.rulebooks[:place], text(found | {"rules": rules}), *case.rulebooks[place + 1 :]]
                yield replace(case, rulebooks=texts)
    for table, rows in case.facts.items():
        half = len(rows) // 2
        pieces = [rows[:half], rows[half:]] if half > 1 else []
        for fewer in [*pieces, *_without_one(rows)]:
            yield replace(case, facts=case.facts | {table: fewer})


def _without_one[T](items: list[T]) -> Iterator[list[T]]:
    yield from (items[:place] + items[place + 1 :] for place in range(len(items)))
