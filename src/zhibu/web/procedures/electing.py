"""Effects of an election: the new body (`offices.actions.election`), or the one who fills a vacancy."""

from __future__ import annotations

import re
from typing import Any

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.offices.actions import election, seats
from zhibu.web.offices.actions.election import Holder
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.procedures.effects import CannotFollow, Done, day_of

BETWEEN = re.compile(r"[、，,；;\s]+")
Kinds = Office.Kind


def elected(by: Scope, done: Done) -> dict[str, Any]:
    """A re-election gives a whole body, a by-election (it names the `office`) one person. The day is the meeting's."""
    if office := str(done.values.get("office") or "").strip():
        return _one(by, done, office)
    secretary, deputies = _names(done, "secretary"), _names(done, "deputy")
    others = [name for name in _names(done, "members") if name not in {*secretary, *deputies}]
    holders = [
        *(_holder(done, Kinds.SECRETARY, name) for name in secretary),
        *(_holder(done, Kinds.DEPUTY, name) for name in deputies),
        *(_holder(done, Kinds.COMMITTEE, name) for name in others),
    ]
    election.elected(
        by=by, organisation=done.case.organisation, on=day_of(done, "meeting"), document=done.document, holders=holders,
        term_years=int(str(done.values.get("term_years") or 0)),
    )  # fmt: skip
    return {}


def _one(by: Scope, done: Done, title: str) -> dict[str, Any]:
    chosen, sent = _names(done, "elected"), _names(done, "appointed")
    names = chosen or sent
    if len(names) != 1:
        raise CannotFollow("写明补选当选的一个人，或者上级指派的一个人")
    office = Office.objects.within(by).filter(organisation=done.case.organisation, title=title, ends_on=None).first()
    if office is None:
        raise CannotFollow(f"这个党组织没有登记“{title}”这个职务。先在“职务”台账登记核定职数，再记这一步")
    seats.appoint(
        by=by, office=office, name=names[0], starts_on=day_of(done, "meeting"), document=done.document,
        how=Tenure.How.ELECTED if chosen else Tenure.How.APPOINTED, member=_member(done, names[0]),
    )  # fmt: skip
    return {}


def _names(done: Done, value: str) -> list[str]:
    return [name for name in BETWEEN.split(str(done.values.get(value) or "")) if name]


def _holder(done: Done, kind: Kinds, name: str) -> Holder:
    return Holder(kind=kind, title=kind.label, name=name, member=_member(done, name))


def _member(done: Done, name: str) -> Member | None:
    """On the roster of the organisation, where only one has that name."""
    rows = Member.objects.unscoped("who was elected").filter(organisation=done.case.organisation_id, left_on=None)
    found = list(rows.filter(name=name)[:2])
    return found[0] if len(found) == 1 else None
