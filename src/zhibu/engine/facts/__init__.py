"""Facts: tables of organisations, people, units, events, waivers and adjustments as typed Arrow.

`read` takes a folder of Parquet or CSV, `from_tables` takes Arrow; both normalise to the types of `shape.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhibu.engine.errors import Fault, Rejected
from zhibu.engine.facts.shape import ROW, SHAPES, SUBJECTS

__all__ = ["ROW", "SHAPES", "SUBJECTS", "Facts", "Rejected"]


Unreadable = dict[tuple[str, str], dict[str, npt.NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class Facts:
    """The good rows. Each table has every column of its shape, its extra columns and `#row`.

    Types: ids string, days date32, `types` and `topics` list<string>, `expected` and `present` int64, `days`,
    `hours` and `points` decimal(38,18). Extra columns are string, int64, float64 (meaning its shortest decimal),
    decimal(38,18), date32, bool, list<string> or null (no value at all).
    `given` names the optional tables that were there; the others are empty.
    `files` maps a table to the name used in faults. `written` names the tables that came as text: their extra columns
    are text until a rule asks for something else. `faults`: rows of one subject that hold on the same day; no
    evaluation goes on with them. `left_out`: the rejected rows of a table, for explanations; what could not be read in
    them is null, and their extra columns may be of another type than those of the good rows. `unreadable`: by table and
    extra column, reason → `#row` of cells that are not what their type promises; they are null, and reject their row
    when a rule reads the column.
    """

    tables: dict[str, pa.Table]
    files: dict[str, str]
    given: frozenset[str]
    rejected: Sequence[Rejected]
    written: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    left_out: Mapping[str, tuple[pa.Table, ...]] = field(default_factory=dict)
    unreadable: Unreadable = field(default_factory=dict)
    store: Any = None

    def __getitem__(self, table: str) -> pa.Table:
        return self.tables[table]
