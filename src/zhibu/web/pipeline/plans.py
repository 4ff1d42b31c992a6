"""The rules of a year, bound once and kept, so that a click does not bind a library of rulebooks.

They are bound to a specimen with a value in every column (facts.specimen). A full run binds them to the real facts,
where a column may be empty; a test on an empty column is false either way, so the verdicts are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from zhibu.engine import holidays
from zhibu.engine.bind import bind
from zhibu.engine.errors import EngineError
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import from_tables
from zhibu.engine.plan import Plan
from zhibu.engine.uses import of_rule
from zhibu.web.pipeline import facts
from zhibu.web.pipeline.days import has_begun, window
from zhibu.web.regulations.library import scheme_of
from zhibu.web.regulations.queries import books_of, editions, scheme_texts

Edition = tuple[tuple[str, ...], str]  # digests of the rulebooks, text of the scheme


def plans(years: Iterable[int], today: date, chosen: Iterable[int]) -> dict[int, Plan]:
    """The plan of each year over what is in force now, for judging the organisations `chosen`.

    Raises EngineError when the rules do not fit the facts of these organisations.
    """
    digests, schemes = editions(), scheme_texts()
    found = {}
    for year in years:
        text = next((text for since, text in schemes if since <= year), "") if has_begun(year, today) else ""
        found[year] = _plan((digests, text), year, today, chosen)
    return found


def reads(plan: Plan, column: str) -> bool:
    """Whether verdicts or peer groups of organisations can depend on a column of theirs."""
    uses = {use.column for bound in plan.rules if bound.rule.subject == "organisation" for use in of_rule(bound.rule)}
    return column in uses or (plan.scheme is not None and plan.scheme.peer_group == column)


def _plan(edition: Edition, year: int, today: date, chosen: Iterable[int]) -> Plan:
    """Where the specimen is too strict (a rule compares a column that is empty everywhere), the real facts decide."""
    try:
        return _kept(edition, year, today)
    except EngineError:
        return _bound(edition, year, today, from_tables(facts.tables(frozenset(chosen), people=False)))


@lru_cache(maxsize=16)
def _kept(edition: Edition, year: int, today: date) -> Plan:
    return _bound(edition, year, today, from_tables(facts.specimen()))


def _bound(edition: Edition, year: int, today: date, found: Facts) -> Plan:
    digests, text = edition
    scheme = scheme_of(text) if text else None
    return bind(books_of(digests), found, window(year), today, scheme, "all", holidays.official())
