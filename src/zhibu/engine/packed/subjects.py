"""The subjects of one kind, numbered by the order of their ids, with their history and their events as codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.facts import Facts
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.places import places
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.packed.columns import Coded, attendance, encode, narrow
from zhibu.engine.packed.native import Numbers

EPOCH = date(1970, 1, 1).toordinal()
FIRST, LAST = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH


class Table:
    """Columns of facts as codes, in an order of rows, each made when first asked for."""

    def __init__(self, make: Callable[[str], Coded]):
        self._make = make
        self._made: dict[str, Coded] = {}

    def column(self, name: str) -> Coded:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]


@dataclass(frozen=True, slots=True)
class Ids:
    """Texts of event ids: bytes, where each begins, and which text an event has (None: the one of its own number)."""

    array: pa.LargeStringArray
    rows: Numbers | None

    @property
    def begins(self) -> Numbers:
        return np.frombuffer(self.array.buffers()[1], np.int64)[self.array.offset :]

    @property
    def text(self) -> Numbers:
        data = self.array.buffers()[2]
        return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)

    def of(self, events: Numbers) -> pa.Array:
        return self.array.take(pa.array(events if self.rows is None else self.rows[events])).cast(pa.string())


@dataclass(frozen=True, slots=True)
class Events:
    """Events by subject: those of subject s are `of[s]` … `of[s + 1] - 1`.

    `held` and `recorded` are places in `days` (ascending, days since 1970), the same for both.
    """

    of: Numbers
    days: Numbers
    held: Numbers
    recorded: Numbers
    table: Table
    ids: Ids

    @property
    def most(self) -> int:
        """The number of events of the subject that has most."""
        return int(np.diff(self.of).max(initial=0))


@dataclass(frozen=True, slots=True)
class Subjects:
    """`ids` ascending by code point; rows of subject s are `row_of[s]` … `row_of[s + 1] - 1`, by valid_from."""

    kind: str
    ids: pa.StringArray
    row_of: Numbers
    valid_from: Numbers
    valid_to: Numbers
    born: Numbers
    gone: Numbers
    rows: Table
    events: Events

    def __len__(self) -> int:
        return len(self.ids)


def gathered(facts: Facts, kind: str) -> Subjects:
    """The subjects of a kind, from a store if the facts came from one, else from typed facts in memory."""
    table, identity, _, _ = SUBJECTS[kind]
    if facts.store is not None:
        found: Subjects = facts.store.subjects(kind, facts[table])
        return found
    ids, numbers = numbered_subjects(facts, kind)
    order = numbers.pop("order")
    rows = Table(lambda column: encode(facts[table][column]).taken(order))
    return Subjects(kind, ids, rows=rows, events=_events(facts, identity, ids), **numbers)


def numbered_subjects(facts: Facts, kind: str) -> tuple[pa.Array, dict[str, Numbers]]:
    """Ids in order; `order` of the rows of history, and by that order where each subject's begin and their days."""
    table, identity, born, gone = SUBJECTS[kind]
    rows = facts[table]
    names = plain(rows[identity])
    ids = pc.unique(names)
    ids = ids.take(pc.sort_indices(ids))
    owner = places(names, ids)
    begun = days(rows["valid_from"], FIRST)
    order = np.lexsort((begun, owner))
    return ids, {
        "order": order,
        "row_of": starts(owner, len(ids)),
        "valid_from": begun[order],
        "valid_to": days(rows["valid_to"], LAST)[order],
        "born": days(rows[born], FIRST)[order],
        "gone": days(rows[gone], LAST)[order],
    }


def _events(facts: Facts, identity: str, ids: pa.Array) -> Events:
    rows = facts["events"]
    owner = places(plain(rows[identity]), ids)
    order = np.argsort(owner, kind="stable")
    order = order[np.searchsorted(owner[order], 0) :]
    held, recorded = (days(rows[name], FIRST)[order] for name in ("held_on", "recorded_on"))
    known = np.unique(np.concatenate([held, recorded]))

    def make(column: str) -> Coded:
        found = attendance(rows["present"], rows["expected"]) if column == "attendance" else encode(rows[column])
        return found.taken(order)

    return Events(
        of=starts(owner[order], len(ids)),
        days=known.astype(np.int32),
        held=narrow(np.searchsorted(known, held), len(known)),
        recorded=narrow(np.searchsorted(known, recorded), len(known)),
        table=Table(make),
        ids=Ids(plain(rows["event_id"]).cast(pa.large_string()).take(pa.array(order)), None),
    )


def days(column: pa.ChunkedArray, missing: int) -> Numbers:
    """Days since 1970, with a number for null."""
    return np.asarray(pc.fill_null(plain(column).cast(pa.int32()), missing)).astype(np.int32)


def starts(owner: Numbers, count: int) -> Numbers:
    """Where the rows of each owner begin, in rows sorted by owner; one more at the end."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count)[:count])]).astype(np.int64)
