"""An organisation ends: what was asked for its things and is still open lapses, and says why."""

from __future__ import annotations

from datetime import date

from zhibu.web.approvals.models import Approval, State
from zhibu.web.core import clock


def lapse(organisation: int, on: date, document: str) -> dict[str, int]:
    """Listener of `core.announce`: a request names things that are elsewhere now; it is asked again there."""
    said = f"党组织 {on} 起不再存在（{document.strip()}），要办由接收的党组织重新申请"[:300]
    rows = Approval.objects.unscoped("an organisation that ends").filter(organisation=organisation)
    now = clock.now()
    open_ = rows.filter(state__in=(State.ASKED, State.APPROVED), expires_at__gt=now)
    return {"approvals": open_.update(expires_at=now, answer=said)}
