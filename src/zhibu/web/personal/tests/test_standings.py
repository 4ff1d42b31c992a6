"""Restricted rows vanish from all that is read; erased ones have no values left; a restored backup forgets neither."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.conftest import Cast
from zhibu.web.core import clock, reseal
from zhibu.web.core.scope import Scope
from zhibu.web.feedback.actions import send
from zhibu.web.imports.reach import Reach
from zhibu.web.members.models import Look, Member, Seen
from zhibu.web.personal import standings, tombstones
from zhibu.web.personal.models import Standing
from zhibu.web.personal.tests.conftest import NAME, NUMBER, PHONE
from zhibu.web.pipeline import facts
from zhibu.web.records.models import Attendance, Draft, Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(cast: Cast, lan: Member) -> Member:
    """With an attendance, a draft, a look at the number, a letter with a name."""
    record = Record.objects.create(
        number="2026-000001", organisation=cast.branch, types=["theme_day"], topic="学习", content="学习",
        held_on=date(2026, 11, 6), recorded_on=date(2026, 11, 7), recorded_at=clock.now(), expected=9, present=9,
    )  # fmt: skip
    Attendance.objects.create(record=record, member=lan, state="present")
    Draft.objects.create(
        organisation=cast.branch, user=lan.user, key="new-1", fields={"content": f"{NAME}的话"}, saved_at=clock.now()
    )
    look = Look.objects.create(
        kind="open", user=cast.posts["secretary"].user, title="书记", at=clock.now(), what="手机号码"
    )
    Seen.objects.create(look=look, member=lan)
    send(by=cast.scope("lan"), text="表太多", name=NAME, contact=PHONE)
    return lan


def restrict(cast: Cast, member: Member) -> Standing:
    return standings.restrict(by=cast.scope("officer"), member=member)


def test_a_restricted_row_is_nowhere(cast: Cast, busy: Member) -> None:
    client = cast.client("officer")
    assert NAME in client.get("/members/").content.decode()
    restrict(cast, busy)
    for address in (f"/members/?q={NAME}", f"/members/?org={cast.branch.code}", "/records/2026-000001/"):
        assert NAME not in client.get(address).content.decode().replace(f'value="{NAME}"', "")
    assert "共 24 人" in client.get("/members/").content.decode()  # 25 before
    assert NAME not in cast.client("secretary").get("/records/2026-000001/").content.decode()
    assert client.post("/members/find/", {"number": PHONE}).content.decode().count(NAME) == 0
    assert client.get(f"/members/{busy.pk}/number/").status_code == 404
    people = facts.tables()["people"]["person_id"].to_pylist()
    assert f"m{busy.pk}" not in people
    assert len(people) == 24
    assert facts.tables()["organisations"].to_pylist()[2]["members"] == 8
    assert NAME in cast.client("lan").get("/me/").content.decode()  # the person's own


def test_what_is_withheld_stays_in_the_record_when_it_is_edited(cast: Cast, busy: Member) -> None:
    from zhibu.web.records.actions.entry import fill_sheet

    restrict(cast, busy)
    other = Member.objects.unscoped("t").filter(organisation=cast.branch)[0]
    fill_sheet(Record.objects.unscoped("t").get(), {other.pk: "present"})
    assert set(Attendance.objects.values_list("member", flat=True)) == {busy.pk, other.pk}


def test_an_import_can_not_touch_it(cast: Cast, busy: Member) -> None:
    assert Reach(cast.scope("officer")).members([NUMBER])[NUMBER].organisation_name
    restrict(cast, busy)
    known = Reach(cast.scope("officer")).members([NUMBER])[NUMBER]
    assert (known.organisation, known.organisation_name) == (0, "")  # as one out of reach: refused, no oracle


def test_lifted_it_is_back(cast: Cast, busy: Member) -> None:
    standing = restrict(cast, busy)
    page = cast.client("committee_officer").get("/personal/requests/").content.decode()
    assert f"第 {busy.pk} 号党员" in page
    assert NAME not in page
    response = cast.client("committee_officer").post(f"/personal/restricted/{standing.pk}/", {"reason": "本人撤回"})
    assert response.status_code == 302
    assert NAME in cast.client("officer").get("/members/").content.decode()


def test_the_neighbour_can_not(cast: Cast, busy: Member) -> None:
    stranger = cast.scope("neighbour")
    with pytest.raises(NotAllowed):
        standings.restrict(by=stranger, member=busy)
    for act in (standings.restrict, standings.erase):
        with pytest.raises(NotAllowed, match="管理范围"):
            act(by=_officer_of(cast, cast.other_town), member=busy)


def _officer_of(cast: Cast, place: object) -> Scope:
    from zhibu.web.personal.tests.conftest import scope

    return scope(cast, "committee_officer", place)


def dump() -> str:
    """Every value of every table but the log, which the law keeps."""
    return "\n".join(_values())


def _values() -> Iterator[str]:
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.label_lower == "audit.line":
                continue
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            yield from (f"{model._meta.label_lower}: {row!r}" for row in cursor.fetchall())


def test_erased_the_values_are_gone_and_the_id_is_kept(cast: Cast, busy: Member) -> None:
    client = cast.client("lan")
    sealed = {Member.objects.unscoped("t").get(pk=busy.pk).id_sealed, busy.id_digest, busy.phone_sealed}
    for trace in (NAME, PHONE, *sealed):
        assert trace in dump()
    standings.erase(by=cast.scope("officer"), member=busy)
    left = dump()
    for trace in (NAME, NUMBER, PHONE, "zxl", "大专", *sealed):
        assert trace not in left, trace
    gone = Member.objects.everything("t").get(pk=busy.pk)
    assert (gone.name, gone.id_number, gone.phone, gone.sex) == ("", "", "", "")
    assert (gone.organisation, gone.row_key) == (cast.branch, busy.row_key)
    assert Attendance.objects.filter(member=gone).count() == 1  # the count of the branch stands
    assert client.get("/me/").status_code == 302  # signed out, and no way in again
    assert not Client().login(username=PHONE, password="支部-pass-1")
    assert reseal.check() == []
    with pytest.raises(NotAllowed, match="不能恢复"):
        standings.lift(by=cast.scope("officer"), standing=Standing.objects.unscoped("t").get(), reason="试")


def test_two_erased_rows_stand_side_by_side(cast: Cast, lan: Member) -> None:
    others = list(Member.objects.unscoped("t").filter(organisation=cast.sister)[:2])
    for one in others:
        standings.erase(by=cast.scope("officer"), member=one)
    assert Standing.objects.unscoped("t").filter(state="erased").count() == 2


def test_a_restored_backup_is_told_again(
    cast: Cast, busy: Member, tombstones_of: Path, django_capture_on_commit_callbacks: object
) -> None:
    row = dict(Member.objects.unscoped("t").filter(pk=busy.pk).values().get())
    other = Member.objects.unscoped("t").filter(organisation=cast.sister)[0]
    lifted = Member.objects.unscoped("t").filter(organisation=cast.sister)[1]
    with django_capture_on_commit_callbacks(execute=True):
        standings.erase(by=cast.scope("officer"), member=busy)
        restrict(cast, other)
        brought_back = restrict(cast, lifted)
    with django_capture_on_commit_callbacks(execute=True):
        standings.lift(by=cast.scope("officer"), standing=brought_back, reason="本人撤回")
    lines = [json.loads(line) for line in tombstones_of.read_text().splitlines()]
    assert {line["state"] for line in lines} == {"erased", "restricted", "active"}
    assert NAME not in tombstones_of.read_text()

    Standing.objects.unscoped("a backup of before").delete()
    Member.objects.everything("a backup of before").filter(pk=busy.pk).update(**row)
    assert Member.objects.unscoped("t").get(pk=busy.pk).name == NAME
    assert tombstones.keep() == 0  # an old database does not talk the list out of it
    assert tombstones.replay() == {"restricted": 1, "erased": 1}
    assert Member.objects.everything("t").get(pk=busy.pk).name == ""
    assert not Member.objects.unscoped("t").filter(pk__in=[busy.pk, other.pk]).exists()
    assert Member.objects.unscoped("t").filter(pk=lifted.pk).exists()
    assert tombstones.replay() == {"restricted": 0, "erased": 0}


@pytest.fixture
def tombstones_of(tombstones: Path) -> Path:
    return tombstones


def test_a_damaged_list_is_said_by_its_line(cast: Cast, tombstones_of: Path) -> None:
    tombstones_of.write_text('{"row": "x", "state": "erased"}\n{"row": "y", "st')
    with pytest.raises(tombstones.Unreadable, match="第 2 行"):
        tombstones.replay()


def test_every_read_of_members_goes_by_the_door() -> None:
    """`everything` shows withheld rows: its users are few and reviewed."""
    root = Path(standings.__file__).parents[1]
    users = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if "tests" not in file.parts and ".everything(" in file.read_text("utf-8")
    }
    assert users == {
        "appraisal/queries.py",
        "imports/reach.py", "imports/undoing.py", "members/about_me.py", "members/correcting.py", "members/life.py",
        "members/merging.py", "offices/roster.py", "organisations/hanging.py", "organisations/taking.py",
        "personal/affected.py", "personal/proofs.py", "personal/standings.py", "personal/tombstones.py",
    }  # fmt: skip


def test_the_system_itself_reads_none(cast: Cast, busy: Member) -> None:
    restrict(cast, busy)
    assert not Member.objects.within(system_scope()).filter(pk=busy.pk).exists()
