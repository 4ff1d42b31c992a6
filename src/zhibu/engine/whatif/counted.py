"""What rules count in organisations: verdicts by status, runs of missed periods. Serves speed.

A rule's column is made once and kept for as long as its facts, window and `as_of` are the same, whatever schemes,
titles or points are tried on it. Kept by rule with all its versions, because a run goes across versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from typing import Protocol

import numpy as np
import pyarrow as pa

from zhibu.engine import tree
from zhibu.engine.bind import bind
from zhibu.engine.facts import Facts
from zhibu.engine.holidays import Holidays
from zhibu.engine.packed import Unfit, judged, lanes, native
from zhibu.engine.packed.answer import same_facts
from zhibu.engine.packed.compiled import Compiled, compile_plan
from zhibu.engine.packed.judged import Judged
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.subjects import Subjects, gathered
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.whatif import slowly
from zhibu.engine.whatif.columns import Columns, Group
from zhibu.engine.whatif.scored import Memory, Pages
from zhibu.engine.whatif.shapes import shape

PLANS = 8  # rulebooks kept bound
SIDES = 3  # sides whose counts are kept: the published one is in every comparison
Tick = Callable[[float], None]  # told how much of the work is done, 0 to 1


class Shelf(Protocol):
    """Where groups are kept beyond the process (kept.py)."""

    def get(self, key: str) -> Group | None: ...
    def put(self, key: str, group: Group) -> None: ...


class Counted:
    """One set of facts, a window and a day; keeps everything it has counted. One thread at a time."""

    def __init__(
        self, facts: Facts, window: tuple[date, date], as_of: date, holidays: Holidays, shelf: Shelf | None = None
    ):
        self.facts = replace(facts, tables={name: _whole(table) for name, table in facts.tables.items()})
        self.window, self.as_of, self.holidays, self.shelf = window, as_of, holidays, shelf
        self.counted: list[str] = []  # names of the rules counted anew, in the order of the work
        self.scored, self.published = Memory(), Pages()
        self._plans: list[tuple[tuple[Rulebook, ...], Plan]] = []
        self._used: list[set[str]] = []
        self._trees: list[tuple[pa.Table, str | None, pa.Table]] = []
        self._groups: dict[str, Group] = {}
        self._subjects: dict[str, Subjects] = {}

    def plan(self, rulebooks: Iterable[Rulebook], scheme: Scheme) -> Plan:
        """Bound once for all schemes of one peer group. Raises EngineError when the rules do not fit the facts."""
        books = tuple(rulebooks)
        for known, plan in self._plans:
            if known == books and plan.scheme is not None and plan.scheme.peer_group == scheme.peer_group:
                return replace(plan, scheme=scheme)
        given = books, self.facts, self.window, self.as_of, scheme
        plan = bind(*given, "none", self.holidays, self._branches)
        self._plans = [(books, plan), *self._plans][:PLANS]
        return plan

    def _branches(self, facts: Facts, day: date, groups: tree.Groups | None) -> pa.Table:
        """The tree as of last time, when organisations and peer groups are the same."""
        rows, column = facts["organisations"], groups and groups[1]
        for known, own, found in self._trees:
            if known is rows and own == column:
                return found
        found = tree.on(facts, day, groups)
        self._trees = [(rows, column, found), *self._trees][:PLANS]
        return found

    def columns(self, plan: Plan, tick: Tick = lambda done: None) -> Columns:
        """Runs the kernel for the rules it has not met, for these only. Raises Unfit when the facts come from a store
        and the kernel does not cover them: they have to be read into memory then."""
        base = _base(plan.facts)
        groups = [(f"{base}-{_key(bounds)}", bounds) for bounds in grouped(plan)]
        for key, _ in groups:
            if key not in self._groups and self.shelf and (kept := self.shelf.get(key)):
                self._groups[key] = kept
        fresh = [(key, bounds) for key, bounds in groups if key not in self._groups]
        if fresh:
            self._count(plan, base, fresh, tick)
        found = tuple(self._groups[key] for key, _ in groups)
        self._forget({key for key, _ in groups})
        return Columns(
            self.subjects(plan, base).ids,
            tuple(bound for _, bounds in groups for bound in bounds),
            tuple(column for group in found for column in group.columns),
            found,
        )

    def _forget(self, used: set[str]) -> None:
        """What none of the last few sides counted goes: a rulebook of a country takes more than a gigabyte."""
        self._used = [used, *(one for one in self._used if one != used)][:SIDES]
        kept = set().union(*self._used)
        self._groups = {key: group for key, group in self._groups.items() if key in kept}

    def subjects(self, plan: Plan, base: str) -> Subjects:
        if base not in self._subjects:
            self._subjects[base] = gathered(plan.facts, "organisation")
        return self._subjects[base]

    def _count(self, plan: Plan, base: str, fresh: list[tuple[str, list[Bound]]], tick: Tick) -> None:
        only = replace(plan, rules=tuple(bound for _, bounds in fresh for bound in bounds))
        subjects = self.subjects(plan, base)
        try:
            made = list(_kernel(only, subjects, tick)) if native.ready() else None
        except Unfit:
            if plan.facts.store is not None:
                raise
            made = None
        for (key, bounds), group in zip(fresh, made or _slow(only, subjects.ids), strict=True):
            self._groups[key] = group
            self.counted.append(bounds[0].rule.name)
            if self.shelf:
                self.shelf.put(key, group)


def grouped(plan: Plan) -> list[list[Bound]]:
    """Rules on organisations in the order of their names, versions of one rule together."""
    own = sorted((bound for bound in plan.rules if bound.rule.subject == "organisation"), key=_name)
    return [list(bounds) for _, bounds in groupby(own, key=_name)]


def _name(bound: Bound) -> tuple[str, str]:
    return bound.rule.rulebook, bound.rule.id


def _whole(table: pa.Table) -> pa.Table:
    """In one piece, once, instead of at every look at a column."""
    return table.combine_chunks() if any(column.num_chunks > 1 for column in table.itercolumns()) else table


# --- counting ---------------------------------------------------------------------------------------------------


def _kernel(plan: Plan, subjects: Subjects, tick: Tick) -> Iterator[Group]:
    same_facts(plan)
    compiled = compile_plan(plan, subjects)
    columns: list[Numbers] = [np.empty(len(subjects), kind) for kind in _words(plan, compiled)]
    runs: list[dict[str, Numbers]] = []

    def turned(part: Judged) -> Judged:
        for column, words in zip(columns, np.ascontiguousarray(part.counts.T), strict=True):
            column[part.first : part.last] = words if column.dtype == words.dtype else lanes.narrowed(words)
        return part

    for part in judged.chunks(compiled, frozenset(), turned):
        runs.append(part.runs)
        tick(part.last / len(subjects))
    of, group, run = (
        np.concatenate([one[name] for one in runs] or [np.zeros(0, np.int32)])
        for name in ("run_subject", "run_group", "run")
    )
    for place in range(compiled.groups):
        mine = group == place
        yield Group(tuple(columns[compiled.rule_of[place] : compiled.rule_of[place + 1]]), of[mine], run[mine])


def _words(plan: Plan, compiled: Compiled) -> Iterator[type]:
    """Of each rule: narrow words where all its versions have so few periods that they are enough for sure."""
    for first, last in pairwise(compiled.rule_of):
        periods = [plan.fixed(bound) for bound in compiled.bounds[first:last]]
        few = all(own is not None and len(own) <= lanes.FEW for own in periods)
        yield from [np.uint32 if few else np.uint64] * (last - first)


def _slow(plan: Plan, ids: pa.StringArray) -> Iterator[Group]:
    """What no kernel covers."""
    found = slowly.counts(plan, ids)
    for bounds in grouped(plan):
        rulebook, rule = _name(bounds[0])
        columns = tuple(found.of(rulebook, rule, version) for version in range(len(bounds)))
        yield Group(columns, *found.runs(rulebook, rule))


# --- what makes two groups the same -----------------------------------------------------------------------------


def _key(bounds: list[Bound]) -> str:
    """Equal for rules that give the same verdicts, whatever they are called or worth."""
    found = [(shape(bound.rule, ["points"]), bound.since, bound.until) for bound in bounds]
    return hashlib.sha256(repr(found).encode()).hexdigest()[:32]


def _base(facts: Facts) -> str:
    """Binding may give columns of text another type and reject their bad rows, by what the rules ask for. The events of
    a store are always the same (packed/answer.py sees to it)."""
    tables = [one for one in sorted(facts.tables.items()) if facts.store is None or one[0] != "events"]
    found = [(name, str(table.schema.remove_metadata()), len(table)) for name, table in tables]
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]
