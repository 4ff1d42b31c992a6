"""Corrections: honest time (docs/decisions/0006) and the audit line's before and after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.records import actions
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given

EDIT = "/records/2026-000001/edit/"
LATER = date(2027, 1, 5)
WHO = {"secretary": 200, "neighbour": 404, "officer": 403, "committee_officer": 403, "leader": 403, "member": 403}


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_may_edit(cast: Cast, who: str, status: int) -> None:
    given.record(cast)
    assert cast.client(who).get(EDIT).status_code == status


def test_the_form_holds_the_record(cast: Cast) -> None:
    away, *others = given.members(cast.branch)
    given.record(cast, attendance={away.pk: "leave"} | {member.pk: "present" for member in others})
    page = cast.client("secretary").get(EDIT).content.decode()
    assert "议题：冬季用电安全" in page
    assert page.count('<option value="present" selected>') == 7
    assert page.count('<option value="leave" selected>') == 1


def _edited(cast: Cast, record: Record, monkeypatch: pytest.MonkeyPatch, **changes: object) -> Record:
    """The correction of a later day."""
    monkeypatch.setenv("ZHIBU_TODAY", LATER.isoformat())
    sheet = changes.pop("attendance", None) or given.everybody(cast.branch)
    return actions.edit(
        by=cast.scope("secretary"),
        record=record,
        version=record.version,
        fields=given.fields(**changes),
        attendance=sheet,
    )


def test_a_correction_of_words_keeps_the_day_of_entry(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = _edited(cast, given.record(cast), monkeypatch, content="改了错字", place="镇文化站")
    assert (edited.recorded_on, edited.counted_on, edited.edits) == (TODAY, TODAY, 1)
    line = Line.objects.unscoped(given.WHY).get(action="records.edit")
    assert (line.old["place"], line.new["place"]) == ("村党群服务中心二楼", "镇文化站")
    assert "host" not in line.old


@pytest.mark.parametrize(
    "changes",
    [
        {"types": ["theme_day", "party_lecture"]},
        {"held_on": date(2026, 11, 20)},
        {"makes_up": "2026-10"},
        {"hours": 4},
    ],
)
def test_what_adds_to_the_count_counts_from_its_own_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, changes: dict
) -> None:
    edited = _edited(cast, given.record(cast), monkeypatch, **changes)
    assert (edited.recorded_on, edited.counted_on) == (TODAY, LATER)


def test_half_of_the_members_found_later_counts_from_that_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    three, five = given.members(cast.branch)[:3], given.members(cast.branch)[3:]
    sheet = {member.pk: "present" for member in three} | {member.pk: "absent" for member in five}
    edited = _edited(cast, given.record(cast, attendance=sheet), monkeypatch)
    assert edited.counted_on == LATER


def test_taking_away_never_moves_the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    record = given.record(cast, types=["theme_day", "party_lecture"])
    assert _edited(cast, record, monkeypatch, types=["theme_day"]).counted_on == TODAY


def test_the_writer_is_warned_before_a_timely_duty_turns_late(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given.rule()
    given.november(cast.branch, "met", evidence=["2026-000001"])
    given.record(cast)
    monkeypatch.setenv("ZHIBU_TODAY", LATER.isoformat())
    client = cast.client("secretary")
    posted = given.typed(version="1", types=["theme_day", "party_lecture"])
    answer = client.post(EDIT, posted)
    assert answer.status_code == 422
    assert "这样改，有的事项会变成迟录" in answer.content.decode()
    assert Record.objects.unscoped(given.WHY).get().version == 1
    assert client.post(EDIT, posted | {"do": "sure"}).status_code == 302
    assert Record.objects.unscoped(given.WHY).get().recounted_on == LATER


def test_nothing_changed_writes_nothing(cast: Cast) -> None:
    record = given.record(cast)
    by, sheet = cast.scope("secretary"), given.everybody(cast.branch)
    same = actions.edit(by=by, record=record, version=1, fields=given.fields(), attendance=sheet)
    assert same.version == 1
    assert not Line.objects.unscoped(given.WHY).filter(action="records.edit").exists()


def test_a_correction_can_wait_as_a_draft(cast: Cast) -> None:
    given.record(cast)
    client = cast.client("secretary")
    client.post(EDIT, given.typed(version="1", content="改了一半", do="save"))
    assert "改了一半</textarea>" in client.get(EDIT).content.decode()
    assert "修改 2026-000001" in client.get("/records/").content.decode()
    client.post(EDIT, {"do": "drop"})
    assert "改了一半" not in client.get(EDIT).content.decode()


def test_an_unfinished_correction_on_two_devices_shows_both(cast: Cast) -> None:
    given.record(cast)
    client, opened = cast.client("secretary"), (clock.now() - timedelta(minutes=5)).isoformat()
    told = {"version": "1", "seen": opened, "do": "save"}
    client.post(EDIT, given.typed(content="手机上改的", tab="phone", **told))
    answer = client.post(EDIT, given.typed(content="电脑上改的", tab="desk", **told))
    page = answer.content.decode()
    assert (
        answer.status_code == 409
        and "手机上改的" in page
        and "电脑上改的</textarea>" in page
        and f'href="{EDIT}"' in page
    )
    client.post(EDIT, given.typed(content="电脑上改的", tab="desk", **told | {"do": "keep"}))
    assert "电脑上改的</textarea>" in client.get(EDIT).content.decode()


def test_errors_come_back_with_the_words(cast: Cast) -> None:
    given.record(cast)
    answer = cast.client("secretary").post(EDIT, given.typed(version="1", content="", place="新地点"))
    assert answer.status_code == 422
    assert 'value="新地点"' in answer.content.decode()
