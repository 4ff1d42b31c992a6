"""Why a rule gives a subject no verdict for a period, and which periods there are. Serves the person who asked.

The checks follow the list of engine.md section 3 in its order; the first that fails is the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zhibu.engine import periods
from zhibu.engine.conditions import Row, holds
from zhibu.engine.periods import MONTHS, Period
from zhibu.engine.phrases import failures, plain
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import After, Always, Anchored, Calendar, Rule, Rulebook
from zhibu.engine.sentences import EVERY, SUBJECT, span
from zhibu.engine.subjects import life, lived_in, row_on
from zhibu.engine.trace.inquiry import Inquiry
from zhibu.engine.world import World

NAMED = 12  # periods named one by one
EXAMPLES = {"month": "2025-03", "quarter": "2025Q1", "half_year": "2025H1", "year": "2025"}


def absence(inquiry: Inquiry, rule: str, identity: str, label: str) -> str:
    """The sentence for a person: no verdict, why, and the periods that have one. `rule` is a rule of the books."""
    written = [(book, one) for book in inquiry.books for one in book.rules if one.name == rule]
    if not written:
        return f"没有规则 {rule}"
    versions = [_Version(inquiry, book, one, bound) for (book, one), bound in _tied(inquiry, written)]
    reasons = list(dict.fromkeys(version.why_not(identity, label) for version in versions))
    return f"{rule} 对 {identity} 在 {label} 没有结论：{'；'.join(reasons)}。{listed(inquiry, rule, identity)}"


def _tied(
    inquiry: Inquiry, written: list[tuple[Rulebook, Rule]]
) -> Iterator[tuple[tuple[Rulebook, Rule], Bound | None]]:
    """Each version with what was bound; drafts were not."""
    bound = iter(inquiry.versions(written[0][1].name))
    for book, rule in written:
        yield (book, rule), next(bound)[0] if rule.status == "active" else None


def listed(inquiry: Inquiry, rule: str, identity: str) -> str:
    """The periods of a rule that have a verdict on the subject."""
    found = sorted(inquiry.owed(rule, identity))
    if not found:
        return "这条规则对它在评价区间内没有任何结论"
    more = f" 等 {len(found)} 期" if len(found) > NAMED else ""
    return f"有结论的期次：{'、'.join(period.label for period in found[:NAMED])}{more}"


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of the rule. `bound` None: it is a draft."""

    inquiry: Inquiry
    book: Rulebook
    rule: Rule
    bound: Bound | None

    def why_not(self, identity: str, label: str) -> str:
        if self.bound is None:
            memory = "，依据凭记忆，还没有人核对原文" if self.rule.evidence == "memory" else ""
            return f"它在 {self.rule.place} 是草稿{memory}，不参加评价"
        world = self.inquiry.world(self.rule.subject, identity)
        if not self.history(world, identity):
            return f"它在 {self.rule.place} 管的是{SUBJECT[self.rule.subject]}，其中没有 {identity}"
        candidates = list(self.candidates(world, identity, label))
        if not candidates:
            return self.no_period(world, identity, label)
        return next(iter(self.failed(world, identity, *candidates[0])), "原因不明")

    # --- the periods of the clock, whatever the window ------------------------------------------------------

    def candidates(self, world: World, identity: str, label: str) -> Iterator[tuple[Period, date | None]]:
        assert self.bound is not None
        match self.bound.rule.clock:
            case Calendar(unit):
                yield from ((period, None) for period in _calendar(unit, label))
            case Always():
                day = self.inquiry.plan.day
                yield from ((one, None) for one in [Period.of(day, day)] if one.label == label)
            case Anchored(months, column):
                for start in self.days(world, identity, column):
                    yield from ((one, start) for one in _anchored(start, months, label))
            case After() as clock:
                for trigger, anchor in self.triggers(world, identity, clock):
                    period = periods.following(trigger, clock, self.inquiry.plan.holidays)
                    if period is not None and period.label == label:
                        yield period, anchor

    def days(self, world: World, identity: str, column: str) -> list[date]:
        return sorted({row[column] for row in self.history(world, identity)} - {None})

    def triggers(self, world: World, identity: str, clock: After) -> list[tuple[date, date | None]]:
        if clock.column is not None:
            return [(day, day) for day in self.days(world, identity, clock.column)]
        own = world.events(self.rule.subject, identity)
        return [(event["held_on"], None) for event in own if clock.event in event["types"]]

    def history(self, world: World, identity: str) -> Sequence[Row]:
        return world.histories[self.rule.subject][identity]

    def no_period(self, world: World, identity: str, label: str) -> str:
        """The label is none of this rule's, for this subject."""
        words = self.inquiry.words
        match self.rule.clock:
            case Calendar(unit):
                return f"这条规则{EVERY[unit]}一期，期次写作 {EXAMPLES[unit]}"
            case Always():
                day = self.inquiry.plan.day
                return f"随时要做到的规则只在评价日有一条结论，期次是 {day}..{day}"
            case Anchored(months, column):
                days = self.days(world, identity, column)
                return _from_days(plain(column, words), days, f"起每 {months} 个月一期")
            case After(column=str(column)) as clock:
                days = self.days(world, identity, column)
                return _from_days(plain(column, words), days, f"以后 {span(clock.within)}内")
            case After() as clock:
                held = [day for day, _ in self.triggers(world, identity, clock)]
                return _from_events(plain(clock.event, words), held, self.inquiry.plan.as_of)
        raise AssertionError(self.rule.clock)

    # --- the conditions of a verdict, in their order --------------------------------------------------------

    def failed(self, world: World, identity: str, period: Period, anchor: date | None) -> Iterator[str]:
        assert self.bound is not None
        plan, rule, history = self.inquiry.plan, self.bound.rule, self.history(world, identity)
        basis = min(period.ends_on, plan.as_of)
        if not self.bound.in_effect(period.starts_on, period.ends_on):
            yield f"规则集 {self.book.id} {_effect(self.book)}，没有盖住 {period.starts_on} 到 {period.ends_on}"
        first, last = plan.window
        if not isinstance(rule.clock, Always) and not first <= period.ends_on <= last:
            yield f"这一期的最后一天 {period.ends_on} 不在评价区间 {first} 到 {last} 内"
        row = row_on(history, basis)
        if row is None:
            yield f"{basis} 那天没有它的资料（{_spells(history)}）"
            return
        if not holds(rule.where, row):
            yield f"规则不适用于它：按 {basis} 的资料，{'；'.join(failures(rule.where, row, self.inquiry.words))}"
        column = rule.clock.column if isinstance(rule.clock, (Anchored, After)) else None
        if column is not None and row[column] != anchor:
            now = f"已是 {row[column]}" if row[column] else "没有填"
            yield f"这一期由{plain(column, self.inquiry.words)} {anchor} 算出，按 {basis} 的资料它{now}"
        if not lived_in(rule.subject, row, period):
            born, died = life(rule.subject, row)
            yield f"{SUBJECT[rule.subject]}在这一期内一天也不存在（{_from_to(born, died)}）"


def _calendar(unit: str, label: str) -> list[Period]:
    year = int(label[:4]) if re.match(r"[0-9]{4}", label) and label[:4] != "0000" else 1
    found = periods.calendar(unit, (date(year, 1, 1), date(year, 12, 31))) if unit in MONTHS else []
    return [period for period in found if period.label == label]


def _anchored(anchor: date, months: int, label: str) -> list[Period]:
    try:
        last = date.fromisoformat(label.partition("..")[2])
    except ValueError:
        return []
    return [period for period in periods.anchored(anchor, months, (last, last)) if period.label == label]


def _from_days(column: str, days: list[date], rest: str) -> str:
    if not days:
        return f"没有填{column}，算不出期次"
    return f"期次从{column}算：{'、'.join(map(str, days))} {rest}，写作“首日..末日”"


def _from_events(event: str, held: list[date], as_of: date) -> str:
    if not held:
        return f"按 {as_of} 所知，没有{event}，没有什么可以起算"
    days = "、".join(str(day) for day in sorted(set(held))[:NAMED])
    return f"期次从每次{event}（{days}）起算，写作“首日..末日”"


def _effect(book: Rulebook) -> str:
    return f"自 {book.since} 起施行" + (f"，到 {book.until} 为止" if book.until else "")


def _spells(history: Sequence[Row]) -> str:
    spells = [_from_to(row["valid_from"] or date.min, row["valid_to"] or date.max) for row in history]
    return f"资料有效期：{'；'.join(spells)}" if spells else "任何一天都没有"


def _from_to(first: date, last: date) -> str:
    begin = "" if first == date.min else f"从 {first} "
    end = "" if last == date.max else f"到 {last} "
    return f"{begin}{end}".strip() or "不限"
