"""任务、责任书、承诺、服务、反映事项 of the sample county: a secretary's branch, its town, the county's officer."""

from __future__ import annotations

from datetime import date

from zhibu.web.concerns.sample import fill as fill_concerns
from zhibu.web.core.scope import Scope
from zhibu.web.guides.sample import fill as fill_guides
from zhibu.web.letters.sample import fill as fill_letters
from zhibu.web.organisations.models import Organisation
from zhibu.web.service.sample import fill as fill_service
from zhibu.web.tasks.sample import fill as fill_tasks


def fill(*, officer: Scope, town: Scope, branch: Scope, today: date) -> None:
    committee = Organisation.objects.within(town).get(pk=town.organisation_id)
    fill_concerns(officer=officer, branch=branch, town=committee, today=today)
    fill_service(branch=branch, host=town, today=today)
    fill_guides(officer=officer, town=town, branch=branch, today=today)
    fill_tasks(officer=officer, town=town, branch=branch, today=today)
    fill_letters(town=town, branch=branch, today=today)
