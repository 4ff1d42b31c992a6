"""From the rows of the whole installation to what each person is to be told today."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched

from django.db.models import Q

from zhibu.web.access.models import Post
from zhibu.web.access.queries import scope_of
from zhibu.web.core import announce
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.spans import held
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.rows import Row, row_of
from zhibu.web.duties.status import OWED
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record, Review
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.reminders import due, rules
from zhibu.web.reminders.due import FRESH, Matter, Told
from zhibu.web.reminders.models import Digest, Kind, Reminder, ReminderRule, ReminderWish
from zhibu.web.reminders.open import still_owed
from zhibu.web.reminders.people import Reader, chosen, once, readers, wishes

log = logging.getLogger(__name__)
WHY = "the system reminds; whom, the posts say"
AHEAD = timedelta(days=60)  # more than any rule's days and the longest run of holidays
AT_ONCE = 200  # organisations


@dataclass(slots=True)
class Line:
    """One reminder for one reader, by the rule of his organisation. An ask is stored already, the others are not."""

    place: Organisation
    reader: Reader
    rule: ReminderRule
    wish: ReminderWish
    reminder: Reminder


def lines(today: date, at: datetime) -> dict[int, list[Line]]:
    """User → what is news to them, of all their posts. Nobody who has had today's digest."""
    found: dict[int, list[Line]] = defaultdict(list)
    had = set(Digest.objects.filter(on=today).values_list("user", flat=True))
    book = rules.Rules()
    for places in batched(_places(today), AT_ONCE):
        speaking = [(one, rule) for one in places if rules.speaks(rule := book.of(one.path), at)]
        for line in _of(speaking, today, had):
            found[line.reader.user.pk].append(line)
    return found


def _places(today: date) -> Iterator[Organisation]:
    """Where somebody does the work."""
    posts = Post.objects.unscoped(WHY).filter(held(today), role__in=rules.workers())
    rows = Organisation.objects.unscoped(WHY).filter(dissolved_on=None, pk__in=posts.values("organisation"))
    return iter(rows.order_by("path"))


def _of(places: Sequence[tuple[Organisation, ReminderRule]], today: date, had: set[int]) -> Iterator[Line]:
    keys = [one.pk for one, _ in places]
    there = {place: [one for one in some if one.user.pk not in had] for place, some in readers(keys, today).items()}
    wanted = wishes({one.user.pk for some in there.values() for one in some})
    rows, records, asks = _rows(keys, today), _records(keys), _asks(keys, today)
    found: list[tuple[Line, Matter]] = []
    for place, rule in places:
        some = there.get(place.pk, [])
        for one in once(some):
            wish = wanted.get(one.user.pk) or ReminderWish(user=one.user)
            yield from (Line(place, one, rule, wish, ask) for ask in asks[one.user.pk, place.pk])
        if some := chosen(some, rule):
            beside, until = _beside(some[0], today), rules.until(rule, today)
            told = due.matters(rows[place.pk], records[place.pk], beside, rule.days, until)
            for one in some:
                wish = wanted.get(one.user.pk) or ReminderWish(user=one.user)
                found += [(Line(place, one, rule, wish, _new(place, one, matter, today)), matter) for matter in told]
    yield from _news(found, keys)


def _new(place: Organisation, one: Reader, matter: Matter, today: date) -> Reminder:
    return Reminder(
        organisation=place, user=one.user, role=one.role, on=today, kind=matter.kind, key=matter.key, step=matter.step,
        title=matter.title[:200], by=matter.by, address=matter.address,
    )  # fmt: skip


def _rows(places: Sequence[int], today: date) -> dict[int, list[Row]]:
    """Duties whose last day is near or just over; two queries."""
    known = rules_by_name()
    near = Verdict.objects.unscoped(WHY).filter(
        Q(status__in=OWED) | Q(status="missed", deadline__lt=today),
        organisation__in=places, deadline__gte=today - FRESH, ends_on__lte=today + AHEAD, starts_on__lte=today,
    ).order_by("deadline", "rulebook", "rule")  # fmt: skip
    found: dict[int, list[Row]] = defaultdict(list)
    for one in near:
        found[one.organisation_id].append(row_of(one, known.get((one.rulebook, one.rule)), today))
    return found


def _records(places: Sequence[int]) -> dict[int, list[Record]]:
    rows = Record.objects.unscoped(WHY).filter(organisation__in=places, review=Review.RETURNED, withdrawn_at=None)
    found: dict[int, list[Record]] = defaultdict(list)
    for one in rows.defer("content").order_by("held_on", "pk"):
        found[one.organisation_id].append(one)
    return found


def _asks(places: Sequence[int], today: date) -> dict[tuple[int, int], list[Reminder]]:
    """(user, organisation) → what a superior asked and no digest took along yet, while the duty is not done."""
    rows = Reminder.objects.unscoped(WHY).filter(
        organisation__in=places, kind=Kind.ASKED, digest=None, on__gte=today - FRESH
    )
    rows, found = list(rows.order_by("pk")), defaultdict(list)
    open_ = still_owed(rows)
    for one in rows:
        if (one.organisation_id, one.key) in open_:
            found[one.user_id, one.organisation_id].append(one)
    return found


def _beside(reader: Reader, today: date) -> list[MonthRow]:
    """What stands beside the duties in 本月任务, as this reader's post sees it."""
    try:
        scope = scope_of(reader.identity, today)
        return announce.month_rows(scope, scope.organisation_id)
    except Exception:  # of one app, for one organisation: all others are told what they are to be told
        log.exception("本月任务旁边的事没有读出：%s", reader.identity.post.organisation.code)
        return []


def _news(found: Sequence[tuple[Line, Matter]], places: Sequence[int]) -> Iterator[Line]:
    told = _told(places, {matter.key for _, matter in found})
    for line, matter in found:
        mine = told.get((line.reader.user.pk, line.place.pk), {})
        if due.news([matter], mine, line.wish.muted):
            yield line


def _told(places: Sequence[int], keys: Iterable[str]) -> dict[tuple[int, int], Told]:
    found: dict[tuple[int, int], Told] = defaultdict(dict)
    for some in batched(sorted(keys), 500):
        rows = Reminder.objects.unscoped(WHY).filter(organisation__in=places, key__in=some)
        for user, place, kind, key, step in rows.values_list("user", "organisation", "kind", "key", "step"):
            mine = found[user, place]
            mine[kind, key] = min(step, mine.get((kind, key), step))
    return found
