"""What a member owes for one month: which base counts, whether one pays yet, what a decision takes off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhibu.engine.dues.table import FEN, NotInRange, Table, table_on

MONTH_OF_CHANGE, START_OF_YEAR = "month_of_change", "start_of_year"
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Base:
    """From this day on: a kind of payer (`rates` of the table) with a base or a chosen sum in yuan."""

    since: date
    kind: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """减交、免交 by decision, from the month of `since` to that of `until`: a sum in yuan, 0 for none."""

    since: date
    until: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Practice:
    """How an organisation reckons. `mode`: a new base counts from the month of the new pay (2008, art. 10), or the base
    of the year's start counts for the year (central organs 2021). `vote_month`: whether the month of the vote itself is
    paid; the regulation says only "from the vote"."""

    mode: str = MONTH_OF_CHANGE
    vote_month: bool = True


@dataclass(frozen=True, slots=True)
class Payer:
    """A member: the day of the vote that made one a probationary member, bases and reliefs in any order."""

    voted_on: date
    bases: Sequence[Base] = ()
    reliefs: Sequence[Relief] = ()
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """`state`: owed, free (by decision), not_yet, left, or unknown (no base told). `why` in words with the clause."""

    state: str
    amount: Decimal
    why: str
    clause: str = ""


def owed(payer: Payer, month: date, practice: Practice, tables: Sequence[Table]) -> Owed:
    """What is owed for the month of this day, in yuan to the fen. Raises LookupError before the first table."""
    first, table = month.replace(day=1), table_on(tables, month.replace(day=1))
    if first < starts(payer.voted_on, practice):
        return Owed("not_yet", NOTHING, f"{payer.voted_on} 党员大会通过为预备党员，还不到交纳的月份", table.vote_clause)
    if payer.left_on and first > payer.left_on:
        return Owed("left", NOTHING, f"{payer.left_on} 已离开")
    base = base_of(payer.bases, first, practice.mode)
    if base is None or base.kind not in table.rates:
        return Owed("unknown", NOTHING, "还没有核定基数")
    return _reckoned(payer, base, first, table)


def _reckoned(payer: Payer, base: Base, first: date, table: Table) -> Owed:
    rate = table.rates[base.kind]
    try:
        due, why = rate.amount(base.amount)
    except NotInRange as wrong:
        return Owed("unknown", NOTHING, str(wrong), rate.clause)
    for relief in payer.reliefs:
        if relief.since.replace(day=1) <= first <= relief.until and relief.amount < due:
            sum_ = relief.amount.quantize(FEN)
            said = f"经批准减为 {sum_} 元" if sum_ else "经批准免交"
            return Owed("owed" if sum_ else "free", sum_, f"{why}；{said}", f"{rate.clause}、{table.relief_clause}")
    return Owed("owed", due, why, rate.clause)


def starts(voted_on: date, practice: Practice) -> date:
    """First day of the first month that is paid."""
    first = voted_on.replace(day=1)
    return first if practice.vote_month or voted_on.day == 1 else next_month(first)


def base_of(bases: Sequence[Base], first: date, mode: str) -> Base | None:
    """The base of a month. By the year: that of January, or of the first month told in this year when there is none."""
    known = sorted(bases, key=lambda one: one.since)
    held = [one for one in known if one.since.replace(day=1) <= first]
    if mode == START_OF_YEAR and held:
        january = first.replace(month=1)
        before = [one for one in held if one.since.replace(day=1) <= january]
        return before[-1] if before else held[0]
    return held[-1] if held else None


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def months(first: date, last: date) -> Iterator[date]:
    """First days of the months from that of `first` to that of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)
