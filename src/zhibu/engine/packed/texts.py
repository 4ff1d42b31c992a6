"""Where texts stand among ascending ones. Serves speed: texts that ascend too are met one behind the other."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.facts.places import Places, places, places_of_few
from zhibu.engine.packed.native import Numbers, at, kernel, whole
from zhibu.engine.packed.subjects import Ids


def find(texts: pa.LargeStringArray, known: Ids) -> Numbers:
    """The place of each text among ascending ones, or -1. Quick where most of them come in order."""
    asked = Ids(texts if not texts.null_count else texts.fill_null(""), None)
    found = np.empty(len(texts), np.int32)
    kernel().find(
        *(whole(len(texts)), at(asked.begins), at(asked.text)),
        *(whole(len(known.array)), at(known.begins), at(known.text), at(found)),
    )
    return found


def among(texts: pa.StringArray, ids: pa.StringArray) -> Places:
    """The place of each text among `ids` (ascending), or -1."""
    if texts.equals(ids) or not len(texts):
        return np.arange(len(texts))
    if texts.null_count:
        return places_of_few(texts, ids)
    if pc.all(pc.less(texts[:-1], texts[1:]), min_count=0).as_py():
        return find(texts.cast(pa.large_string()), Ids(ids.cast(pa.large_string()), None)).astype(np.int64)
    return places(texts, ids)
