"""What a click costs in a province: milliseconds from the request to the answer, everything moved and committed.

DATABASE_URL=sqlite:////tmp/click/p.sqlite3 python benchmarks/click.py [ROUNDS]

The database is made by click_province.py. Each request goes through the whole site (sessions, posts, forms, audit).
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

os.environ.setdefault("ZHIBU_HOME", "/tmp/click/home")
os.environ.setdefault("ZHIBU_TODAY", "2026-11-21")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.testing")

import django

django.setup()

from django.db import connection, transaction
from django.test import Client

from zhibu.web.access.models import Post
from zhibu.web.core.announce import facts_changed
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.regulations.models import Waiver

WHY = "measuring"
TODAY = date(2026, 11, 21)
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


@transaction.atomic
def waive(place: int) -> None:
    Waiver.objects.create(
        organisation_id=place, rule="branch-life/theme-day", starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30),
        reason="抗洪抢险",
    )  # fmt: skip
    facts_changed({place})


@transaction.atomic
def leave(place: int) -> None:
    member = Member.objects.unscoped(WHY).filter(organisation=place, left_on=None).first()
    member.left_on = TODAY
    member.save()
    facts_changed({place})


@transaction.atomic
def post(place: int, dice: Random) -> None:
    day = TODAY - timedelta(dice.randrange(1000))
    Organisation.objects.unscoped(WHY).filter(pk=place).update(secretary_since=day, elected_on=day)
    facts_changed({place})


def main(rounds: int) -> None:
    dice = Random(5)
    posts = list(Post.objects.select_related("user").order_by("pk"))
    dice.shuffle(posts)
    for n, held in enumerate(posts[: rounds + 1]):
        client = Client()
        client.force_login(held.user, backend="django.contrib.auth.backends.ModelBackend")
        visit(client, held.organisation_id, f"k{n}-{time.time_ns()}", dice)
        if n == 0:
            took.clear()  # the first reads the rulebooks
    report(rounds)


def visit(client: Client, place: int, key: str, dice: Random) -> None:
    number = record(client, dice, key)
    edit(client, number, dice)
    withdraw(client, number)
    clocked("waiver", lambda: waive(place))
    clocked("member leaves", lambda: leave(place))
    clocked("post or term", lambda: post(place, dice))
    clocked("branch page", lambda: client.get("/o/", follow=True))
    clocked("month page", lambda: client.get("/duties/month/"))


def report(rounds: int) -> None:
    print(f"{connection.vendor}, {rounds} rounds, ms")
    print(f"{'':32} {'median':>8} {'p95':>8} {'worst':>8}")
    for what, times in took.items():
        times.sort()
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        print(f"{what:32} {times[len(times) // 2]:8.1f} {p95:8.1f} {times[-1]:8.1f}")


if __name__ == "__main__":
    main(*[int(word) for word in [*sys.argv[1:], *["40"][len(sys.argv) - 1 :]]])
