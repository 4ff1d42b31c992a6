from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.learning.models import Scenario
from zhibu.web.organisations.models import Organisation


@action("learning.scenarios")
def keep_scenario(*, by: Scope, scenario: Scenario | None, fields: Mapping[str, Any]) -> Scenario:
    """Write one for the own organisation and those below, or change it; `closed` takes it off the shelf."""
    if scenario is None:
        kept = Scenario(organisation=reached(Organisation.objects.within(by), by.organisation_id))
    else:
        kept = reached(Scenario.objects.within(by).select_related("organisation"), scenario.pk)
    told = dict(fields)
    closed = told.pop("closed")
    for name, value in told.items():
        setattr(kept, name, value)
    kept.closed_on = (kept.closed_on or by.on) if closed else None
    kept.save()
    write(
        by=by, action="learning.scenarios", sentence=f"情景模拟：{kept.title}", thing=kept,
        organisation=kept.organisation, new={"closed_on": kept.closed_on},
    )  # fmt: skip
    return kept
