"""A line says for whom, and a log that can't be written stops the action."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from zhibu.web.audit.actions import action, write
from zhibu.web.audit.models import Line
from zhibu.web.audit.tests.conftest import check_keys
from zhibu.web.conftest import Cast
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation


def test_a_stand_in_is_named(cast: Cast) -> None:
    by = replace(cast.scope("secretary"), acting_for="张三")
    line = write(by=by, action="x", sentence="", thing=cast.branch, organisation=cast.branch)
    assert (line.acting_for, line.user.username, line.post_id_then) == ("张三", "secretary", by.post_id)


def test_a_person_without_a_post_is_named(cast: Cast) -> None:
    user = cast.posts["member"].user
    line = write(
        by=None, user=user, action="accounts.sign_in", sentence="", thing=user, organisation=None, outcome="failed"
    )
    assert (line.user, line.post_title, line.post_id_then, line.outcome) == (user, "", None, "failed")


def test_the_system_has_no_person(db: None) -> None:
    line = write(by=None, action="x", sentence="", thing=None, organisation=None)
    assert (line.user, line.post_title) == (None, "系统")


def test_an_unknown_outcome_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="maybe"):
        write(by=None, action="x", sentence="", thing=None, organisation=None, outcome="maybe")


@action("records.submit")
def rename(*, by: Scope, place: Organisation) -> None:
    Organisation.objects.within(by).filter(pk=place.pk).update(name="新名")
    write(by=by, action="records.submit", sentence="改名", thing=place, organisation=place)


def test_a_log_that_cannot_be_written_stops_the_action(cast: Cast) -> None:
    """The database refuses the line itself, as it would without permission or without space."""
    refuse = "SELECT RAISE(ABORT, 'full')"
    if connection.vendor == "sqlite":
        sql = f"CREATE TRIGGER full_log BEFORE INSERT ON audit_line BEGIN {refuse}; END"
    else:
        check_keys()
        sql = "ALTER TABLE audit_line ADD CONSTRAINT full_log CHECK (id < 0) NOT VALID"
    with connection.cursor() as cursor:
        cursor.execute(sql)
    with pytest.raises(DatabaseError), transaction.atomic():
        rename(by=cast.scope("secretary"), place=cast.branch)
    assert Organisation.objects.unscoped("t").get(pk=cast.branch.pk).name == cast.branch.name
    assert not Line.objects.unscoped("t").filter(sentence="改名").exists()
