"""A published evaluation kept alive: one change of the facts in, every difference it makes out.

`Live` holds what follows from verdicts for all organisations (order of the peer groups, grades, roll-ups, escalations)
and moves it by what one change moves. Who judges the changed subject is an `Evaluator`; `Reference` does it with the
compiled kernel or, to the same verdicts, the reference's own steps. After any changes the tables equal those of a full
run (tests/generative/test_live.py).
"""

from __future__ import annotations

from zhibu.engine.live.change import Applied, Change, Difference, Evaluator, Moved, Place, Standing
from zhibu.engine.live.live import Live
from zhibu.engine.live.reference import Reference

__all__ = ["Applied", "Change", "Difference", "Evaluator", "Live", "Moved", "Place", "Reference", "Standing"]
