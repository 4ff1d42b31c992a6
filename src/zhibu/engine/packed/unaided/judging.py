"""Judges subjects first … last - 1 against a compiled plan, rule by rule: what `judge` of kernel.c does."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhibu.engine.packed import Unfit
from zhibu.engine.packed.compiled import Compiled
from zhibu.engine.packed.lanes import MOST, SHIFTS, packed
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.cells import Cells, joined
from zhibu.engine.packed.unaided.chunk import Chunk
from zhibu.engine.packed.unaided.evidence import ordered
from zhibu.engine.packed.unaided.fixed import NOWHERE, Grid, grid
from zhibu.engine.packed.unaided.own import own_cells
from zhibu.engine.packed.unaided.rules import Asked, prepared
from zhibu.engine.packed.unaided.runs import of_cells, of_grid
from zhibu.engine.results import STATUSES

ONE = np.append(np.uint64(1) << SHIFTS, np.uint64(0))  # a status in a word of counts
EVERY = np.arange(NOWHERE + 1) < NOWHERE


class Judging:
    """The `kept` verdicts and `runs` of one chunk; `counts` [subjects][rules] (zeros) is filled."""

    def __init__(self, compiled: Compiled, first: int, last: int, counts: Numbers):
        self.plan, self.counts = prepared(compiled), counts
        self.chunk = Chunk(self.plan, first, last)
        self.keep = np.array([bool(compiled.struct.keep >> status & 1) for status in range(NOWHERE + 1)])
        self.kept: list[Cells] = []
        self.runs: list[tuple[Numbers, ...]] = []
        for group in range(compiled.groups):
            self._group(group, self.plan.rules[compiled.rule_of[group] : compiled.rule_of[group + 1]])

    def _group(self, group: int, rules: list[Asked]) -> None:
        if len(rules) == 1 and rules[0].fixed:
            found = grid(self.chunk, rules[0])
            self._count_grid(found)
            runs = of_grid(found)
            if self.keep.any():
                self.kept.append(found.cells(self.keep, evidence=True))
        else:
            every = joined([self._cells(asked) for asked in rules])
            self._count_cells(every)
            runs = of_cells(every)
            if self.keep.any():
                self.kept.append(every.chosen(self.keep[every.columns["status"]]))
        self.runs.append((runs[0], np.full(len(runs[0]), group), *runs[1:]))

    def _cells(self, asked: Asked) -> Cells:
        if not asked.fixed:
            return own_cells(self.chunk, asked)
        return grid(self.chunk, asked).cells(EVERY, evidence=bool(self.keep.any()))

    def _count_grid(self, found: Grid) -> None:
        if found.status.shape[1] > MOST:
            raise Unfit("more than 1023 periods of one rule")
        np.add.at(self.counts[:, found.asked.place], found.owner, ONE[found.status].sum(axis=1, dtype=np.uint64))

    def _count_cells(self, found: Cells) -> None:
        subject, rule, status = (found.columns[name].astype(np.int64) for name in ("subject", "rule", "status"))
        for one in np.unique(rule):
            mine = rule == one
            places = subject[mine] * len(STATUSES) + status[mine]
            counts = np.bincount(places, minlength=self.chunk.count * len(STATUSES)).reshape(-1, len(STATUSES))
            if counts.max(initial=0) > MOST:
                raise Unfit("more than 1023 verdicts of one status under one rule")
            self.counts[:, one] = packed(counts)

    def runs_in_order(self) -> list[Numbers]:
        """Subject, group, run, since; by subject, then group."""
        columns = [np.concatenate(column) for column in zip(*self.runs, strict=True)] or [np.zeros(0, np.int64)] * 4
        order = np.argsort(columns[0], kind="stable")
        subject, *others = (column[order].astype(np.int32) for column in columns)
        return [subject + np.int32(self.chunk.first), *others]

    def verdicts(self, kinds: dict[str, Any]) -> tuple[dict[str, Numbers], Numbers]:
        """Columns by name, of the types given, and the evidence; by subject, group and days."""
        if not self.kept:
            empty = {name: np.zeros(0, kind) for name, kind in kinds.items()}
            return empty | {name: np.zeros((0, 2), np.int64) for name in ("timely", "total")}, np.zeros(0, np.int64)
        every = joined(self.kept)
        group = np.repeat(np.arange(len(self.kept)), [len(one) for one in self.kept])
        keys = (every.columns["end"], every.columns["start"], group, every.columns["subject"])
        order = np.lexsort(keys)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        ends, events = ordered(self.chunk, every, place)
        columns = {name: one[order] for name, one in every.columns.items()} | {"evidence_end": ends}
        columns["subject"] = columns["subject"] + self.chunk.first
        return {name: one.astype(kinds.get(name, np.int64)) for name, one in columns.items()}, events
