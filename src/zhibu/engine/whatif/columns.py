"""Counts by rule and organisation: how often each status stands. Serves speed."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from zhibu.engine.packed import lanes
from zhibu.engine.packed.native import Numbers
from zhibu.engine.plan import Bound


@dataclass(frozen=True, slots=True)
class Group:
    """A rule in all its versions. `columns`: for each version a word an organisation (lanes.py; all wide or all narrow),
    or [6] whole numbers where a word is too narrow; runs of missed periods by place of the organisation."""

    columns: tuple[Numbers, ...]
    run_of: Numbers
    run: Numbers


@dataclass(frozen=True, slots=True)
class Columns:
    """What the rules of a plan count. `ids` ascending by code point; `bounds` by rule, as the groups are."""

    ids: pa.StringArray
    bounds: tuple[Bound, ...]
    columns: tuple[Numbers, ...]
    groups: tuple[Group, ...]

    @property
    def names(self) -> list[tuple[str, str]]:
        """(rulebook, rule) of each group."""
        return list(dict.fromkeys((bound.rule.rulebook, bound.rule.id) for bound in self.bounds))

    def same(self, other: Columns) -> bool:
        mine = zip(self.groups, other.groups, strict=False)
        return self.bounds == other.bounds and all(one is another for one, another in mine)


def lane(column: Numbers, status: int) -> Numbers:
    """How often a status stands in each entry of a column."""
    return column[:, status] if column.ndim == 2 else lanes.lane(column, status)
