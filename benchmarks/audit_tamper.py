"""Tampers with the audit log as the owner of the database, again and again, and asks the verifier each time.

    python benchmarks/audit_tamper.py --times 1000            # SQLite in a temporary folder, or DATABASE_URL

Every tampering must be found, and its first bad row named. What each does and what must be said is in `KINDS`. The
triggers are taken away first: they stop the application, not an owner. Each trial is rolled back.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = ("提交活动记录", "登录", "导出党员名册", "改活动记录", "任命", "缓办", "看了一条记录")


@dataclass(frozen=True)
class Trial:
    """`numbers` and `lines`: what the first finding may name, as a place in the chain or as a line."""

    kind: str
    numbers: frozenset[int] = frozenset()
    lines: frozenset[int] = frozenset()


class Log:
    """A log of `count` lines, sealed in a few batches, with checkpoints of its own and one the superior holds."""

    def __init__(self, count: int, seed: int):
        from zhibu.web.audit import guard
        from zhibu.web.audit.chain import checkpoints, keys, sealing
        from zhibu.web.audit.models import Checkpoint

        self.count, self.random = count, random.Random(seed)
        for part in range(4):
            grow(count // 4, START + timedelta(days=part), self.random)
            sealing.seal_all(everything=True)
            checkpoints.make()
        guard.remove()
        self.held = [checkpoints.read(one.text, keys.public()) for one in Checkpoint.objects.order_by("count")]
        self.ids = list(rows("SELECT line_id FROM audit_seal ORDER BY number"))

    def anywhere(self) -> int:
        return self.random.randint(1, self.count)

    def id(self, number: int) -> int:
        return self.ids[number - 1][0]


def grow(count: int, start: datetime, chance: random.Random) -> None:
    """Lines as the application writes them: with and without a person, a place, values."""
    from zhibu.web.accounts.models import User
    from zhibu.web.audit.models import Line

    users = [User.objects.get_or_create(username=f"u{one}", defaults={"name": f"人{one}"})[0].pk for one in range(5)]
    lines = [
        Line(
            at=start + timedelta(seconds=number, microseconds=chance.randrange(1_000_000)),
            happened_on=(start - timedelta(days=chance.randrange(9))).date() if chance.random() < 0.6 else None,
            user_id=chance.choice([*users, None]), post_id_then=chance.choice([None, 7, 8]),
            post_title=chance.choice(["大营镇槐树村党支部·书记", "系统"]), acting_for=chance.choice(["", "张三"]),
            address=f"10.0.0.{chance.randrange(250)}", device=chance.choice(["", "Chrome 130, Windows"]),
            action=chance.choice(["records.submit", "accounts.sign_in"]), outcome=chance.choice(["done", "denied"]),
            sentence=f"{chance.choice(WORDS)} {number}", thing="records.record", thing_id=str(number),
            organisation_id_then=chance.choice([None, 3]), organisation_name=chance.choice(["", "槐树村党支部"]),
            organisation_path=chance.choice(["", "000100010001"]),
            old=chance.choice([None, {"topic": "旧题", "present": 7}]),
            new=chance.choice([None, {"topic": "新题", "share": 0.25, "kinds": ["a", "b"], "who": {"7": "leave"}}]),
        )
        for number in range(count)
    ]  # fmt: skip
    Line.objects.bulk_create(lines, batch_size=500)


# --- the database, by hand ------------------------------------------------------------------------------------------


def run(sql: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def rows(sql: str, *values: Any) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def renumber(first: int, by: int) -> None:
    """Two steps, for numbers are unique."""
    run("UPDATE audit_seal SET number = -(number + %s) WHERE number >= %s", by, first)
    run("UPDATE audit_seal SET number = -number WHERE number < 0")


# --- the tamperings -------------------------------------------------------------------------------------------------

EDITS: dict[str, Callable[[Any], Any]] = {
    "at": lambda at: (at if isinstance(at, datetime) else datetime.fromisoformat(at)) + timedelta(microseconds=1),
    "happened_on": lambda day: "2026-01-01",
    "post_id_then": lambda post: (post or 0) + 1,
    "post_title": lambda title: f"{title}。",
    "acting_for": lambda name: f"{name}李",
    "address": lambda address: f"{address}0",
    "device": lambda device: f"{device} ",
    "action": lambda action: action.upper(),
    "outcome": lambda outcome: "failed",
    "sentence": lambda sentence: sentence[:-1] + chr(ord(sentence[-1]) + 1),
    "thing": lambda thing: "members.member",
    "thing_id": lambda thing_id: f"{thing_id}1",
    "organisation_id_then": lambda place: (place or 0) + 1,
    "organisation_name": lambda name: f"{name}甲",
    "organisation_path": lambda path: f"{path}0001",
    "old": lambda old: '{"topic": "别的"}',
    "new": lambda new: '{"topic": "别的"}',
}


def edit(log: Log) -> Trial:
    number, column = log.anywhere(), log.random.choice(sorted(EDITS))
    cast = "::jsonb" if column in ("old", "new") and vendor() == "postgresql" else ""
    before = rows(f"SELECT {column} FROM audit_line WHERE id = %s", log.id(number))[0][0]
    run(f"UPDATE audit_line SET {column} = %s{cast} WHERE id = %s", EDITS[column](before), log.id(number))
    return Trial(f"edit {column}", frozenset({number}))


def edit_person(log: Log) -> Trial:
    number = log.anywhere()
    mine = rows("SELECT user_id FROM audit_line WHERE id = %s", log.id(number))[0][0]
    run("UPDATE audit_line SET user_id = %s WHERE id = %s", None if mine else 1, log.id(number))
    return Trial("edit user", frozenset({number}))


def edit_seal(log: Log) -> Trial:
    """The digest itself: this row doesn't fit, nor does the next."""
    number = log.anywhere()
    run("UPDATE audit_seal SET hash = %s WHERE number = %s", "ab" * 32, number)
    return Trial("edit seal", frozenset({number}))


def delete_line(log: Log) -> Trial:
    number = log.anywhere()
    run("DELETE FROM audit_line WHERE id = %s", log.id(number))
    return Trial("delete line", frozenset({number}))


def delete_both(log: Log) -> Trial:
    number = log.anywhere()
    run("DELETE FROM audit_line WHERE id = %s", log.id(number))
    run("DELETE FROM audit_seal WHERE number = %s", number)
    return Trial("delete line and seal", frozenset({number}))


def delete_and_close(log: Log) -> Trial:
    """And move all later numbers up, so that none is missing."""
    number = log.anywhere()
    run("DELETE FROM audit_line WHERE id = %s", log.id(number))
    run("DELETE FROM audit_seal WHERE number = %s", number)
    renumber(number + 1, -1)
    return Trial("delete and renumber", frozenset({number}))


def _copied(log: Log, number: int) -> int:
    """A line with the content of another; returns its number in the table."""
    from zhibu.web.audit.chain.canonical import COLUMNS

    columns = ", ".join(COLUMNS[1:])
    run(f"INSERT INTO audit_line ({columns}) SELECT {columns} FROM audit_line WHERE id = %s", log.id(number))
    return rows("SELECT max(id) FROM audit_line")[0][0]


def insert_line(log: Log) -> Trial:
    """A line of an earlier day, without a seal."""
    return Trial("insert line", lines=frozenset({_copied(log, log.random.randint(1, log.count // 2))}))


def insert_sealed(log: Log) -> Trial:
    """… with a seal that is computed as ours are, in the middle, all later numbers moved down."""
    from zhibu.web.audit.chain.canonical import COLUMNS, GENESIS, bodies, digest, moment
    from zhibu.web.audit.chain.rows import raw
    from zhibu.web.audit.models import Line, Seal

    number = log.random.randint(1, log.count)
    made = _copied(log, number)
    before = Seal.objects.get(number=number - 1).hash if number > 1 else GENESIS
    at = Seal.objects.get(number=number).at
    renumber(number, 1)
    line = next(raw(Line.objects.unscoped("trial").filter(pk=made), *COLUMNS))
    body, sealed_at = bodies(list(zip(*line, strict=True)))[0], moment(at)
    Seal.objects.bulk_create(
        [
            Seal(
                number=number,
                line_id=made,
                algorithm="sha256",
                at=at,
                hash=digest("sha256", number, sealed_at, body, before),
            )
        ]
    )
    return Trial("insert line with seal", frozenset({number}))


def swap_seals(log: Log) -> Trial:
    one, other = sorted(log.random.sample(range(1, log.count + 1), 2))
    run("UPDATE audit_seal SET line_id = -1 WHERE number = %s", one)
    run("UPDATE audit_seal SET line_id = %s WHERE number = %s", log.id(one), other)
    run("UPDATE audit_seal SET line_id = %s WHERE number = %s", log.id(other), one)
    return Trial("swap seals", frozenset({one}))


def swap_neighbours(log: Log) -> Trial:
    """Two lines one after the other change places, with everything but their number in the table."""
    one = log.random.randint(1, log.count - 1)
    first, second = log.id(one), log.id(one + 1)
    run("UPDATE audit_line SET id = -1 WHERE id = %s", first)
    run("UPDATE audit_line SET id = %s WHERE id = %s", first, second)
    run("UPDATE audit_line SET id = %s WHERE id = -1", second)
    return Trial("swap lines", frozenset({one}))


def truncate(log: Log) -> Trial:
    """The end is cut off, lines, seals and our own checkpoints; the superior's remain."""
    last = log.random.randint(1, log.count - 1)
    run("DELETE FROM audit_line WHERE id IN (SELECT line_id FROM audit_seal WHERE number > %s)", last)
    run("DELETE FROM audit_seal WHERE number > %s", last)
    run("DELETE FROM audit_checkpoint WHERE count > %s", last)
    return Trial("truncate", frozenset({last + 1}))


KINDS: tuple[Callable[[Log], Trial], ...] = (
    edit, edit_person, edit_seal, delete_line, delete_both, delete_and_close, insert_line, insert_sealed, swap_seals,
    swap_neighbours, truncate,
)  # fmt: skip


def vendor() -> str:
    from django.db import connection

    return connection.vendor


def tried(log: Log, tamper: Callable[[Log], Trial]) -> tuple[Trial, bool, str]:
    """One tampering, judged and rolled back: (what it was, whether its first row was named, what was said)."""
    from django.db import transaction

    from zhibu.web.audit.chain.verifying import verify

    with transaction.atomic():
        trial = tamper(log)
        report = verify(held=log.held)
        first = report.findings[0] if report.findings else None
        transaction.set_rollback(True)
    located = first is not None and (
        first.number in trial.numbers or (first.line is not None and first.line in trial.lines)
    )
    return trial, located, first.words if first else "nothing found"


def tamper(times: int, count: int, seed: int, say: Callable[[str], None] = print) -> Counter[str]:
    """`times` tamperings of a log of `count` lines. Returns how many were located, of which kind; the rest is said."""
    from zhibu.web.audit.chain.verifying import verify

    log = Log(count, seed)
    untouched = verify(held=log.held)
    assert untouched.good, untouched.words
    found: Counter[str] = Counter()
    for number in range(times):
        trial, located, words = tried(log, KINDS[number % len(KINDS)])
        found[trial.kind.split()[0]] += located
        if not located:
            say(f"not located: {trial}: {words}")
    return found


def main() -> int:
    from homes import empty_home  # here, for tests import this file from elsewhere

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with empty_home():
        found = tamper(args.times, args.lines, args.seed)
        print(f"{vendor()}, seed {args.seed}: {found.total()} of {args.times} tamperings located to the row")
        print(", ".join(f"{kind} {count}" for kind, count in sorted(found.items())))
        return 0 if found.total() == args.times else 1


if __name__ == "__main__":
    sys.exit(main())
