"""`zhibu remind`: a digest for each person who has one to get today, then the messages that were wanted.

A digest with its lines is one transaction; whoever has one today gets no other, however often this runs and whoever
else runs it at the same time. A message is claimed in a transaction of its own before it leaves: killed in between, it
is not sent again, and the list says that nobody knows.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone

from zhibu.web.accounts import sms
from zhibu.web.accounts.models import User
from zhibu.web.accounts.sms.gateways import gateway
from zhibu.web.audit.actions import write
from zhibu.web.core import clock
from zhibu.web.reminders import wording
from zhibu.web.reminders.gathering import Line, lines
from zhibu.web.reminders.models import Digest, Reminder, ReminderWish, Way

WHY = "of the digest in hand"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Done:
    """What one run did: people told, things they were told of, messages by what became of them."""

    people: int = 0
    things: int = 0
    sms: Counter[str] = field(default_factory=Counter)
    mail: Counter[str] = field(default_factory=Counter)

    @property
    def words(self) -> str:
        parts = [f"提醒 {self.people} 人，{self.things} 件"]
        for name, counted in (("短信", self.sms), ("邮件", self.mail)):
            if counted:
                parts.append(f"{name}发出 {counted[Way.SENT]} 条，没有发出 {counted[Way.FAILED]} 条")
        return "；".join(parts)


def run(at: datetime | None = None) -> Done:
    """`at`: the moment that counts as now, by the clock of this place; for rehearsals and tests."""
    today, done = clock.today(), Done()
    at = at or datetime.combine(today, timezone.localtime().time())
    for mine in lines(today, at).values():
        if make(mine, today):
            done.people += 1
            done.things += len(mine)
    done.sms = deliver("sms", today, _by_sms)
    done.mail = deliver("mail", today, _by_mail)
    _note(done, today)
    return done


def make(mine: Sequence[Line], today: date) -> Digest | None:
    """None: somebody else was first."""
    user, place = mine[0].reader.user, mine[0].place
    stored = [one.reminder.pk for one in mine if one.reminder.pk]
    try:
        with transaction.atomic():
            digest = Digest.objects.create(user=user, on=today, made_at=clock.now(), **_wanted(mine))
            fresh = [one.reminder for one in mine if not one.reminder.pk]
            for one in fresh:
                one.digest = digest
            Reminder.objects.bulk_create(fresh)
            Reminder.objects.unscoped(WHY).filter(pk__in=stored, digest=None).update(digest=digest)
            write(
                by=None, action="reminders.send", sentence=f"提醒 {user.name} {len(mine)} 件", thing=digest,
                organisation=place, new={"rows": len(mine)}, happened_on=today,
            )  # fmt: skip
            return digest
    except IntegrityError:
        return None


def deliver(way: str, today: date, send: Callable[[User, str], None]) -> Counter[str]:
    """Sends what waits; gives how many by what became of them."""
    ends: Counter[str] = Counter()
    for digest in list(Digest.objects.filter(on=today, **{way: Way.WANTED}).select_related("user").order_by("pk")):
        if not _moved(digest, way, Way.WANTED, Way.SENDING):
            continue
        told = list(digest.reminders.unscoped(WHY))
        try:
            send(digest.user, wording.sentence(told))
            end = Way.SENT
        except Exception:  # the others still get theirs; the operator reads why
            log.exception("提醒没有发出：第 %s 份", digest.pk)
            end = Way.FAILED
        _moved(digest, way, Way.SENDING, end)
        ends[end] += 1
    return ends


def _moved(digest: Digest, way: str, old: Way, new: Way) -> bool:
    """In a transaction of its own: of two who try, one does it."""
    return bool(Digest.objects.filter(pk=digest.pk, **{way: old}).update(**{way: new}))


def _wanted(mine: Sequence[Line]) -> dict[str, str]:
    user, wish = mine[0].reader.user, mine[0].wish
    texts = sms.is_offered() and wish.sms and user.phone and any(one.rule.sms for one in mine)
    mails = settings.MAIL_HOST and wish.mail_sealed and any(one.rule.mail for one in mine)
    return {"sms": Way.WANTED if texts else Way.NONE, "mail": Way.WANTED if mails else Way.NONE}


def _by_sms(user: User, words: str) -> None:
    gateway().send(user.phone_in_clear, f"【支部】{words}")


def _by_mail(user: User, words: str) -> None:
    address = ReminderWish.objects.get(user=user).mail
    EmailMessage(wording.SUBJECT, words, to=[address]).send()


def _note(done: Done, today: date) -> None:
    if done.sms or done.mail:
        write(
            by=None, action="reminders.send", sentence=done.words, thing=None, organisation=None,
            new={"rows": done.sms.total() + done.mail.total()}, happened_on=today,
        )  # fmt: skip
