"""The cast: a small county, and an owner, a colleague above, a neighbour outside. Every page says what each gets.

云岭县委（county）
├── 大营镇党委（town）      ├── 石门镇党委（other_town）
│   ├── 槐树村党支部（branch）     └── 柳树村党支部（neighbour）
│   └── 龙泉村党支部（sister）
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post
from zhibu.web.access.queries import posts_on, scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.core.tests.replay import replayed
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation, Sector

AtOnce = Callable[..., list[Any]]
TODAY = date(2026, 11, 21)
ROLES = ("officer", "committee_officer", "secretary", "leader", "member", "auditor")


@dataclass
class Cast:
    county: Organisation
    town: Organisation
    branch: Organisation
    sister: Organisation
    other_town: Organisation
    neighbour: Organisation
    posts: dict[str, Post] = field(default_factory=dict)

    def scope(self, who: str) -> Scope:
        """The scope of `who`: a role, or `neighbour` (the secretary of the branch outside)."""
        post = self.posts[who]
        return next(scope_of(held, TODAY) for held in posts_on(post.user_id, TODAY) if held.pk == post.pk)

    def client(self, who: str) -> Client:
        client = Client()
        enter(client, self.posts[who].user)
        return client


def enter(client: Client, user: User) -> None:
    """Sign in as after a password and a second factor, which some roles must show, a moment ago."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["strong"], session["fresh_at"] = True, clock.now().isoformat()
    session.save()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZHIBU_TODAY", TODAY.isoformat())
    yield


@pytest.fixture
def cast(db: None) -> Cast:
    """The small county with its posts; 8 members in each branch, no records yet."""
    return replayed(plant_cast)


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast with published rulebooks and a year of records (`pipeline/tests/year.py`), evaluated once per module.

    What a test changes is rolled back after it; the year itself, after the last test of the module.
    """
    from zhibu.web.pipeline.tests.year import write_year

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setenv("ZHIBU_TODAY", TODAY.isoformat())
        people = plant_cast()
        write_year(people)
        yield people
        transaction.set_rollback(True)


def plant_cast() -> Cast:
    county = _plant(None, "中共云岭县委员会", Kind.COMMITTEE, Sector.ORGAN)
    town = _plant(county, "中共云岭县大营镇委员会", Kind.COMMITTEE, Sector.TOWNSHIP)
    other = _plant(county, "中共云岭县石门镇委员会", Kind.COMMITTEE, Sector.TOWNSHIP)
    people = Cast(
        county=county,
        town=town,
        branch=_plant(town, "大营镇槐树村党支部", Kind.BRANCH, Sector.VILLAGE),
        sister=_plant(town, "大营镇龙泉村党支部", Kind.BRANCH, Sector.VILLAGE),
        other_town=other,
        neighbour=_plant(other, "石门镇柳树村党支部", Kind.BRANCH, Sector.VILLAGE),
    )
    for branch in (people.branch, people.sister, people.neighbour):
        _fill(branch)
    _appoint(people)
    return people


def _plant(parent: Organisation | None, name: str, kind: Kind, sector: Sector) -> Organisation:
    number = Organisation.objects.unscoped("numbering of the cast").count() + 1
    return tree.plant(
        parent=parent,
        code=f"T{number:03d}",
        name=name,
        kind=kind,
        sector=sector,
        founded_on=date(2010, 1, 1),
        term_ends_on=date(2028, 6, 30),
        phone="0999-5551234",
    )


def _fill(branch: Organisation) -> None:
    for number in range(8):
        Member.objects.create(
            organisation=branch,
            name=f"党员{branch.pk}{number}",
            id_number=f"99000119800101{(branch.pk * 8 + number) % 10_000:04d}",
            born_on=date(1980, 1, 1),
            kind="full",
            joined_on=date(2005, 7, 1),
            full_on=date(2006, 7, 1),
            phone=f"1399999{(branch.pk * 8 + number) % 10_000:04d}",
        )


def _appoint(cast: Cast) -> None:
    places = {
        "officer": cast.county,
        "committee_officer": cast.town,
        "secretary": cast.branch,
        "leader": cast.county,
        "member": cast.branch,
        "auditor": cast.county,
        "neighbour": cast.neighbour,
    }
    for who, place in places.items():
        user, _ = register(username=who, name=who, password="支部-pass-1")
        role = "secretary" if who == "neighbour" else who
        points = [cast.branch] if who == "leader" else []
        cast.posts[who] = appoint(
            by=system_scope(), user=user, organisation=place, role=role, starts_on=date(2020, 1, 1), points=points
        )


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path) -> Iterator[AtOnce]:
    """Threads that write at once need a real database: an in-memory SQLite belongs to one thread.

    `at_once(one, two, …)` runs the functions in threads of their own, started together; gives what they return.

    On SQLite they see a file copied from the test's database, with the options of production; an exception is
    returned like a value.
    """
    copied = connection.vendor == "sqlite"
    name, path = connection.settings_dict["NAME"], tmp_path / "together.sqlite3"
    copies: list[bool] = []

    def run(*functions: Callable[[], Any]) -> list[Any]:
        if copied and not copies:
            connection.ensure_connection()
            with sqlite3.connect(path) as target:
                connection.connection.backup(target)
            target.close()
            connection.settings_dict["NAME"] = str(path)
            copies.append(True)
        return _threads(functions)

    yield run
    connection.settings_dict["NAME"] = name


def _threads(functions: tuple[Callable[[], Any], ...]) -> list[Any]:
    ends: list[Any] = [None] * len(functions)
    gate = threading.Barrier(len(functions))

    def one(place: int) -> None:
        try:
            gate.wait()
            ends[place] = functions[place]()
        except Exception as error:
            ends[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
