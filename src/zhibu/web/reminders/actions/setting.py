"""提醒办法 of an organisation, and what a person wants for himself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.reminders.models import MUTABLE, ReminderRule, ReminderWish
from zhibu.web.reminders.rules import own, workers

MOST_DAYS, MOST_TIMES = 30, 3
FIELDS = ("active", "days", "roles", "first", "last", "rest_days", "sms", "mail", "document")


@action("reminders.set")
def set_rule(
    *, by: Scope, active: bool, days: Sequence[int], roles: Sequence[str], first: time, last: time, rest_days: bool,
    sms: bool, mail: bool, document: str = "",
) -> ReminderRule:  # fmt: skip
    """Of the own organisation, for itself and those below. Raises Unfit."""
    here = reached(Organisation.objects.within(by), by.organisation_id)
    if len(set(days)) > MOST_TIMES or not all(1 <= one <= MOST_DAYS for one in days):
        raise Unfit("days", f"最多写 {MOST_TIMES} 个天数，每个在 1 和 {MOST_DAYS} 之间")
    if not roles or not set(roles) <= set(workers()):
        raise Unfit("roles", "至少选一种身份")
    if first >= last:
        raise Unfit("last", "最晚的时间要在最早的时间以后")
    kept = own(by) or ReminderRule(organisation=here)
    old = _values(kept) if kept.pk else None
    kept.days, kept.roles = sorted(set(days), reverse=True), [one for one in workers() if one in roles]
    kept.active, kept.first, kept.last, kept.rest_days = active, first, last, rest_days
    kept.sms, kept.mail, kept.document = sms, mail, document
    kept.save()
    _write(by, "规定提醒办法", kept, here, old, _values(kept))
    return kept


@action("reminders.set")
def drop_rule(*, by: Scope) -> None:
    """The superior's holds again. Raises Unfit when there is none of the own organisation."""
    here = reached(Organisation.objects.within(by), by.organisation_id)
    kept = own(by)
    if kept is None:
        raise Unfit("document", "本级没有另定提醒办法")
    _write(by, "不再另定提醒办法，按上级的", kept, here, _values(kept), None)
    kept.delete()


@action("reminders.own")
def wish(*, by: Scope, muted: Sequence[str], sms: bool, mail: str) -> ReminderWish:
    """One's own. What a superior asks can't be muted. The address itself is not in the log. Raises Unfit."""
    if not set(muted) <= set(MUTABLE):
        raise Unfit("muted", "上级提醒不能停")
    user = reached(User.objects.all(), by.user_id)
    kept = ReminderWish.objects.filter(user=user).first() or ReminderWish(user=user)
    kept.muted, kept.sms, kept.mail = [one for one in MUTABLE if one in muted], sms, mail
    kept.save()
    write(
        by=by, action="reminders.own", sentence="改自己的提醒设置", thing=kept, organisation=None,
        new={"muted": kept.muted, "sms": sms, "mail": bool(mail)}, happened_on=by.on,
    )  # fmt: skip
    return kept


def _values(rule: ReminderRule) -> dict[str, object]:
    return {name: getattr(rule, name) for name in FIELDS}


def _write(
    by: Scope, sentence: str, rule: ReminderRule, here: Organisation, old: dict[str, object] | None,
    new: dict[str, object] | None,
) -> None:  # fmt: skip
    write(
        by=by, action="reminders.set", sentence=sentence, thing=rule, organisation=here, old=old, new=new,
        happened_on=by.on,
    )  # fmt: skip
