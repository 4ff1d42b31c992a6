"""On a real PostgreSQL the site's own role can add to the log and read it, and nothing else (`make test-postgres`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from zhibu.web.audit import archives, guard
from zhibu.web.audit.actions import write
from zhibu.web.audit.chain import checkpoints, sealing
from zhibu.web.audit.chain.verifying import verify
from zhibu.web.audit.models import Line
from zhibu.web.audit.roles import sql
from zhibu.web.conftest import Cast
from zhibu.web.core import clock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="roles are PostgreSQL's: make test-postgres"),
]
NAMES = {"web": "zhibu_web", "worker": "zhibu_worker"}
Ask = Callable[..., list]


def as_role(name: str) -> Iterator[Ask]:
    """A connection of its own, signed in as the role itself: what it can't do, no SET ROLE undoes."""
    given = connection.get_connection_params() | {"user": name}
    wanted = {key: value for key, value in given.items() if key in ("dbname", "host", "port", "user")}
    with psycopg.connect(**wanted, autocommit=True) as link:

        def ask(statement: str, *values: object) -> list:
            cursor = link.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

        yield ask


@pytest.fixture
def roles(cast: Cast, tmp_path: object, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    write(by=cast.scope("secretary"), action="x", sentence="一条", thing=cast.branch, organisation=cast.branch)
    sealing.seal_all(everything=True)
    checkpoints.make()
    with connection.cursor() as cursor:
        cursor.execute(sql(NAMES))
        cursor.execute(sql(NAMES))  # again does no harm


@pytest.fixture
def web(roles: None) -> Iterator[Ask]:
    yield from as_role("zhibu_web")


@pytest.fixture
def worker(roles: None) -> Iterator[Ask]:
    yield from as_role("zhibu_worker")


FORBIDDEN = [
    "UPDATE audit_line SET sentence = 'x'",
    "UPDATE audit_line SET sentence = sentence WHERE false",
    "DELETE FROM audit_line",
    "TRUNCATE audit_line",
    "TRUNCATE audit_line CASCADE",
    "DROP TABLE audit_line",
    "ALTER TABLE audit_line DISABLE TRIGGER ALL",
    "ALTER TABLE audit_line ADD COLUMN x int",
    "DROP TRIGGER audit_line_no_update ON audit_line",
    "CREATE OR REPLACE FUNCTION audit_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    "CREATE TABLE x (y int)",
    "SET session_replication_role = 'replica'",
    "INSERT INTO audit_seal (number, line_id, algorithm, hash, at) VALUES (9999, 1, 'sha256', 'x', now())",
    "UPDATE audit_seal SET hash = 'x'",
    "DELETE FROM audit_seal",
    "INSERT INTO audit_archive (first, last) VALUES (1, 1)",
    "INSERT INTO audit_checkpoint (count) VALUES (1)",
    "DELETE FROM audit_checkpoint",
    "UPDATE audit_held SET text = 'x'",
    "DELETE FROM django_migrations",
    "COPY audit_line TO PROGRAM 'true'",
    "CREATE ROLE x",
    "GRANT zhibu TO zhibu_web",
    "ALTER ROLE zhibu_web SUPERUSER",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_site_can_change_nothing_of_the_log(web: Ask, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web(statement)


def test_the_site_can_add_and_read(web: Ask) -> None:
    before = web("SELECT count(*) FROM audit_line")[0][0]
    empty = "post_title acting_for address device action sentence thing thing_id organisation_name organisation_path"
    columns = ["at", "outcome", *empty.split()]
    blanks = ["now()", "'done'", *["''"] * len(empty.split())]
    web(f"INSERT INTO audit_line ({', '.join(columns)}) VALUES ({', '.join(blanks)})")
    assert web("SELECT count(*) FROM audit_line")[0][0] == before + 1
    assert web("SELECT number FROM audit_seal ORDER BY number LIMIT 1") == [(1,)]


def test_the_site_does_its_daily_work(web: Ask, cast: Cast) -> None:
    """Everything that is not the log stays in its hands."""
    web("UPDATE organisations_organisation SET short_name = 'x' WHERE id = %s", cast.branch.pk)
    web("DELETE FROM accounts_session")
    web("SELECT pg_advisory_xact_lock_shared(1)")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_line", "DELETE FROM audit_seal", "UPDATE audit_line SET sentence = 'x'",
        "TRUNCATE audit_line", "DELETE FROM audit_checkpoint", "ALTER TABLE audit_line DISABLE TRIGGER ALL",
        "DROP TABLE audit_seal",
    ],
)  # fmt: skip
def test_the_worker_may_remove_only_what_is_archived(worker: Ask, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker(statement)


def test_the_owner_is_stopped_by_the_triggers_until_he_takes_them_away(roles: None) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="审计记录不能修改和删除"):
        cursor.execute("TRUNCATE audit_line CASCADE")
    assert verify().good


def test_a_whole_action_runs_as_the_site(roles: None, cast: Cast) -> None:
    """The application itself, connected as the site's role, does an audited write; its line can't be taken back."""
    given = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict = given | {"USER": "zhibu_web"}
    try:
        by = replace(cast.scope("secretary"), acting_for="张三")
        line = write(by=by, action="x", sentence="网站写的", thing=cast.branch, organisation=cast.branch)
        assert cast.client("secretary").get("/me/").status_code == 200
        with pytest.raises(Exception, match="permission denied"):
            Line.objects.unscoped("t").filter(pk=line.pk).update(sentence="x")
    finally:
        connection.close()
        connection.settings_dict = given


def test_the_worker_archives(roles: None) -> None:
    """The retention job runs with the worker's rights alone."""
    given = dict(connection.settings_dict)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime(2020, 5, 1, tzinfo=UTC))
        with guard.without_triggers(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_checkpoint; DELETE FROM audit_seal; DELETE FROM audit_line")
        write(by=None, action="x", sentence="旧的", thing=None, organisation=None)
    connection.close()
    connection.settings_dict = given | {"USER": "zhibu_worker"}
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: datetime(2020, 5, 2, tzinfo=UTC))
            sealing.seal_all(everything=True)
        made = archives.retire()
        assert made is not None and made.last == 1
        assert not Line.objects.unscoped("t").filter(sentence="旧的").exists()
    finally:
        connection.close()
        connection.settings_dict = given
