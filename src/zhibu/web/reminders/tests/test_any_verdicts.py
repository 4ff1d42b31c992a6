"""For any verdicts, posts and rules, over three weeks of runs: nobody twice, nobody else, nothing that is done, and
nothing left out that was to be told."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post, StandIn
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.conftest import Cast
from zhibu.web.core import announce
from zhibu.web.duties.models import Verdict
from zhibu.web.regulations.days import is_working
from zhibu.web.reminders.due import FRESH
from zhibu.web.reminders.models import Digest, Kind, Reminder, ReminderWish
from zhibu.web.reminders.rules import Rules
from zhibu.web.reminders.tests.telling import days, on, rule, told, verdict

pytestmark = pytest.mark.django_db
FIRST, MANY = date(2026, 9, 21), 21  # with the October holidays and a working Sunday or two
STATUSES = ("met", "late", "missed", "exempt", "open", "open", "open", "upcoming")
ROLES = ("secretary", "deputy", "committee_member", "member", "auditor", "officer")


@pytest.mark.parametrize("seed", range(12))
def test_nobody_twice_nobody_else_nothing_done_nothing_left_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(announce.on_month, "heard", [])
    dice = Random(seed)
    places = [cast.town, cast.branch, cast.sister, cast.neighbour]
    _people(cast, dice)
    _rules(cast, dice)
    for number in range(40):
        _verdict(cast, dice, number)
    done: dict[date, set[tuple[int, str]]] = {}
    for day in days(FIRST, MANY):
        _some_get_done(dice)
        done[day] = {(one.organisation_id, _key(one)) for one in _all() if one.status in ("met", "late", "exempt")}
        for _ in range(dice.choice([1, 1, 2])):
            on(day, hour=dice.choice([9, 12, 17]))
    rows = told()
    _nobody_twice(rows)
    _nobody_else(rows)
    assert not [one for one in rows if (one.organisation_id, one.key) in done[one.on]]
    for place in places:
        _nothing_left_out(place.path, [one for one in rows if one.organisation_id == place.pk], place.pk)


def _nobody_twice(rows: list[Reminder]) -> None:
    a_day = Counter((one.user_id, one.organisation_id, one.kind, one.key, one.on) for one in rows)
    assert not [key for key, many in a_day.items() if many > 1]
    overdue = Counter((one.user_id, one.organisation_id, one.key) for one in rows if one.kind == Kind.OVERDUE)
    assert not [key for key, many in overdue.items() if many > 1]
    digests = Counter(Digest.objects.values_list("user", "on"))
    assert not [key for key, many in digests.items() if many > 1]
    assert {one.digest_id for one in rows} == set(Digest.objects.values_list("pk", flat=True))  # none is empty
    sooner: dict[tuple[int, int, str], int] = {}
    for one in rows:
        if one.kind == Kind.CLOSING:
            key = (one.user_id, one.organisation_id, one.key)
            assert one.step < sooner.get(key, 99)
            sooner[key] = one.step


def _nobody_else(rows: list[Reminder]) -> None:
    """Only who holds a post that does the work there, by the rule of that place, or stands in for one."""
    book = Rules()
    for one in rows:
        kept = book.of(one.organisation.path)
        posts = Post.objects.unscoped("t").filter(organisation=one.organisation, role=one.role)
        lent = StandIn.objects.unscoped("t").filter(post__in=posts, starts_on__lte=one.on, ends_on__gte=one.on)
        own = posts.filter(user=one.user).exclude(pk__in=lent.values("post")).exists()
        assert own or lent.filter(user=one.user).exists()
        assert one.role in kept.roles and kept.active and (kept.rest_days or is_working(one.on))
        assert one.kind not in ReminderWish.objects.get(user=one.user).muted and one.user.is_active


def _nothing_left_out(path: str, rows: list[Reminder], place: int) -> None:
    """Who hears of everything heard before the last day of each open duty, or that it ran out."""
    kept = Rules().of(path)
    posts = Post.objects.unscoped("t").filter(organisation=place, role__in=kept.roles)
    quiet = [one.user_id for one in ReminderWish.objects.all() if one.muted]
    listening = posts.exclude(user__in=quiet).exclude(stand_ins__isnull=False).filter(user__is_active=True)
    users = set(listening.values_list("user", flat=True)) if kept.active else set()
    last = FIRST + timedelta(days=MANY - 1)
    for one in _all().filter(organisation=place, status="open", strength="hard"):
        heard = {(row.user_id, row.kind) for row in rows if row.key == _key(one)}
        after = days(one.deadline + timedelta(days=1), max(0, (last - one.deadline).days))
        if any(is_working(day) for day in after if day >= FIRST) and one.deadline >= FIRST - FRESH:
            assert not [user for user in users if (user, Kind.OVERDUE) not in heard]
        if kept.days and one.starts_on <= FIRST <= one.ends_on <= last:
            assert not [user for user in users if (user, Kind.CLOSING) not in heard]


def _people(cast: Cast, dice: Random) -> None:
    for number in range(8):
        user, _ = register(username=f"p{number}", name=f"p{number}", password="支部-pass-1")
        for place in dice.sample([cast.town, cast.branch, cast.sister, cast.neighbour], dice.choice([1, 1, 2])):
            appoint(
                by=system_scope(), user=user, organisation=place, role=dice.choice(ROLES), starts_on=date(2020, 1, 1)
            )
    for user in User.objects.all():
        ReminderWish.objects.create(user=user, muted=dice.choice([[], [], [], ["closing"], ["overdue", "returned"]]))
    for post in dice.sample(list(Post.objects.unscoped("t").order_by("pk")), 3):
        other = dice.choice(list(User.objects.exclude(pk=post.user_id).order_by("pk")))
        first = FIRST + timedelta(days=dice.randrange(MANY))
        StandIn.objects.create(post=post, user=other, starts_on=first, ends_on=first + timedelta(days=3), reason="x")
    User.objects.filter(username=f"p{dice.randrange(8)}").update(is_active=False)


def _rules(cast: Cast, dice: Random) -> None:
    for place in dice.sample([cast.county, cast.town, cast.other_town, cast.branch], dice.randrange(4)):
        rule(
            place, active=dice.random() < 0.8, days=sorted(dice.sample(range(1, 15), dice.randrange(4)), reverse=True),
            roles=dice.sample(["secretary", "deputy", "committee_member"], dice.randint(1, 3)),
            rest_days=dice.random() < 0.3,
        )  # fmt: skip


def _verdict(cast: Cast, dice: Random, number: int) -> None:
    ends = FIRST + timedelta(days=dice.randrange(-20, MANY + 10))
    verdict(
        dice.choice([cast.county, cast.town, cast.branch, cast.sister, cast.neighbour]), rule=f"r{number}",
        status=dice.choice(STATUSES), strength=dice.choice(["hard", "hard", "soft", "may"]),
        starts_on=ends - timedelta(days=dice.randrange(60)), ends_on=ends,
        deadline=ends + timedelta(days=dice.choice([0, 0, 3, 10])),
    )  # fmt: skip


def _some_get_done(dice: Random) -> None:
    for one in _all():
        if one.status != "met" and dice.random() < 0.03:
            one.status = "met"
            one.save()


def _all():
    return Verdict.objects.unscoped("t").order_by("pk")


def _key(one: Verdict) -> str:
    return f"{one.rulebook}/{one.rule}/{one.period}"
