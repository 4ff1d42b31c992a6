"""The tree: fixed-width codes whose order as text is its preorder, as with real hierarchical codes.

Two digits each for province, city and county, three for the town, four for the organisation in it: 1101020030004.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synthetic.scales import Scale

LOCAL, COMMITTEE, GENERAL, BRANCH = range(4)
WIDTH = 13
STEPS = (10**11, 10**9, 10**7, 10**4)  # what one province, city, county, town is worth in a code
TOWN = STEPS[3]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes in preorder: `code` as a number, index of the parent (-1: none), kind, code of the county (-1 above)."""

    code: Ints
    parent: Ints
    kind: npt.NDArray[np.uint8]
    county: Ints


def grow(scale: Scale, dice: np.random.Generator) -> Tree:
    codes, towns = _upper(scale, dice)
    sizes = 1 + dice.multinomial(scale.primary - scale.towns, dice.dirichlet(np.full(scale.towns, 3.0)))
    assert sizes.max() < 10_000
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    town_code = np.repeat(towns, sizes)
    code = town_code + np.arange(scale.primary) - np.repeat(first, sizes)
    kind = _kinds(scale, first, dice)
    code, kind = np.concatenate([codes, code]), np.concatenate([np.zeros(len(codes), np.uint8), kind])
    order = np.argsort(code, kind="stable")
    code, kind = code[order], kind[order]
    upper = (kind == LOCAL) | (code % TOWN == 0)
    county = np.where(code // STEPS[2] % 100 > 0, code // STEPS[2], -1)
    return Tree(code, _parents(code, kind, upper), kind, county)


def _upper(scale: Scale, dice: np.random.Generator) -> tuple[Ints, Ints]:
    """Codes of the levels above the towns, and of the towns. A lone city is 1101…, a lone county 110101…"""
    depth = len(scale.above)
    level = np.array([11 * STEPS[0] * (depth <= 3) + STEPS[1] * (depth <= 2) + STEPS[2] * (depth <= 1)])
    found = [level]
    for step, count in zip(STEPS[4 - depth :], [*scale.above[1:], scale.towns], strict=True):
        children = 1 + dice.multinomial(count - len(level), dice.dirichlet(np.full(len(level), 8.0)))
        assert children.max() < (999 if step == TOWN else 89)
        nth = np.arange(count) - np.repeat(np.cumsum(children) - children, children)
        level = np.repeat(level, children) + (nth + (11 if step == STEPS[0] else 1)) * step
        found.append(level)
    return np.concatenate(found[:-1]), found[-1]


def _kinds(scale: Scale, towns: Ints, dice: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Each town's block begins with its committee; the others come in any order."""
    rest = np.repeat(
        np.array([COMMITTEE, GENERAL, BRANCH], np.uint8),
        [scale.committees - scale.towns, scale.general_branches, scale.branches],
    )
    dice.shuffle(rest)
    kinds = np.full(scale.primary, COMMITTEE, np.uint8)
    kinds[np.setdiff1d(np.arange(scale.primary), towns, assume_unique=True)] = rest
    return kinds


def _parents(code: Ints, kind: npt.NDArray[np.uint8], upper: npt.NDArray[np.bool_]) -> Ints:
    """A branch hangs on the last head before it, a general branch on the last committee, a committee on its town."""
    at = np.arange(len(code))
    committee = np.maximum.accumulate(np.where((kind == COMMITTEE) | upper, at, -1))
    head = np.maximum.accumulate(np.where(kind != BRANCH, at, -1))
    town = np.maximum.accumulate(np.where(upper, at, -1))
    parent = np.select([upper, kind == BRANCH, kind == GENERAL], [-1, head, committee], town)
    for step in (10**WIDTH, *STEPS):  # the finest that is not the node itself stays
        coarse = code[upper] // step * step
        place = np.minimum(np.searchsorted(code, coarse), len(code) - 1)
        parent[upper] = np.where((code[place] == coarse) & (coarse != code[upper]), place, parent[upper])
    return parent


def ends(tree: Tree) -> Ints:
    """For each node the index after the last of its subtree."""
    count, code = len(tree.code), tree.code
    upper = (tree.kind == LOCAL) | (code % TOWN == 0)
    whole = np.where(code > 0, STEPS[0], 10**WIDTH)
    step = np.select([code % one > 0 for one in STEPS[::-1]], [1, *STEPS[:0:-1]], whole)
    found = np.searchsorted(code, code + step)
    for kind, closing in ((GENERAL, tree.kind != BRANCH), (COMMITTEE, (tree.kind == COMMITTEE) | upper)):
        following = np.minimum.accumulate(np.where(closing, np.arange(count), count)[::-1])[::-1]
        own = (tree.kind == kind) & ~upper
        found[own] = np.append(following, count)[1:][own]
    return found
