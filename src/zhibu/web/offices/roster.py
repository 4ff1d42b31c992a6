"""支部职务 of the roster follows the offices: what somebody holds today in the leading body of the own organisation.

The roster keeps the word because the books of a county bring it, and rules read who is secretary or on the committee.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.members.models import Member
from zhibu.web.offices.models import BODY, Tenure
from zhibu.web.organisations.models import Organisation

WHY = "the roster follows the offices"
LONGEST = 20  # characters of the roster's column


def keep(by: Scope, here: Organisation, members: Iterable[int | None]) -> None:
    """Write down anew what these members hold today; those who are on another roster are left alone."""
    order = {kind: place for place, kind in enumerate(BODY)}
    rows = Tenure.objects.unscoped(WHY).filter(held(by.on), office__organisation=here, office__kind__in=BODY)
    now = sorted(rows.select_related("office"), key=lambda one: order[one.office.kind], reverse=True)
    posts = {one.member_id: one.office.title[:LONGEST] for one in now if one.member_id}
    changed = False
    chosen = {one for one in members if one}
    for member in Member.objects.everything(WHY).filter(pk__in=chosen, organisation=here):
        if member.branch_post != (post := posts.get(member.pk, "")):
            member.branch_post, changed = post, True
            member.save(update_fields=["branch_post"])
    if changed:
        announce.facts_changed({here.pk})


def body_anew(by: Scope, here: Organisation) -> None:
    """A whole body was elected: whom the roster still calls by an office, and who is not in it, loses the word."""
    called = Member.objects.everything(WHY).filter(organisation=here).exclude(branch_post="")
    holders = Tenure.objects.unscoped(WHY).filter(held(by.on), office__organisation=here, office__kind__in=BODY)
    keep(by, here, {*called.values_list("pk", flat=True), *holders.values_list("member", flat=True)})
