"""A made-up province in a database: 200,000 branches under counties and towns, all tables as a full run leaves them.

DATABASE_URL=sqlite:///var/click.sqlite3 python benchmarks/click_province.py [BRANCHES] [PATTERNS]

PATTERNS branches and all committees are planted, filled and evaluated by the product itself; every other branch is a
copy of one of them in all tables, by SQL. So the state is that of a full run, and building takes minutes, not hours.
Synthetic people only.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random

os.environ.setdefault("ZHIBU_HOME", "var/click")
os.environ.setdefault("ZHIBU_TODAY", "2026-11-21")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")

import django

django.setup()

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from zhibu.web.access.models import Post, Role
from zhibu.web.accounts.models import User
from zhibu.web.assessment.models import Proposal, Score
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.pipeline import rows
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.pipeline.keep import insert
from zhibu.web.records.models import Record
from zhibu.web.regulations.actions import publish

TODAY = date(2026, 11, 21)
WHY = "building a province for measuring"
CITIES, COUNTIES, TOWNS = 14, 130, 2000
SECTORS = (
    ["village"] * 9 + ["community"] * 3 + ["organ"] * 2 + ["school", "npe", "npe", "soe", "institution", "social_org"]
)
TYPES = ("theme_day", "committee_meeting", "study", "preparation", "general_meeting", "party_lecture", "discussion")
MEMBERS, SECRETARIES = 8, 400


def put_in(model: type, made: list) -> None:
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    insert(model, [{name: getattr(one, name) for name in names} for one in made])


def say(what: str, since: float) -> None:
    print(f"{what:32} {time.perf_counter() - since:7.1f} s", flush=True)


def organisation(number: int, name: str, kind: Kind, sector: str, dice: Random) -> Organisation:
    return Organisation(
        code=f"B{number:06d}",
        name=name,
        short_name=name,
        initials="x",
        kind=kind,
        sector=sector,
        founded_on=date(2010, 1, 1) + timedelta(dice.randrange(3000)),
        elected_on=date(2024, 3, 1),
        term_years=3,
        term_ends_on=date(2026, 6, 1) + timedelta(dice.randrange(900)),
        committee_size=dice.choice([3, 3, 5]),
        groups=2,
        secretary_name="某某",
        secretary_since=date(2020, 1, 1) + timedelta(dice.randrange(2500)),
        phone="0999-5551234",
    )


def plant(branches: int, patterns: int) -> None:
    """Committees first; the first PATTERNS branches are the patterns, branch n is a copy of n modulo PATTERNS."""
    dice, numbers, nodes = Random(1), count(1), []

    def add(name: str, kind: Kind, sector: str, above: Organisation | None) -> Organisation:
        node = organisation(next(numbers), name, kind, sector, dice)
        nodes.append((node, above))
        return node

    top = add("某省委", Kind.COMMITTEE, Sector.ORGAN, None)
    cities = [add(f"第{n}市委", Kind.COMMITTEE, Sector.ORGAN, top) for n in range(CITIES)]
    counties = [add(f"第{n}县委", Kind.COMMITTEE, Sector.ORGAN, cities[n % CITIES]) for n in range(COUNTIES)]
    towns = [add(f"第{n}镇党委", Kind.COMMITTEE, Sector.TOWNSHIP, counties[n % COUNTIES]) for n in range(TOWNS)]
    general = [add(f"第{n}总支", Kind.GENERAL_BRANCH, Sector.COMMUNITY, towns[n]) for n in range(0, TOWNS, 2)]
    own = [organisation(0, "", Kind.BRANCH, dice.choice(SECTORS), dice) for _ in range(patterns)]
    for n in range(branches):
        above = general[n % len(general)] if n % 5 == 0 else towns[n % TOWNS]
        node = add(f"第{n}党支部", Kind.BRANCH, own[n % patterns].sector, above)
        for name in ("founded_on", "elected_on", "term_ends_on", "committee_size", "secretary_since"):
            setattr(node, name, getattr(own[n % patterns], name))
    with transaction.atomic():
        tree.plant_many(nodes)


def people(places: Iterable[Organisation]) -> Iterator[Member]:
    for place in places:
        for n in range(MEMBERS):
            yield Member(
                organisation=place,
                name="某某",
                initials="mm",
                id_number=f"99{place.pk:010d}{n:02d}",
                born_on=date(1980, 1, 1),
                kind="full",
                joined_on=date(2005, 7, 1),
                full_on=date(2006, 7, 1),
                phone="13999990000",
            )


def records(place: Organisation, dice: Random) -> Iterator[Record]:
    """What a branch of middling zeal wrote down in two years: about 55 activities."""
    zeal, number = dice.choice([0.5, 0.8, 0.9, 0.95, 1.0]), count(1)
    for month in range(23):
        first = date(2025 + month // 12, month % 12 + 1, 1)
        kinds = [kind for kind in TYPES[: 4 if month % 3 else 7] if dice.random() < zeal]
        while kinds:
            taken = [kinds.pop() for _ in range(min(len(kinds), dice.choice([1, 2, 3])))]
            held = first + timedelta(dice.randrange(20))
            entered = min(TODAY, held + timedelta(dice.choice([0, 0, 1, 3, 30])))
            if held <= TODAY:
                yield Record(
                    number=f"{place.code}-{next(number):03d}",
                    organisation=place,
                    types=taken,
                    topic=dice.choice(["", "防汛", "乡村振兴"]),
                    held_on=held,
                    recorded_on=entered,
                    recorded_at=f"{entered}T08:00:00Z",
                    expected=MEMBERS,
                    present=dice.randint(3, MEMBERS),
                    content="学习文件，讨论工作安排。",
                )


# --- copies by SQL ------------------------------------------------------------------------------------------------


def columns(model: type) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if not field.primary_key]


def copy(model: type, where: str = "", **changed: str) -> None:
    """One row for every row of a pattern and every copy of it; `changed`: column → SQL over s (row), c (copy)."""
    table, names = model._meta.db_table, columns(model)
    exprs = [changed.get(name, "c.org" if name == "organisation_id" else f"s.{quoted(name)}") for name in names]
    sql = f"""INSERT INTO {table} ({", ".join(map(quoted, names))})
        SELECT {", ".join(exprs)} FROM copies c
        JOIN {table} s ON s.organisation_id = c.pattern {where} ORDER BY c.org"""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def name_copies(patterns: list[tuple[int, str]], everyone: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE copies (org integer PRIMARY KEY, code text, pattern integer, model text)")
        rows = [(pk, code, *patterns[n % len(patterns)]) for n, (pk, code) in enumerate(everyone) if n >= len(patterns)]
        cursor.executemany("INSERT INTO copies VALUES (%s, %s, %s, %s)", rows)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE copies")


class Bare:
    """Without secondary indexes and constraints while rows pour in; they come back as the schema editor makes them."""

    def __init__(self, *models: type):
        self.models = models

    def _listed(self, tables: list[str]) -> tuple[str, list]:
        """The query that names the indexes of the tables, and its parameters."""
        if connection.vendor == "sqlite":
            marks = ", ".join("%s" for _ in tables)
            where = f"type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"
            return f"SELECT name, sql FROM sqlite_master WHERE {where}", tables
        where = "tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        return f"SELECT indexname, indexdef FROM pg_indexes WHERE {where}", [tables]

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(*self._listed([model._meta.db_table for model in self.models]))
            self.indexes = cursor.fetchall()
            for name, _ in self.indexes:
                cursor.execute(f'DROP INDEX "{name}"')

    def __exit__(self, *error: object) -> None:
        with connection.cursor() as cursor:
            for _, sql in self.indexes:
                cursor.execute(sql)


def tallies_of_committees(year: int, patterns: list[int], branches: list[tuple[int, str]]) -> Iterator[Tally]:
    """Σ over the subtree: per committee the number of branches of each pattern, times the pattern's cells."""
    inner = list(Organisation.objects.unscoped(WHY).exclude(kind=Kind.BRANCH).values_list("pk", "path"))
    at = {path: place for place, (_, path) in enumerate(inner)}
    how_many = np.zeros((len(inner), len(patterns)), np.int64)
    for n, (_, path) in enumerate(branches):
        for above in tree.ancestor_paths(path):
            how_many[at[above], n % len(patterns)] += 1
    cells, matrix = {}, {}
    place_of = {pk: place for place, pk in enumerate(patterns)}
    found = Verdict.objects.unscoped(WHY).filter(year=year, organisation__in=[*patterns, *(pk for pk, _ in inner)])
    own: dict[tuple, np.ndarray] = {}
    paths = dict(inner)
    statuses = list(rows.STATUSES)
    for pk, *cell, status in found.values_list("organisation_id", "rulebook", "rule", "period", "ends_on", "status"):
        key = tuple(cell)
        if pk in place_of:
            matrix.setdefault(key, np.zeros((len(patterns), 6), np.int64))[place_of[pk], statuses.index(status)] += 1
        else:
            for path in (*tree.ancestor_paths(paths[pk]), paths[pk]):
                own.setdefault((at[path], key), np.zeros(6, np.int64))[statuses.index(status)] += 1
    for key, wide in matrix.items():
        cells[key] = how_many @ wide
    for key in {*cells, *(key for _, key in own)}:
        for place, (pk, _) in enumerate(inner):
            numbers = own.get((place, key), 0) + (cells[key][place] if key in cells else np.zeros(6, np.int64))
            if np.any(numbers):
                rulebook, rule, period, ends_on = key
                yield Tally(
                    organisation_id=pk, year=year, rulebook=rulebook, rule=rule, period=period, ends_on=ends_on,
                    **dict(zip(statuses, map(int, numbers), strict=True)),
                )  # fmt: skip


def main(branches: int, patterns: int) -> None:
    since = time.perf_counter()
    Path(os.environ["ZHIBU_HOME"]).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    plant(branches, patterns)
    say("tree", since)
    everyone = Organisation.objects.unscoped(WHY)
    all_branches = list(everyone.filter(kind=Kind.BRANCH).order_by("code").values_list("pk", "code", "path"))
    codes = [(pk, code) for pk, code, _ in all_branches]
    copies_of = codes[:patterns]
    models = list(everyone.filter(pk__in=[pk for pk, _ in copies_of]).order_by("code"))
    dice = Random(2)
    rest = [pk for pk, _ in codes[patterns:]]
    with transaction.atomic():
        put_in(Member, list(people(models)))
        put_in(Record, [one for place in models for one in records(place, dice)])
        everyone.filter(pk__in=rest[:0])
    # Hidden while the patterns are evaluated, so that the run is of the size of a county.
    hide(codes[patterns:])
    refresh()
    show(codes[patterns:])
    say("patterns evaluated", since)
    name_copies(copies_of, codes)
    with Bare(Member, Record, Verdict, Tally, Score, Proposal):
        fill(since)
        years = sorted(set(Score.objects.unscoped(WHY).values_list("year", flat=True)))
        Tally.objects.unscoped(WHY).filter(
            organisation__in=[pk for pk, path in everyone.exclude(kind=Kind.BRANCH).values_list("pk", "path")]
        ).delete()
        for year in years:
            with transaction.atomic():
                put_in(
                    Tally,
                    list(
                        tallies_of_committees(
                            year, [pk for pk, _ in copies_of], [(pk, path) for pk, _, path in all_branches]
                        )
                    ),
                )
        say("tallies of committees", since)
        rank()
    say("indexes", since)
    secretaries(codes)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE copies")
        cursor.execute("ANALYZE")
    for model in (Organisation, Member, Record, Verdict, Tally, Score, Proposal):
        print(f"{model.__name__:14} {model._base_manager.count():>12,}")
    say("done", since)


def fill(since: float) -> None:
    for model, changed in (
        # Copies keep the sealed texts of their models, which open in no other row: numbers are not measured here.
        (Member, {"id_digest": "'copy:' || c.code || ':' || s.id", "row_key": _row_key()}),
        (Record, {"number": "replace(s.number, c.model, c.code)"}),
        (Verdict, {"evidence": _json("replace(CAST(s.evidence AS text), c.model, c.code)")}),
        (Tally, {}), (Score, {}), (Proposal, {}),
    ):  # fmt: skip
        with transaction.atomic():
            copy(model, **changed)
        say(f"copies of {model.__name__}", since)


def _row_key() -> str:
    return "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"


def _json(expr: str) -> str:
    return f"CAST({expr} AS jsonb)" if connection.vendor == "postgresql" else expr


def hide(rows_: list[tuple[int, str]]) -> None:
    """Out of the engine's sight: `facts` reads all organisations, so these are taken out for a moment."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE TABLE hidden AS SELECT * FROM organisations_organisation WHERE id >= %s", [rows_[0][0]])
        cursor.execute("DELETE FROM organisations_organisation WHERE id >= %s", [rows_[0][0]])


def show(rows_: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("INSERT INTO organisations_organisation SELECT * FROM hidden ORDER BY id")
        cursor.execute("DROP TABLE hidden")


def rank() -> None:
    """Ranks follow from how many have the same total."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessment_tie")
        cursor.execute(
            """INSERT INTO assessment_tie (year, peer_group, cents, count)
            SELECT year, peer_group, CAST(round(total * 100) AS integer), count(*) FROM assessment_score
            GROUP BY 1, 2, 3"""
        )


def secretaries(codes: list[tuple[int, str]]) -> None:
    """One secretary for each of so many branches all over the province."""
    step = max(1, len(codes) // SECRETARIES)
    for pk, code in codes[::step]:
        user = User(username=code, name=code)
        user.set_unusable_password()
        user.save()
        Post.objects.create(user=user, organisation_id=pk, role=Role.SECRETARY, starts_on=date(2020, 1, 1))


if __name__ == "__main__":
    main(*[int(word) for word in [*sys.argv[1:], *["200000", "1000"][len(sys.argv) - 1 :]]])
