"""Rows by the thousand, by key, on either database. What the migrations make of it: members and feedback."""

from __future__ import annotations

import uuid

import pytest
from django.db import DataError, IntegrityError
from django.test.utils import CaptureQueriesContext

from zhibu.web.conftest import Cast
from zhibu.web.core import clock, seal_rows
from zhibu.web.imports.models import Batch, Created
from zhibu.web.members.models import Member

pytestmark = pytest.mark.django_db


def everybody() -> list[Member]:
    return list(Member.objects.unscoped("t").order_by("pk"))


def test_by_key_in_batches_while_rows_leave_the_filter(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal_rows, "BATCH", 7)
    seen = []
    for rows in seal_rows.by_key(Member._base_manager.filter(education="")):
        seen += [row.pk for row in rows]
        Member._base_manager.filter(pk__in=[row.pk for row in rows]).update(education="大学")
    assert seen == [one.pk for one in everybody()]


def test_write_only_these_columns_of_these_rows(cast: Cast) -> None:
    first, second, third = everybody()[:3]
    kept = (second.name, second.row_key, third.name)
    for row in (first, second):
        row.name, row.row_key, row.frail, row.left_on = "'; DROP TABLE members_member; --", uuid.uuid4(), True, None
    seal_rows.write([first, second], ["row_key", "frail", "left_on"])
    assert [(one.name, one.row_key) for one in everybody()[:2]] != [kept[:2]] * 2
    assert everybody()[1].name == kept[0] and everybody()[1].row_key == second.row_key
    seal_rows.write([first], ["name"])
    assert [one.name for one in everybody()[:3]] == [first.name, kept[0], kept[2]]
    seal_rows.write([], ["name"])


def test_json_is_written_as_json(cast: Cast) -> None:
    batch = Batch.objects.create(organisation=cast.branch, created_at=clock.now(), state="applied")
    row = Created.objects.create(batch=batch, thing="members.member", thing_id=1, before={"phone": ["1", "2"]})
    row.before = {"phone_sealed": ["甲", "乙"]}
    seal_rows.write([row], ["before"])
    assert Created.objects.get().before == {"phone_sealed": ["甲", "乙"]}


def test_all_of_a_batch_or_nothing(cast: Cast) -> None:
    rows = everybody()[:3]
    before = [row.row_key for row in rows]
    for row in rows:
        row.row_key = before[2]
    with pytest.raises((IntegrityError, DataError)):
        seal_rows.write(rows, ["row_key"])
    assert [one.row_key for one in everybody()[:3]] == before


def test_nothing_to_do_is_one_look(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    from django.db import connection

    with CaptureQueriesContext(connection) as said:
        seal_rows.seal_rows(Member, {"education": "phone_sealed"})
    assert len(said) == 2 and capsys.readouterr().err == ""
