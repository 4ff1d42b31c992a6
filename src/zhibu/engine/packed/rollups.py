"""Roll-ups from counts: sums of subtrees, deepest organisations first, then rows in the order of ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.places import places_of_few
from zhibu.engine.packed.ahead import ahead
from zhibu.engine.packed.compiled import Compiled
from zhibu.engine.packed.native import Numbers, addresses, at, kernel, whole
from zhibu.engine.packed.texts import among
from zhibu.engine.results import ROLLUPS

ROWS = 16384  # organisations at a time
NUMBERS = ("due", "met", "late", "missed", "exempt", "open", "upcoming")


@dataclass(frozen=True, slots=True)
class Tree:
    """By number of the organisation: its parent (-1: none), its place among those with others under them (-1: none);
    `order`: numbers, deepest first."""

    parent: Numbers
    inner: Numbers
    order: Numbers

    @classmethod
    def of(cls, ids: pa.Array, tree: pa.Table) -> Tree:
        """`tree` has org_id and parent_id, no cycle, no unknown parent."""
        parent = np.full(len(ids), -1, np.int32)
        parent[among(plain(tree["org_id"]), ids)] = places_of_few(plain(tree["parent_id"]), ids)
        has = np.zeros(len(ids), bool)
        has[parent[parent >= 0]] = True
        inner = np.where(has, np.cumsum(has) - 1, -1).astype(np.int32)
        return cls(parent, inner, np.argsort(-depths(parent), kind="stable").astype(np.int32))

    @property
    def inners(self) -> int:
        return int(self.inner.max(initial=-1)) + 1


def depths(parent: Numbers) -> Numbers:
    """Steps up to a root, by doubling the stride."""
    depth, ahead = (parent >= 0).astype(np.int32), parent.astype(np.int64)
    while (climbing := ahead >= 0).any():
        depth[climbing] += depth[ahead[climbing]]
        ahead[climbing] = ahead[ahead[climbing]]
    return depth


def summed(compiled: Compiled, counts: Numbers, tree: Tree) -> Numbers:
    """[inner organisations][groups][6 statuses]."""
    sums = np.zeros((max(tree.inners, 1), compiled.groups, 6), np.int64)
    kernel().roll_up(
        *(whole(len(tree.parent)), whole(len(compiled.bounds)), whole(compiled.groups), at(compiled.rule_of)),
        *(at(counts), at(tree.order), at(tree.parent), at(tree.inner), at(sums)),
    )
    return sums


def tables(compiled: Compiled, counts: Numbers, tree: Tree) -> Iterator[pa.Table]:
    """The rows of ROLLUPS, so many organisations at a time. Texts are codes (coded.py)."""
    sums = summed(compiled, counts, tree)
    names = [compiled.bounds[first].rule for first in compiled.rule_of[:-1]]
    rulebooks, rules = (
        pa.array([getattr(rule, name) for rule in names], pa.string()).dictionary_encode()
        for name in ("rulebook", "id")
    )

    def made(first: int) -> pa.Table:
        last = min(first + ROWS, len(tree.parent))
        org, group, columns, rate = _rows(compiled, counts, tree, sums, first, last)
        ids = pa.DictionaryArray.from_arrays(org, compiled.subjects.ids)
        return pa.table([ids, rulebooks.take(group), rules.take(group), *columns, rate], names=ROLLUPS.names)

    yield from ahead(partial(made, first) for first in range(0, len(tree.parent), ROWS))


def _rows(
    compiled: Compiled, counts: Numbers, tree: Tree, sums: Numbers, first: int, last: int
) -> tuple[pa.Array, pa.Array, list[pa.Array], pa.Array]:
    room = (last - first) * max(compiled.groups, 1)
    org, group = np.empty((2, room), np.int32)
    columns, rate = [np.empty(room, np.int64) for _ in NUMBERS], np.empty(room)
    pointers = addresses(list(columns))
    used = kernel().rolled(
        *(whole(first), whole(last), whole(len(compiled.bounds)), whole(compiled.groups), at(compiled.rule_of)),
        *(at(counts), at(tree.inner), at(sums), at(org), at(group), at(pointers), at(rate)),
    )
    rate = rate[:used]
    numbers = [pa.array(column[:used]) for column in columns]
    return pa.array(org[:used]), pa.array(group[:used]), numbers, pa.array(rate, mask=rate < 0)
