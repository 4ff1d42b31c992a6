"""Escalations from the runs of missed periods that the kernel notes (engine.md section 4)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhibu.engine.packed.compiled import Compiled
from zhibu.engine.packed.judged import Judged
from zhibu.engine.results import ESCALATIONS
from zhibu.engine.scheme import Escalation


def table(compiled: Compiled, judged: Judged, ladder: Escalation) -> pa.Table:
    """The rows of ESCALATIONS of one chunk, in order."""
    found = judged.runs
    rules = [compiled.bounds[first].rule for first in compiled.rule_of[:-1]]
    watched = np.array([any(one.fits(rule.rulebook, rule.id) for one in ladder.rules) for rule in rules], bool)
    step = np.searchsorted([length for length, _ in ladder.steps], found["run"], side="right") - 1
    kept = (step >= 0) & watched[found["run_group"]]
    org, group, run, since = (found[name][kept] for name in ("run_subject", "run_group", "run", "since"))
    columns = [
        compiled.subjects.ids.take(pa.array(org)),
        pa.array([rule.rulebook for rule in rules], pa.string()).take(pa.array(group)),
        pa.array([rule.id for rule in rules], pa.string()).take(pa.array(group)),
        pa.array(run.astype(np.int64)),
        pa.array([name for _, name in ladder.steps], pa.string()).take(pa.array(step[kept])),
        pa.array(since, pa.int32()).cast(pa.date32()),
    ]
    return pa.table(columns, schema=ESCALATIONS)
