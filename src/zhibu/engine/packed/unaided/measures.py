"""What events add up to, cell by cell (engine.md section 3). Exact: numbers that doubles could blur are Python's."""

from __future__ import annotations

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.chunk import Chunk, spread
from zhibu.engine.packed.unaided.rules import MEASURES, Asked

COUNT, AMOUNT, TOPICS, PEOPLE = (MEASURES[name] for name in ("count", "days", "topics", "people"))


def tally(chunk: Chunk, asked: Asked, cells: Numbers, hits: Numbers, timely: Numbers, count: int) -> list[Numbers]:
    """Timely and total of `count` cells; `cells` are those of the hits."""
    if asked.measure > AMOUNT:
        which, token = (_people if asked.measure == PEOPLE else _topics)(chunk, hits)
        return _distinct(cells[which], token, timely[which], count)
    if asked.measure == COUNT:
        return [np.bincount(some, minlength=count) for some in (cells[timely], cells)]
    assert asked.amount is not None
    amounts = asked.amounts[np.asarray(asked.amount[chunk.events])[hits]]
    return [_sum(amounts[some], cells[some], count) for some in (timely, slice(None))]


def _sum(amounts: Numbers, cells: Numbers, count: int) -> Numbers:
    if amounts.dtype != object:
        return np.bincount(cells, amounts, minlength=count).astype(np.int64)
    found = np.zeros(count, object)
    np.add.at(found, cells, amounts)
    return found


def _people(chunk: Chunk, hits: Numbers) -> tuple[Numbers, Numbers]:
    """Hits that have a person, and the person."""
    column = chunk.plan.compiled.subjects.events.table.column("person_id").codes
    people = np.asarray(column[chunk.events])[hits].astype(np.int64)
    which = np.flatnonzero(people)
    return which, people[which]


def _topics(chunk: Chunk, hits: Numbers) -> tuple[Numbers, Numbers]:
    """Each hit once for each of its topics, and the topic."""
    column = chunk.plan.compiled.subjects.events.table.column("topics").codes
    of, topic = chunk.plan.topics
    sets = np.asarray(column[chunk.events])[hits]
    which, place = spread(of[sets], of[sets + np.int64(1)])
    return which, topic[place].astype(np.int64)


def _distinct(cells: Numbers, tokens: Numbers, timely: Numbers, count: int) -> list[Numbers]:
    """Tokens of each cell, each counted once: those that were timely at least once, and all."""
    span = int(tokens.max(initial=0)) + 1
    keys = (cells * span + tokens) * 2 + ~timely
    keys.sort()
    new = np.append(True, keys[1:] >> 1 != keys[:-1] >> 1)[: len(keys)]  # a timely one comes before the others
    firsts = keys[new]
    where = firsts // (2 * span)
    return [np.bincount(where[firsts & 1 == 0], minlength=count), np.bincount(where, minlength=count)]
