"""Near-duplicate texts: which pairs share at least half of their four-character shingles. numpy only, no Django.

1. A text is the set of its runs of four letters (shingles), as 44-bit hashes, without those that everybody writes:
   shingles of the reference texts and of more than 0.5 % of all texts (`usual`).
2. One-permutation MinHash: 64 slots, the least hash of each; empty slots borrow from the next full one.
3. Texts with a band of three equal slots are candidates; those with a quarter of all slots equal are compared exactly.
4. Two texts of one branch must be near beyond what it writes again and again (`beyond`).

Speeds and what is found: docs/manual/hints.md, `benchmarks/near_duplicates.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhibu.web.hints.letters import Codes, Offsets, pack

METHOD = 1  # goes up when anything here changes what is found: a measurement is of one method
NEAR = 0.5  # exact Jaccard of two sets of shingles from which texts are near
# Distinct shingles a text must keep to be compared. Below it (two or three sentences) honest minutes of the same
# agenda are alike by nature: the measurement shows what a lower bound costs.
LEAST = 60
SHARE, FEWEST = 0.005, 20  # a shingle in more than this share of texts, and in at least so many, is usual
SAMPLE = 8_000  # texts that tell what is usual
FRAME, REST = 4, 30  # texts of one branch that make a shingle its frame; shingles beyond it that make a text its own
SLOTS, ROWS = 64, 3
BANDS = SLOTS // ROWS
MAYBE = 16  # equal slots of 64 from which a pair is compared exactly: four standard deviations below the half

Hashes = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.uint32]
Pairs = npt.NDArray[np.int64]  # shape (n, 2)

_TABLE = 1 << 20
_CHUNK = 400  # texts sketched together: their arrays stay in the processor's cache
_EMPTY = np.uint32(0xFFFFFFFF)
_M1, _M2, _M3, _M4 = (
    np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
)
_S20, _S29, _S32 = np.uint64(20), np.uint64(29), np.uint64(32)
NOTHING: Hashes = np.empty(0, np.uint64)


class Near(NamedTuple):
    """Two texts by their places, and the Jaccard of their sets."""

    one: int
    other: int
    share: float


def hashes(codes: Codes, offsets: Offsets) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Hashes (44 bits) of all shingles of the texts, end to end, and of which text each is. Repetitions stay."""
    if len(codes) < 4:
        return NOTHING, np.empty(0, np.int64)
    wide = codes.astype(np.uint64)
    mixed = wide[:-3] * _M1 + wide[1:-2] * _M2
    mixed += wide[2:-1] * _M3
    mixed += wide[3:] * _M4
    mixed ^= mixed >> _S32
    mixed *= _M4
    mixed ^= mixed >> _S29
    mixed *= _M1
    mixed >>= _S20  # the upper 44 bits are the best mixed
    lengths = np.diff(offsets)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    whole = owner[:-3] == owner[3:]
    return mixed[whole], owner[:-3][whole]


def without(found: Hashes, owner: npt.NDArray[np.int64], usual: Hashes) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """The same without what everybody writes. `usual` is sorted; a table of their last bits spares most look-ups."""
    if not len(usual) or not len(found):
        return found, owner
    told = np.zeros(_TABLE, bool)
    told[usual & np.uint64(_TABLE - 1)] = True
    at = np.nonzero(told[found & np.uint64(_TABLE - 1)])[0]
    asked = found[at]
    place = np.minimum(np.searchsorted(usual, asked), len(usual) - 1)
    own = np.ones(len(found), bool)
    own[at] = usual[place] != asked
    return found[own], owner[own]


def distinct(found: Hashes, owner: npt.NDArray[np.int64], texts: int) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Each shingle of a text once, sorted within the text; and where each text begins.

    Sorted as one array of numbers: the text above, the hash below, so at most 2**20 texts at a time.
    """
    mixed = np.sort(owner.astype(np.uint64) << np.uint64(44) | found)
    mixed = mixed[np.concatenate([[True], mixed[1:] != mixed[:-1]])] if len(mixed) else mixed
    starts = np.searchsorted(mixed, np.arange(texts + 1, dtype=np.uint64) << np.uint64(44))
    return mixed & np.uint64((1 << 44) - 1), starts


def sketch(texts: Sequence[str], usual: Hashes = NOTHING) -> tuple[Slots, npt.NDArray[np.int64]]:
    """(slots of each text, how many distinct shingles each keeps)."""
    slots = np.empty((len(texts), SLOTS), np.uint32)
    sizes = np.empty(len(texts), np.int64)
    for begin in range(0, len(texts), _CHUNK):
        part = texts[begin : begin + _CHUNK]
        found, owner = without(*hashes(*pack(part)), usual)
        kept, starts = distinct(found, owner, len(part))
        sizes[begin : begin + len(part)] = np.diff(starts)
        slots[begin : begin + len(part)] = _least(kept, starts)
    return _borrowed(slots), sizes


def _least(kept: Hashes, starts: npt.NDArray[np.int64]) -> Slots:
    """The least hash of each slot. The shingles of a text are sorted, so a slot is a run: its first is its least.

    A slot is the upper six bits of the 44, the value the 32 below them.
    """
    texts = len(starts) - 1
    slots = np.full((texts, SLOTS), _EMPTY, np.uint32)
    owner = np.repeat(np.arange(texts), np.diff(starts))
    place = owner * SLOTS + (kept >> np.uint64(38)).astype(np.int64)
    first = np.concatenate([[True], place[1:] != place[:-1]]) if len(place) else np.empty(0, bool)
    slots.reshape(-1)[place[first]] = (kept[first] >> np.uint64(6)).astype(np.uint32)
    return slots


def _borrowed(slots: Slots) -> Slots:
    """Empty slots take the value of the next full one; a text without any shingle stays empty."""
    for _ in range(SLOTS):
        empty = slots == _EMPTY
        poor = empty.any(axis=1) & ~empty.all(axis=1)
        if not poor.any():
            break
        slots[poor] = np.where(empty[poor], np.roll(slots[poor], -1, axis=1), slots[poor])
    return slots


def bands(slots: Slots) -> Hashes:
    """The keys of each text, one for each band: texts that share one are candidates."""
    wide = slots[:, : BANDS * ROWS].reshape(len(slots), BANDS, ROWS).astype(np.uint64)
    mixed = (wide[:, :, 0] * _M1 + wide[:, :, 1] * _M2 + wide[:, :, 2] * _M3) ^ np.arange(BANDS, dtype=np.uint64)
    mixed ^= mixed >> _S32
    mixed *= _M4
    return mixed ^ mixed >> _S29


def candidates(slots: Slots, fresh: npt.NDArray[np.bool_] | None = None, reach: int = 16) -> Pairs:
    """Pairs of places with a band in common and a quarter of their slots equal; with `fresh`, one of the two is.

    Within a band that many texts share, each is paired with the `reach` next ones: enough to hint at each.
    """
    keys, found = bands(slots), [np.empty(0, np.int64)]
    for band in range(BANDS):
        order = np.argsort(keys[:, band], kind="stable")
        found += list(_neighbours(keys[order, band], order, fresh, reach))
    several = np.unique(np.concatenate(found))
    pairs = np.stack([several >> 32, several & 0xFFFFFFFF], axis=1)
    return pairs[_alike(slots, pairs) >= MAYBE]


def _neighbours(
    keys: Hashes, order: npt.NDArray[np.int64], fresh: npt.NDArray[np.bool_] | None, reach: int
) -> Iterator[npt.NDArray[np.int64]]:
    for step in range(1, reach + 1):
        at = np.nonzero(keys[step:] == keys[:-step])[0]
        if not len(at):
            return
        one, other = order[at], order[at + step]
        if fresh is not None:
            told = fresh[one] | fresh[other]
            one, other = one[told], other[told]
        yield np.minimum(one, other) << 32 | np.maximum(one, other)


def _alike(slots: Slots, pairs: Pairs) -> npt.NDArray[np.int64]:
    equal = [
        (slots[some[:, 0]] == slots[some[:, 1]]).sum(axis=1)
        for some in (pairs[begin : begin + 100_000] for begin in range(0, len(pairs), 100_000))
    ]
    return np.concatenate(equal) if equal else np.empty(0, np.int64)


def near(texts: Sequence[str], pairs: Pairs, usual: Hashes = NOTHING) -> Iterator[Near]:
    """Those of the pairs whose sets share at least a half, exactly."""
    for begin in range(0, len(pairs), 2_000):
        some = pairs[begin : begin + 2_000]
        shares = jaccard([texts[at] for at in some[:, 0]], [texts[at] for at in some[:, 1]], usual)
        for (one, other), share in zip(some.tolist(), shares.tolist(), strict=True):
            if share >= NEAR:
                yield Near(one, other, share)


def jaccard(ones: Sequence[str], others: Sequence[str], usual: Hashes = NOTHING) -> npt.NDArray[np.float64]:
    """Of each pair of texts: shingles in both against shingles in either; 0 where one is too short to be compared."""
    sets = [distinct(*without(*hashes(*pack(side)), usual), len(side)) for side in (ones, others)]
    sizes = [np.diff(starts) for _, starts in sets]
    owned = [
        np.repeat(np.arange(len(ones), dtype=np.uint64), size) << np.uint64(44) | kept
        for (kept, _), size in zip(sets, sizes, strict=True)
    ]
    both = np.sort(np.concatenate(owned))
    twice = both[1:][both[1:] == both[:-1]] >> np.uint64(44)
    shared = np.bincount(twice.astype(np.int64), minlength=len(ones))
    either = sizes[0] + sizes[1] - shared
    return np.where(np.minimum(*sizes) >= LEAST, shared / np.maximum(either, 1), 0.0)


def frame(texts: Sequence[str], usual: Hashes = NOTHING) -> Hashes:
    """What one branch writes again and again, sorted: shingles in at least four of its texts."""
    kept, _ = distinct(*without(*hashes(*pack(texts)), usual), len(texts))
    told, times = np.unique(kept, return_counts=True)
    return told[times >= FRAME]


def beyond(one: str, other: str, own: Hashes, usual: Hashes = NOTHING) -> bool:
    """Whether two texts of one branch are near beyond its `frame`: the same agenda every month with something new each
    time is honest; a text that is all frame is compared whole."""
    sets = [distinct(*without(*hashes(*pack([text])), usual), 1)[0] for text in (one, other)]
    rests = [np.setdiff1d(every, own, assume_unique=True) for every in sets]
    if min(map(len, rests)) < REST:
        return True
    shared = len(np.intersect1d(*rests, assume_unique=True))
    return shared >= NEAR * (len(rests[0]) + len(rests[1]) - shared)


def usual(texts: Sequence[str], references: Sequence[str] = ()) -> Hashes:
    """What everybody writes, sorted: every shingle of the reference texts, and those that more than 0.5 % of the
    texts hold. A sample of the texts is enough: give some thousands."""
    own = [distinct(*hashes(*pack([text])), 1)[0] for text in references]
    kept = [distinct(*hashes(*pack(part)), len(part))[0] for part in _parts(texts)]
    told, times = np.unique(np.concatenate(kept), return_counts=True) if kept else (NOTHING, NOTHING)
    many = told[times >= max(FEWEST, SHARE * len(texts))]
    return np.unique(np.concatenate([many, *own]))


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[begin : begin + _CHUNK] for begin in range(0, len(texts), _CHUNK))


def pairs(texts: Sequence[str], branches: Sequence[int], references: Sequence[str] = ()) -> list[Near]:
    """All near pairs among the texts of those branches: the whole method at once."""
    commonly = usual(texts[:: max(1, len(texts) // SAMPLE)], references)
    slots, sizes = sketch(texts, commonly)
    long = np.nonzero(sizes >= LEAST)[0]
    found, of = list(near(texts, long[candidates(slots[long])], commonly)), np.asarray(branches)
    frames: dict[int, Hashes] = {}
    for branch in {int(of[pair.one]) for pair in found if of[pair.one] == of[pair.other]}:
        frames[branch] = frame([texts[at] for at in np.nonzero(of == branch)[0]], commonly)
    return [
        pair for pair in found
        if of[pair.one] != of[pair.other]
        or beyond(texts[pair.one], texts[pair.other], frames[int(of[pair.one])], commonly)
    ]  # fmt: skip
