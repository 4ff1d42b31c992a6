"""More than the regulation itself asks: a local rule against the central ones of the same event, with the arithmetic.

Times a year are compared, so once a month is more than once a quarter. What has no calendar (`after`, `always`) or no
fixed number (`at_least` from a column) is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.formalism.model import Requirement
from zhibu.engine.rulebooks.model import (
    All,
    Anchored,
    Any,
    Calendar,
    Clock,
    Condition,
    Equals,
    Grade,
    OneOf,
    Rule,
    Rulebook,
)
from zhibu.engine.sentences import EVERY, UNITS, number

YEARLY = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}
Kinds = frozenset[str] | None  # None: of every kind


@dataclass(frozen=True, slots=True)
class Basis:
    """What a regulation asks of these kinds: `yearly` None where it names no number; `words` say it with its source."""

    kinds: Kinds
    yearly: Fraction | None
    words: str


def beyond(
    rule: Rule, book: Rulebook, beside: Iterable[Rulebook], table: Sequence[Requirement], words: Mapping[str, str]
) -> list[str]:
    """What the rule asks above each regulation it goes beyond, as a sentence; nothing for central rules."""
    own = _yearly(rule)
    if book.level == "central" or own is None:
        return []
    central = [basis for other in beside if _meet(book, other) for basis in _of_book(other, rule)]
    found: dict[Basis, list[str | None]] = {}
    for kind, basis in _nearest(_kinds(rule), central, [*_of_table(table, rule)]):
        if basis.yearly is None or own > basis.yearly:
            found.setdefault(basis, []).append(kind)
    return [_sentence(rule, own, basis, kinds, words) for basis, kinds in found.items()]


def _nearest(own: Kinds, central: list[Basis], table: list[Basis]) -> Iterator[tuple[str | None, Basis]]:
    """For every kind the rule and a regulation share, the one that asks most; the table where no rulebook speaks."""
    named = [basis.kinds for basis in [*central, *table] if basis.kinds is not None]
    atoms: Iterable[str | None] = own if own is not None else frozenset().union(*named)
    for kind in sorted(atoms, key=str) or [None]:
        fits = [one for one in central if _takes(one, kind)] or [one for one in table if _takes(one, kind)]
        if fits:
            yield kind, max(fits, key=lambda one: one.yearly or 0)


def _takes(basis: Basis, kind: str | None) -> bool:
    return basis.kinds is None or (kind is not None and kind in basis.kinds)


# --- what is asked ------------------------------------------------------------------------------------------


def _of_book(book: Rulebook, rule: Rule) -> Iterator[Basis]:
    for other in book.rules if book.level == "central" else ():
        yearly = _yearly(other)
        if other.status == "active" and yearly is not None and _alike(rule, other):
            source = _named(other.source.title or book.title, other.clause, other.evidence)
            yield Basis(_kinds(other), yearly, f"{source}要求{_asked(other)}")


def _of_table(table: Iterable[Requirement], rule: Rule) -> Iterator[Basis]:
    for one in table:
        counted = rule.needs is not None and rule.needs.measure == "count" and one.event in rule.needs.event
        if rule.subject == "organisation" and counted:
            yield _of_requirement(one)


def _of_requirement(one: Requirement) -> Basis:
    source = _named(one.source.title, one.clause, one.evidence)
    if one.clock is None:
        return Basis(one.kinds or None, None, f"{source}没有规定次数")
    yearly = Fraction(one.at_least) * YEARLY[one.clock.unit]
    return Basis(one.kinds or None, yearly, f"{source}要求{_counted(one.clock, one.at_least, '次')}")


def _named(title: str, clause: str, evidence: Grade) -> str:
    """The regulation and its clause; one whose wording nobody has seen says so."""
    return f"{title}{clause}" + ("" if evidence == "text" or "待核对" in clause else "（待核对）")


def _alike(rule: Rule, other: Rule) -> bool:
    """The same kind of subjects, events and measure, and no column whose values exclude one another."""
    assert rule.needs and other.needs
    if rule.subject != other.subject or rule.needs.measure != other.needs.measure:
        return False
    if not set(rule.needs.event) & set(other.needs.event):
        return False
    columns = set(_columns(rule.where)) & set(_columns(other.where))
    return all(_share(allowed(rule.where, one), allowed(other.where, one)) for one in columns)


def _share(one: Kinds, other: Kinds) -> bool:
    return one is None or other is None or bool(one & other)


def _meet(book: Rulebook, other: Rulebook) -> bool:
    return other.since <= (book.until or date.max) and book.since <= (other.until or date.max)


# --- conditions ---------------------------------------------------------------------------------------------


def _kinds(rule: Rule) -> Kinds:
    return allowed(rule.where, "kind")


def allowed(where: Condition | None, column: str) -> Kinds:
    """The values of a column that satisfy the condition; None when it does not confine them to a list."""
    match where:
        case Equals(column=name, value=value) if name == column:
            return frozenset({str(value)})
        case OneOf(column=name, values=values) if name == column:
            return frozenset(map(str, values))
        case All(parts):
            known = [one for one in (allowed(part, column) for part in parts) if one is not None]
            return frozenset.intersection(*known) if known else None
        case Any(parts):
            each = [allowed(part, column) for part in parts]
            sure = [one for one in each if one is not None]
            return frozenset().union(*sure) if len(sure) == len(each) else None
    return None


def _columns(where: Condition | None) -> Iterator[str]:
    match where:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _columns(part)
        case Equals(column=column) | OneOf(column=column):
            yield column


# --- arithmetic ---------------------------------------------------------------------------------------------


def _yearly(rule: Rule) -> Fraction | None:
    """Times a year, exactly."""
    if rule.needs is None or not isinstance(rule.needs.at_least, Decimal):
        return None
    match rule.clock:
        case Calendar(unit):
            return Fraction(rule.needs.at_least) * YEARLY[unit]
        case Anchored(months):
            return Fraction(rule.needs.at_least) * 12 / months
    return None


def _asked(rule: Rule) -> str:
    assert rule.needs and isinstance(rule.needs.at_least, Decimal)
    return _counted(rule.clock, rule.needs.at_least, UNITS[rule.needs.measure])


def _counted(clock: Clock, at_least: Decimal, unit: str) -> str:
    """Such as 每季度 1 次，1 × 4 = 每年 4 次; once a year needs no arithmetic."""
    own = number(Fraction(at_least))
    if isinstance(clock, Anchored):
        total = number(Fraction(at_least) * 12 / clock.months)
        return f"每 {clock.months} 个月 {own} {unit}，{own} × 12 ÷ {clock.months} = 每年 {total} {unit}"
    assert isinstance(clock, Calendar)
    times = YEARLY[clock.unit]
    total = f"，{own} × {times} = 每年 {number(Fraction(at_least) * times)} {unit}" if times > 1 else ""
    return f"{EVERY[clock.unit]} {own} {unit}{total}"


def _sentence(rule: Rule, own: Fraction, basis: Basis, kinds: list[str | None], words: Mapping[str, str]) -> str:
    assert rule.needs
    unit = UNITS[rule.needs.measure]
    more = f"，每年多 {number(own - basis.yearly)} {unit}" if basis.yearly is not None else ""
    whom = "、".join(words.get(kind, kind) for kind in kinds if kind)
    return f"这里要求{_asked(rule)}；{basis.words}{more}" + (f"（对象：{whom}）" if whom else "")
