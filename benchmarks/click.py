"""What a click costs in a province: milliseconds from the request to the answer, everything moved and committed.

DATABASE_URL=sqlite:///var/click.sqlite3 python benchmarks/click.py [ROUNDS]

The database is made by click_province.py. Each request goes through the whole site (sessions, posts, forms, audit).
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

os.environ.setdefault("ZHIBU_HOME", "var/click")
os.environ.setdefault("ZHIBU_TODAY", "2026-11-21")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
import django

django.setup()
gc.freeze()  # as config/wsgi.py does

from django.db import connection
from django.test import Client

from zhibu.web.access.models import Post
from zhibu.web.access.queries import system_scope
from zhibu.web.members import actions as people
from zhibu.web.members.models import Member
from zhibu.web.organisations import actions as organisations
from zhibu.web.organisations import lifecycle
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.regulations import waivers

WHY = "measuring"
TODAY = date(2026, 11, 21)
PAPER = "云组〔2026〕9号"
took: dict[str, list[float]] = defaultdict(list)


def clocked(what: str, do: Callable[[], object]) -> object:
    cpu, wall = time.process_time(), time.perf_counter()
    answer = do()
    took[what].append((time.perf_counter() - wall) * 1000)
    took[f"{what} (CPU)"].append((time.process_time() - cpu) * 1000)
    return answer


def record(client: Client, dice: Random, key: str) -> str:
    held = TODAY - timedelta(dice.choice([0, 1, 5, 40]))
    typed = {
        "key": key, "types": dice.sample(["theme_day", "study", "committee_meeting", "party_lecture"], 2),
        "held_on": held.isoformat(), "rest": "present", "do": "check", "content": "学习文件，讨论工作安排。",
    }  # fmt: skip
    answer = clocked("record, form to draft", lambda: client.post("/records/new/", typed))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    check = answer.headers["Location"]
    answer = clocked("record, submit", lambda: client.post(check))
    assert answer.status_code == 302
    clocked("record, receipt page", lambda: client.get(answer.headers["Location"]))
    return answer.headers["Location"].split("/")[2]


def edit(client: Client, number: str, dice: Random) -> None:
    row = Record.objects.unscoped(WHY).get(number=number)
    kinds = ["general_meeting", "discussion", *row.types]
    typed = {
        "types": kinds, "held_on": row.held_on.isoformat(), "rest": "present", "version": row.version, "do": "sure",
        "content": row.content,
    }  # fmt: skip
    answer = clocked("record, edit", lambda: client.post(f"/records/{number}/edit/", typed))
    assert answer.status_code == 302, answer.content.decode()[:3000]


def withdraw(client: Client, number: str) -> None:
    answer = clocked("record, withdraw", lambda: client.post(f"/records/{number}/withdraw/", {"reason": "记错了"}))
    assert answer.status_code == 302


def at_the_desk(place: Organisation, elsewhere: Organisation, town: Organisation, dice: Random) -> None:
    """What a county office enters. These have no pages of their own yet: the actions, with their audit lines."""
    by, day = system_scope(), TODAY - timedelta(dice.randrange(1000))
    days = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 6, 30)}
    given = {"rule": "branch-life/theme-day", "reason": "抗洪抢险", **days}
    waiver = clocked("waiver", lambda: waivers.grant(by=by, organisation=place, **given))
    clocked("waiver withdrawn", lambda: waivers.withdraw(by=by, waiver=waiver))
    members = Member.objects.unscoped(WHY).filter(organisation=place, left_on=None)
    if one := members.first():
        clocked("member goes over", lambda: people.transfer(by=by, member=one, to=elsewhere, on=TODAY))
        clocked("member leaves", lambda: people.leave(by=by, member=one, on=TODAY))
    fields = {"secretary_since": day, "elected_on": day}
    clocked("post and term", lambda: organisations.change(by=by, organisation=place, fields=fields))
    clocked("branch moves", lambda: lifecycle.move(by=by, organisation=place, to=town, on=TODAY, document=PAPER))


def town_moves(counties: list[Organisation], towns: list[Organisation], dice: Random) -> None:
    """A subtree of a hundred organisations."""
    town, county = dice.choice(towns), dice.choice(counties)
    clocked(
        "town moves (100 below)",
        lambda: lifecycle.move(by=system_scope(), organisation=town, to=county, on=TODAY, document=PAPER),
    )


def main(rounds: int) -> None:
    dice, everyone = Random(), Organisation.objects.unscoped(WHY)
    posts = list(Post.objects.unscoped(WHY).select_related("user", "organisation"))
    counties, towns = list(everyone.filter(depth=3)), list(everyone.filter(depth=4))
    for n in range(rounds + 1):
        held, other = dice.sample(posts, 2)
        client = Client()
        client.force_login(held.user, backend="django.contrib.auth.backends.ModelBackend")
        number = record(client, dice, f"k{n}-{time.time_ns()}")
        edit(client, number, dice)
        withdraw(client, number)
        at_the_desk(held.organisation, other.organisation, dice.choice(towns), dice)
        town_moves(counties, towns, dice)
        clocked("branch page", lambda: client.get("/o/", follow=True))  # noqa: B023
        clocked("month page", lambda: client.get("/duties/month/"))  # noqa: B023
        if n == 0:
            took.clear()  # the first reads the rulebooks and loads the pages
    report(rounds)


def report(rounds: int) -> None:
    print(f"{connection.vendor}, {rounds} rounds, ms")
    print(f"{'':32} {'median':>8} {'p95':>8} {'worst':>8}")
    for what, times in took.items():
        times.sort()
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        print(f"{what:32} {times[len(times) // 2]:8.1f} {p95:8.1f} {times[-1]:8.1f}")


if __name__ == "__main__":
    main(*[int(word) for word in [*sys.argv[1:], *["40"][len(sys.argv) - 1 :]]])
