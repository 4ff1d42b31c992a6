"""缓办 of a hint that no rule stands behind: with a reason, until a day. Then it is shown again."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.bodies.models import PutOff
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations.models import Organisation


@action("waivers.grant")
def put_off(*, by: Scope, organisation: Organisation, hint: str, until: date, reason: str) -> PutOff:
    """Until a day, inclusive; again: another day or reason, today at the earliest. Raises Unfit, NotAllowed."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if hint not in PutOff.Hint.values:
        raise Unfit("reason", f"没有提示“{hint[:20]}”")
    if until < by.on:
        raise Unfit("until", f"缓办到的日子不能早于今天（{by.on}）")
    if not reason.strip():
        raise Unfit("reason", "写明缓办的理由，如：已报批，等批复")
    row = now(by).filter(organisation=here, hint=hint).first()
    old = {"ends_on": row.ends_on, "reason": row.reason} if row else {}
    row = row or PutOff(organisation=here, hint=hint, starts_on=by.on)
    row.ends_on, row.reason = until, reason.strip()[:200]
    row.save()
    sentence = f"{here.name} 缓办提示“{row.get_hint_display()}”：{row.reason}"
    write(
        by=by, action="waivers.grant", sentence=sentence, thing=row, organisation=here, old=old,
        new={"rule": hint, "ends_on": row.ends_on, "reason": row.reason}, happened_on=by.on,
    )  # fmt: skip
    return row


def now(scope: Scope) -> QuerySet[PutOff]:
    """What is put off today, by organisation."""
    rows = PutOff.objects.within(scope).filter(held(scope.on), organisation__dissolved_on=None)
    return rows.select_related("organisation").order_by("organisation__path", "hint")
