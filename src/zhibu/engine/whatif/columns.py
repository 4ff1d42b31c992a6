"""Counts by rule and organisation: how often each status stands. Serves speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhibu.engine.packed import lanes
from zhibu.engine.packed.native import Numbers
from zhibu.engine.plan import Bound
from zhibu.engine.results import STATUSES


@dataclass(frozen=True, slots=True)
class Group:
    """A rule in all its versions. `columns`: for each version a word an organisation (lanes.py; all wide or all
    narrow), or [6] whole numbers where that is not enough; runs of missed periods by place of the organisation."""

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


def counts(group: Group | None, at: Numbers) -> Numbers:
    """[6][organisations], of all versions."""
    columns = [column[at] for column in group.columns] if group else []
    found = np.zeros((len(STATUSES), len(at)), np.int64)
    for status, times in enumerate(found):
        for column in columns:
            times += lane(column, status)
    return found


def totals(group: Group | None, at: Numbers) -> Numbers:
    """[6], of all versions and organisations."""
    if group and all(column.ndim == 1 for column in group.columns):
        return np.sum([lanes.totals(column[at]) for column in group.columns], axis=0)
    return counts(group, at).sum(axis=1)


def unequal(groups: tuple[Group | None, Group | None], at: Numbers) -> Numbers:
    """Of which organisations the two count something else. Equal counts of one version are equal words."""
    one, other = (group.columns if group else () for group in groups)
    if len(one) == len(other) == 1 == one[0].ndim and one[0].dtype == other[0].dtype:
        differs: Numbers = one[0][at] != other[0][at]
    else:
        differs = (counts(groups[0], at) != counts(groups[1], at)).any(axis=0)
    return differs
