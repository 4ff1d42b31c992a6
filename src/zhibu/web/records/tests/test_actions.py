"""Submit: one transaction, one record a form, honest time."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from django.db import connection

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, AtOnce, Cast
from zhibu.web.core import announce
from zhibu.web.records import actions
from zhibu.web.records.models import Attendance, Series
from zhibu.web.records.tests import given


def test_a_record_is_stored_with_its_sheet_and_its_audit_line(cast: Cast) -> None:
    first, *others = given.members(cast.branch)
    sheet = {first.pk: "leave"} | {member.pk: "present" for member in others}
    record = actions.submit(
        by=cast.scope("secretary"), organisation=cast.branch, fields=given.fields(), attendance=sheet, key="k"
    )
    assert (record.number, record.expected, record.present) == ("2026-000001", 8, 7)
    assert record.recorded_on == TODAY
    assert dict(record.attendances.values_list("member_id", "state")) == sheet
    line = Line.objects.unscoped(given.WHY).get(action="records.submit")
    assert (line.thing_id, line.organisation_path, line.happened_on) == (str(record.pk), cast.branch.path, TODAY)
    assert line.new["content"] == record.content


def test_the_day_of_entry_cannot_be_given(cast: Cast) -> None:
    """Backdating is impossible: whatever a caller adds, the clock of the server is what counts."""
    record = given.record(cast, held_on=date(2026, 10, 20), recorded_on=date(2026, 10, 20), recorded_at="2026-10-20")
    assert record.recorded_on == TODAY
    assert record.recorded_at.year >= 2026
    assert record.days_late == 32


def test_frail_members_are_left_out_of_the_expected(cast: Cast) -> None:
    first, *others = given.members(cast.branch)
    sheet = {first.pk: "excused"} | {member.pk: "present" for member in others}
    record = given.record(cast, attendance=sheet)
    assert (record.expected, record.present) == (7, 7)


def test_the_same_form_twice_is_one_record(cast: Cast) -> None:
    first, second = given.record(cast), given.record(cast, content="又点了一次")
    assert first == second
    assert second.content == first.content
    assert len(given.all_records()) == 1
    assert Series.objects.get().last == 1
    assert Line.objects.unscoped(given.WHY).filter(action="records.submit").count() == 1


def test_two_forms_are_two_records(cast: Cast) -> None:
    assert given.record(cast, key="a").number != given.record(cast, key="b").number


@pytest.mark.parametrize(
    "wrong",
    [
        {"held_on": date(2026, 11, 22)},
        {"held_on": None},
        {"types": []},
        {"types": ["no_such_type"]},
        {"content": "   "},
        {"place": "很" * 121},
    ],
)
def test_what_cannot_be_true_is_refused(cast: Cast, wrong: dict) -> None:
    with pytest.raises(actions.Refused):
        given.record(cast, **wrong)
    assert given.all_records() == []


@pytest.mark.parametrize("state", ["here", "", "PRESENT"])
def test_an_unknown_state_is_refused(cast: Cast, state: str) -> None:
    with pytest.raises(actions.Refused):
        given.record(cast, attendance={given.members(cast.branch)[0].pk: state})


@pytest.mark.parametrize("whose", ["sister", "neighbour"])
def test_members_of_another_branch_are_refused(cast: Cast, whose: str) -> None:
    stranger = given.members(getattr(cast, whose))[0]
    with pytest.raises(actions.Refused, match="名册"):
        given.record(cast, attendance=given.everybody(cast.branch) | {stranger.pk: "present"})
    assert given.all_records() == []


def test_a_member_who_had_left_is_not_on_the_sheet(cast: Cast) -> None:
    gone = given.members(cast.branch)[0]
    gone.left_on = date(2026, 11, 1)
    gone.save()
    with pytest.raises(actions.Refused):
        given.record(cast)
    sheet = given.everybody(cast.branch)
    assert given.record(cast, held_on=date(2026, 11, 1), attendance=sheet).present == 8


@pytest.mark.parametrize("who", ["officer", "committee_officer", "leader", "member", "auditor"])
def test_only_a_secretary_submits(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.submit(by=cast.scope(who), organisation=cast.branch, fields=given.fields(), attendance={}, key="k")


def test_a_secretary_writes_for_the_own_branch_only(cast: Cast) -> None:
    for other in (cast.neighbour, cast.sister, cast.town):
        with pytest.raises(NotAllowed):
            actions.submit(
                by=cast.scope("secretary"), organisation=other, fields=given.fields(), attendance={}, key="k"
            )


def test_a_form_without_a_roster_gives_the_numbers(cast: Cast) -> None:
    record = actions.submit(
        by=cast.scope("secretary"),
        organisation=cast.branch,
        fields=given.fields(expected=30, present=28),
        attendance={},
        key="k",
    )
    assert (record.expected, record.present) == (30, 28)
    with pytest.raises(actions.Refused):
        actions.submit(
            by=cast.scope("secretary"),
            organisation=cast.branch,
            fields=given.fields(expected=3, present=28),
            attendance={},
            key="l",
        )


def test_the_listener_hears_of_the_organisation_inside_the_transaction(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[frozenset[int]] = []
    listener = [lambda ids, _: heard.append((ids, connection.in_atomic_block))]
    monkeypatch.setattr(announce.on_facts_changed, "heard", listener)
    record = given.record(cast)
    by = cast.scope("secretary")
    actions.edit(
        by=by, record=record, version=1, fields=given.fields(topic="新"), attendance=given.everybody(cast.branch)
    )
    actions.restore(by=by, record=actions.withdraw(by=by, record=record, reason="记错"))
    assert heard == [(frozenset({cast.branch.pk}), True)] * 4


def test_killed_in_the_middle_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as patch:
        patch.setattr(announce.on_facts_changed, "heard", [dies])
        with pytest.raises(RuntimeError):
            given.record(cast)
    assert given.all_records() == []
    assert not Attendance.objects.exists()
    assert not Line.objects.unscoped(given.WHY).filter(action="records.submit").exists()
    assert given.record(cast).number == "2026-000001"  # no gap


def test_the_same_form_sent_at_once_is_one_record(at_once: AtOnce, cast: Cast) -> None:
    scope, sheet = cast.scope("secretary"), given.everybody(cast.branch)

    def send() -> str:
        record = actions.submit(by=scope, organisation=cast.branch, fields=given.fields(), attendance=sheet, key="same")
        return record.number

    assert at_once(*[send] * 4) == ["2026-000001"] * 4
    assert at_once(given.all_records, lambda: Series.objects.get().last)[1] == 1
    assert len(at_once(given.all_records)[0]) == 1


def test_different_forms_at_once_get_numbers_without_a_gap(at_once: AtOnce, cast: Cast) -> None:
    scope, sheet = cast.scope("secretary"), given.everybody(cast.branch)

    def send(key: str) -> str:
        return actions.submit(
            by=scope, organisation=cast.branch, fields=given.fields(), attendance=sheet, key=key
        ).number

    numbers = at_once(*(partial(send, key) for key in "abcdef"))
    assert sorted(numbers) == [f"2026-00000{place}" for place in range(1, 7)]
