"""What rules read, so that a change elsewhere leaves their verdicts alone: which rules, and which of their periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.judge import belongs
from zhibu.engine.live.steps import Step
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import After, Always, Anchored, Basis, Rule
from zhibu.engine.uses import of_condition, of_rule
from zhibu.engine.world import World

Touches = Callable[[Period], bool]  # which periods of a rule to judge again
Touched = tuple[int, Touches]  # number of the bound rule


def always(_: Period) -> bool:
    return True


def any_of(touches: Sequence[Touches]) -> Touches:
    return touches[0] if len(touches) == 1 else lambda period: any(touch(period) for touch in touches)


class Reads:
    """Of the rules for one kind of subject."""

    def __init__(self, subject: str, rules: Iterable[tuple[int, Bound]], world: World):
        self._subject, self._world = subject, world
        self._numbered: dict[int, Rule] = {}
        self._kept: dict[int, set[str]] = {}  # columns that do more than decide whether a rule applies
        self._table, self._identity, first, last = SUBJECTS[subject]
        self._life = {first, last, "valid_from", "valid_to"}
        self._rules: list[int] = []
        self._triggered, self._wanting, self._named, self._reading, self._judging = (
            defaultdict[str, list[int]](list) for _ in range(5)
        )
        for number, bound in rules:
            self._rules.append(number)
            self._add(number, bound.rule)

    def _add(self, number: int, rule: Rule) -> None:
        self._numbered[number] = rule
        self._named[rule.name].append(number)
        for type_ in dict.fromkeys(rule.needs.event if rule.needs else ()):
            self._wanting[type_].append(number)
        if isinstance(rule.clock, After) and rule.clock.event is not None:
            self._triggered[rule.clock.event].append(number)
        for column in self._life | {use.column for use in of_rule(rule) if use.table == self._table}:
            self._reading[column].append(number)
        for column in self._life | _judged(rule, self._table):
            self._judging[column].append(number)
        clock = rule.clock.column if isinstance(rule.clock, (After, Anchored)) else None
        self._kept[number] = {self._identity, *self._life, *_judged(rule, self._table), *([clock] if clock else [])}

    def touched(self, step: Step, identity: str) -> Iterator[Touched]:
        """The rules that read what the step changes, each with the periods concerned."""
        rows = [row for row in (step.old, step.new) if row is not None]
        if step.table == "events":
            for row in rows:
                if row[self._identity] == identity and row["recorded_on"] <= self._world.plan.as_of:
                    yield from self._event(row)
        elif step.table == "waivers":
            for row in rows:
                if (row["subject"], row["subject_id"]) == (self._subject, identity):
                    yield from ((number, partial(_waived, row)) for number in self._named.get(row["rule"], ()))
        elif step.table == self._table:
            differing = step.differing
            for number in self._of_row(step, self._reading):
                if self._moves(step, number, differing):
                    yield number, always

    def _event(self, row: Row) -> Iterator[Touched]:
        for type_ in row["types"]:
            for number in self._triggered.get(type_, ()):
                clock = self._numbered[number].clock
                if isinstance(clock, After) and (period := self._world.following(row["held_on"], clock)):
                    yield number, partial(_is, period.label)
            for number in self._wanting.get(type_, ()):
                needs = self._numbered[number].needs
                if needs and self._world.holds(needs.where, row):
                    yield number, partial(belongs, row)

    def _moves(self, step: Step, number: int, differing: list[str]) -> bool:
        """Not so where a step changes only cells that decide whether the rule applies, and that stays as it was."""
        old, new = step.old, step.new
        if old is None or new is None or not self._kept[number].isdisjoint(differing):
            return True
        where = self._numbered[number].where
        return self._world.holds(where, old) != self._world.holds(where, new)

    def only_owed(self, step: Step) -> set[int]:
        """The rules of which a step can move what is owed; what is owed before and after they judge alike."""
        return set(self._rules).difference(self._of_row(step, self._judging)) if step.table == self._table else set()

    def reads(self, step: Step) -> bool:
        """Whether any rule reads what the step changes of a row of the subject's own table."""
        return bool(self._of_row(step, self._reading))

    def _of_row(self, step: Step, reading: dict[str, list[int]]) -> Iterable[int]:
        old, new = step.old, step.new
        if old is None or new is None or old[self._identity] != new[self._identity]:
            return self._rules
        return sorted({number for name in step.differing for number in reading.get(name, ())})


def _judged(rule: Rule, table: str) -> set[str]:
    """The columns of the subject that decide not whether a period is owed, but how it is judged."""
    condition: Any = rule.clock.condition if isinstance(rule.clock, Always) else None
    found = {use.column for use in of_condition(table, condition)} if condition else set()
    return found | ({rule.needs.at_least.column} if rule.needs and isinstance(rule.needs.at_least, Basis) else set())


def _is(label: str, period: Period) -> bool:
    return period.label == label


def _waived(row: Row, period: Period) -> bool:
    return bool(row["from"] <= period.ends_on <= row["to"])
