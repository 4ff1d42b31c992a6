"""The sample county: minutes of the example's file, a form sent to the villages of a town, answers of one branch."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from zhibu.web.burden import actions, book
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.regulations.form_checks import checked

COUNTY = settings.PACKS / "county-example"
SENT_TO = 20
FORM = "forms/village-economy.yaml"


def take_minutes(by: Scope) -> None:
    """Before anything is sent down."""
    actions.take(by=by, told=book.read(COUNTY / book.NAME))


def fill(*, officer: Scope, branch: Scope, today: date) -> None:
    """`officer`: the county's; `branch`: a secretary whose branch gets the form too."""
    villages = Organisation.objects.within(officer).filter(kind__in=BRANCH_KINDS, sector="village", dissolved_on=None)
    own = Organisation.objects.within(branch).filter(pk=branch.organisation_id)
    units = list({one.pk: one for one in [*own, *villages.order_by("path")[:SENT_TO]]}.values())
    text = (COUNTY / FORM).read_text(encoding="utf-8").replace("until: 2027-12-31", f"until: {today.year + 1}-12-31")
    actions.register(by=officer, checked=checked(text), units=units)
    for key, says in (("rule:branch-life/theme-day", "longer"), ("rule:branch-life/committee-meeting", "about")):
        actions.answer(by=branch, key=key, says=says)
