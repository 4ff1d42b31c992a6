"""Lines, and what seals them. `line.py` is what happened; `chain.py` what shows that nobody changed it since."""

from zhibu.web.audit.models.chain import Archive, Checkpoint, Held, Run, Seal
from zhibu.web.audit.models.line import Denial, Frozen, Line, Outcome

__all__ = ["Archive", "Checkpoint", "Denial", "Frozen", "Held", "Line", "Outcome", "Run", "Seal"]
