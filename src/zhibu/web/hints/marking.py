"""Which letters of a text stand in another too: to show a reader what a hint is about. No Django."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from zhibu.web.hints.letters import pack, places
from zhibu.web.hints.similarity import NOTHING, Hashes, distinct, hashes, without


def shared(text: str, other: str, usual: Hashes = NOTHING) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether the other text has it. What everybody writes is not marked."""
    found, _ = hashes(*pack([text]))
    theirs, _ = distinct(*without(*hashes(*pack([other])), usual), 1)
    inside = np.zeros(len(text), bool)
    where = np.array(places(text), np.int64)
    for at in np.nonzero(np.isin(found, theirs))[0]:
        inside[where[at] : where[at + 3] + 1] = True
    runs = groupby(range(len(text)), lambda at: bool(inside[at]))
    return [("".join(text[at] for at in run), told) for told, run in runs]
