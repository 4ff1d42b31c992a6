"""The sample county is reminded: the town asks about what is late in a branch, and the day's digests are made."""

from __future__ import annotations

from datetime import date, datetime, time

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.reminders.actions import asking, setting
from zhibu.web.reminders.models import FIRST, LAST, usual_roles
from zhibu.web.reminders.run import run

WHY = "making the sample county"


def fill(*, officer: Scope, town: Scope, branch: Scope, today: date) -> None:
    """`officer`: of the county, who sets the rule; `town`: who asks; `branch`: of the secretary asked."""
    setting.set_rule(
        by=officer, active=True, days=[7, 1], roles=usual_roles(), first=FIRST, last=LAST, rest_days=False, sms=False,
        mail=False, document=f"青示〔{today.year}〕9号（示例）",
    )  # fmt: skip
    here = Organisation.objects.unscoped(WHY).get(pk=branch.organisation_id)
    if late := asking.late_of(town.doing("reminders.ask"), here)[-2:]:
        asking.ask(by=town, organisation=here, keys=[one.key for one in late])
    run(datetime.combine(today, time(9, 30)))
