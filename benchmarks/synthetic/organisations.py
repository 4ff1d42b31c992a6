"""What the organisations are like at the year's end, and their history during the year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from synthetic.encode import NONE, dates, day, days, digits, fixed, words
from synthetic.tree import BRANCH, COMMITTEE, GENERAL, LOCAL, WIDTH, Ints, Tree, ends

KINDS = ["local_committee", "committee", "general_branch", "branch", "joint_branch", "temporary_branch"]
JOINT, TEMPORARY = 4, 5
SECTORS = ["organ", "institution", "soe", "npe", "social_org", "village", "community"]
SECTOR_SHARES = [0.147, 0.19, 0.08, 0.225, 0.035, 0.24, 0.083]  # of organisations, roughly the statistics of 2023
VILLAGE, COMMUNITY = 5, 6
FIRST, LAST, AS_OF = day(2025, 1, 1), day(2025, 12, 31), day(2026, 1, 10)
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Organisations:
    """One entry per node, in preorder. Days count from 1970; NONE is null. `quality`: how dutiful, 0 to 1.

    `people`: number of the first of its own members in the country's count.
    """

    tree: Tree
    kind: npt.NDArray[np.uint8]
    sector: npt.NDArray[np.int8]
    members: Ints
    people: Ints
    has_committee: Bools
    founded: Ints
    dissolved: Ints
    elected: Ints
    secretary: Ints
    quality: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def branch(self) -> Bools:
        return (self.kind == BRANCH) | (self.kind == JOINT)

    @property
    def rural(self) -> Bools:
        return (self.sector == VILLAGE) | (self.sector == COMMUNITY)


def settle(tree: Tree, dice: np.random.Generator) -> Organisations:
    count = len(tree.code)
    leaf = tree.kind == BRANCH
    kind = np.where(leaf, dice.choice([BRANCH, JOINT, TEMPORARY], count, p=[0.93, 0.06, 0.01]), tree.kind)
    own = np.where(leaf, np.clip(dice.lognormal(2.857, 0.7, count), 3, 400).astype(np.int64), 0)
    new = leaf & (dice.random(count) < 0.02)
    secretary = np.where(
        dice.random(count) < 0.12, days(dice, day(2024, 7, 1), LAST, count), days(dice, day(2021, 1, 1), FIRST, count)
    )
    founded = np.where(new, days(dice, FIRST, LAST, count), days(dice, day(1980, 1, 1), day(2019, 12, 31), count))
    elected = np.where(_long(tree, kind), day(2020, 1, 1), day(2022, 1, 1)) + dice.integers(0, 1_000, count)
    return Organisations(
        tree,
        kind.astype(np.uint8),
        np.where(tree.kind == LOCAL, -1, dice.choice(len(SECTORS), count, p=SECTOR_SHARES)).astype(np.int8),
        _all_members(tree, own),
        np.cumsum(own) - own,
        (tree.kind != BRANCH) | (dice.random(count) < np.where(own >= 7, 0.97, 0.05)),
        founded,
        np.where(leaf & (dice.random(count) < 0.008), days(dice, FIRST + 30, LAST, count), NONE),
        np.where(new | (dice.random(count) < 0.01), NONE, elected),
        np.where(dice.random(count) < 0.015, NONE, np.maximum(secretary, founded)),
        np.where(dice.random(count) < 0.12, dice.uniform(0.5, 0.9, count), dice.uniform(0.935, 1, count)).astype(
            np.float32
        ),
    )


def _long(tree: Tree, kind: Ints) -> Bools:
    return (kind == COMMITTEE) | (kind == GENERAL) | (tree.kind == LOCAL)


def _all_members(tree: Tree, own: Ints) -> Ints:
    """Members of the whole subtree: in preorder a difference of running sums."""
    total = np.concatenate([[0], np.cumsum(own)])
    return np.maximum(total[ends(tree)] - total[:-1], 3)


# --- the table: a row for most, two or three for a few -------------------------------------------------------


def table(those: Organisations, dice: np.random.Generator) -> pa.Table:
    """Rows by code, then first day. The last row of each is the state `Organisations` tells."""
    count = len(those)
    times = np.where(dice.random(count) < 0.04, 2, 1) + (dice.random(count) < 0.006)
    at = np.repeat(np.arange(count), times)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    first = days(dice, FIRST + 20, FIRST + 150, count)
    cuts = np.stack([first, first + dice.integers(30, 180, count)], axis=1)
    earlier = nth < times[at] - 1
    begins = np.where(nth > 0, cuts[at, np.maximum(nth - 1, 0)], NONE)
    gone = np.where(dice.random(count) < 0.5, those.dissolved, NONE)[at]
    closes = np.where(earlier, cuts[at, np.minimum(nth, 1)] - 1, np.where(gone > begins, gone, NONE))
    rows = _rows(those, at, earlier, dice)
    return rows.append_column("valid_from", dates(begins)).append_column("valid_to", dates(closes))


def _rows(those: Organisations, at: Ints, earlier: Bools, dice: np.random.Generator) -> pa.Table:
    """Earlier rows may have another parent (one step up), kind, number of members, election, or no committee."""
    count, leaf = len(at), those.tree.kind[at] == BRANCH
    parent, kind = those.tree.parent[at], those.kind[at].astype(np.int64)
    moved = earlier & leaf & (dice.random(count) < 0.3) & (those.tree.parent[parent] >= 0)
    parent = np.where(moved, those.tree.parent[parent], parent)
    kind = np.where(earlier & (dice.random(count) < 0.25) & (kind == BRANCH), JOINT, kind)
    members = np.maximum(those.members[at] + np.where(earlier, dice.integers(-8, 9, count), 0), 1)
    elected = those.elected[at] - np.where(earlier & (dice.random(count) < 0.05), 400, 0)
    codes = fixed(digits(those.tree.code, WIDTH))
    return pa.table(
        {
            "org_id": codes.take(pa.array(at)),
            "parent_id": codes.take(pa.array(parent, mask=parent < 0)),
            "kind": words(kind, KINDS),
            "founded_on": dates(those.founded[at]),
            "dissolved_on": dates(those.dissolved[at]),
            "sector": words(those.sector[at], SECTORS),
            "peer": _peers(those, at),
            "members": pa.array(members, pa.int32(), mask=leaf & (dice.random(count) < 0.012)),
            "has_committee": pa.array(those.has_committee[at] & ~(earlier & (dice.random(count) < 0.1))),
            "elected_on": dates(np.where(those.elected[at] == NONE, NONE, elected)),
            "secretary_on": dates(those.secretary[at]),
        }
    )


def _peers(those: Organisations, at: Ints) -> pa.Array:
    """County and type: 110102-3; null above the counties."""
    county, types = those.tree.county, np.minimum(those.tree.kind, BRANCH)
    groups, which = np.unique(np.where(county < 0, -1, county * 10 + types), return_inverse=True)
    names = [f"{one // 10}-{one % 10}" for one in groups.tolist()]
    return words(np.where(county[at] < 0, -1, which[at]), names)
