"""Where texts stand among known ones. Serves speed: a table of all known texts is only made when it must be."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Places = npt.NDArray[np.int64]


def places(values: pa.Array, known: pa.Array) -> Places:
    """The place of each text among `known` (distinct, none null), or -1."""
    return np.asarray(pc.fill_null(pc.index_in(values, known), -1)).astype(np.int64)


def places_of_few(values: pa.Array, known: pa.Array) -> Places:
    """The same for texts that repeat or are few beside `known`: those are looked for in `values`."""
    coded = values.dictionary_encode()
    words = coded.dictionary
    if 4 * len(words) > len(known):
        return places(values, known)
    found = np.full(len(words) + 1, -1, np.int64)  # the last one is for null
    word = pc.index_in(known, words)
    there = np.flatnonzero(np.asarray(word.is_valid()))
    found[np.asarray(word.drop_null())] = there
    return found[np.asarray(pc.fill_null(coded.indices, len(words)))]
