"""Meetings and deadlines as iCalendar. No name of a person goes in: the file leaves the house."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from icalendar import Calendar, Event

from zhibu.web.access.queries import posts_on, scope_of
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.rows import row_of
from zhibu.web.plans.actions.feeds import digest
from zhibu.web.plans.models import Feed, MeetingNotice
from zhibu.web.plans.queries import meetings as queries
from zhibu.web.regulations.queries import rules_by_name

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
OWED = ("open", "missed", "upcoming")


def scope_behind(token: str) -> Scope | None:
    """What an address may read now: nothing once it is revoked, its account disabled or its post over."""
    feed = Feed.objects.filter(digest=digest(token), revoked_on=None, user__is_active=True).first()
    if feed is None:
        return None
    today = clock.today()
    return next((scope_of(post, today) for post in posts_on(feed.user_id, today) if post.pk == feed.post_id), None)


def feed_of(scope: Scope) -> bytes:
    """Meetings of the own organisation, and for who works off its duties their days."""
    rows = queries.meetings(scope.doing("records.view")).filter(
        organisation=scope.organisation_id, on__gte=scope.on - BACK, on__lte=scope.on + AHEAD
    )
    events = [meeting_event(one) for one in rows]
    return _calendar([*events, *_deadlines(scope)])


def one_file(meeting: MeetingNotice) -> bytes:
    return _calendar([meeting_event(meeting)])


def meeting_event(one: MeetingNotice) -> Event:
    said_on = one.cancelled_on or one.changed_on or one.sent_on
    event = _event(f"meeting-{one.pk}", f"{one}{'（取消）' if one.cancelled_on else ''}", said_on)
    if one.starts_at:
        event.add("dtstart", _moment(one.on, one.starts_at))
        event.add(
            "dtend",
            _moment(one.on, one.ends_at) if one.ends_at else _moment(one.on, one.starts_at) + timedelta(hours=1),
        )
    else:
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
    if one.place:
        event.add("location", one.place)
    event.add("description", f"{one.types_words}。{one.organisation.name}")
    event.add("status", "CANCELLED" if one.cancelled_on else "CONFIRMED")
    return event


def _deadlines(scope: Scope) -> list[Event]:
    if not scope.may("month.view"):
        return []
    rows = Verdict.objects.within(scope.doing("month.view")).filter(
        organisation=scope.organisation_id, status__in=OWED, deadline__gte=scope.on, deadline__lte=scope.on + AHEAD
    )
    rules, events = rules_by_name(), []
    for one in _in_order(rows):
        row = row_of(one, rules.get((one.rulebook, one.rule)), scope.on)
        if not row.standing:
            event = _event(f"duty-{one.rulebook}-{one.rule}-{one.period}-{one.organisation_id}", row.title, scope.on)
            event.add("dtstart", row.acts_by)
            event.add("dtend", row.acts_by + timedelta(days=1))
            events.append(event)
    return events


def _in_order(rows: QuerySet[Verdict]) -> QuerySet[Verdict]:
    return rows.order_by("ends_on", "rulebook", "rule")


def _event(uid: str, summary: str, said_on: date) -> Event:
    """`said_on`: the day this became so; a calendar takes the later of two."""
    event = Event()
    event.add("uid", f"{uid}@zhibu")
    event.add("dtstamp", datetime.combine(said_on, time.min, UTC))
    event.add("summary", summary)
    return event


def _moment(day: date, at: time) -> datetime:
    moment = datetime.combine(day, at)
    return timezone.make_aware(moment).astimezone(UTC)


def _calendar(events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Zhibu//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "支部安排")
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()
