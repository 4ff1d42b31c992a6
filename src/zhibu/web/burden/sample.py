"""The sample county: minutes of the example's file, forms sent to villages, one filled in; answers of one branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings

from zhibu.web.access.queries import system_scope
from zhibu.web.burden import actions, book, filling
from zhibu.web.burden.models import CountyForm, FormSheet
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
    _filled(actions.register(by=officer, checked=checked(_other(today)), units=units), units[1:6], today)
    for key, says in (("rule:branch-life/theme-day", "longer"), ("rule:branch-life/committee-meeting", "about")):
        actions.answer(by=branch, key=key, says=says)


def _other(today: date) -> str:
    """Asked once, so that there is something to fill in on any day."""
    return f"""\
form: drying-yards
title: 晒场和仓储情况表（示例）
issuer: 中共青川县委组织部
basis: 青组通〔{today.year}〕12号（示例）
why: 平台里没有晒场和仓储的数
until: {today + timedelta(days=14)}
of: organisation
every: once
minutes: 10
fields:
  - {{id: name, label: 党组织名称, from: organisation.name}}
  - {{id: members, label: 党员人数, from: members.count}}
  - {{id: yards, label: 村里的晒场（处）}}
  - {{id: stores, label: 村集体的仓储（平方米）}}
"""


def _filled(form: CountyForm, units: Sequence[Organisation], today: date) -> None:
    """By some of the units, each as its own secretary would."""
    for at, unit in enumerate(units):
        by = replace(system_scope(), organisation_id=unit.pk)
        sheet = FormSheet.objects.unscoped("the sample county").get(form=form, organisation=unit)
        filling.fill(by=by, sheet=sheet, period="once", values=["", "", str(1 + at % 3), str(120 + 40 * at)])
