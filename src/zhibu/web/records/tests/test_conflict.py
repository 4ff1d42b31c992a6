"""Two people correct one record: the second sees both versions and loses nothing."""

from __future__ import annotations

from functools import partial

import pytest

from zhibu.web.conftest import AtOnce, Cast
from zhibu.web.records import actions
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given

EDIT = "/records/2026-000001/edit/"


@pytest.fixture
def raced(cast: Cast) -> Cast:
    """A record that somebody has corrected since the form was opened."""
    record = given.record(cast)
    actions.edit(
        by=cast.scope("secretary"),
        record=record,
        version=1,
        fields=given.fields(place="镇文化站", content="对方补充：已通知到户。"),
        attendance=given.everybody(cast.branch),
    )
    return cast


def mine(**changes: object) -> dict:
    return given.typed(version="1", content="我写的：周五前完成。", starts_at="", ends_at="") | changes


def test_both_versions_are_shown_and_nothing_is_lost(raced: Cast) -> None:
    answer = raced.client("secretary").post(EDIT, mine())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "有人先改了这条记录" in page
    for words in ("镇文化站", "对方补充：已通知到户。", "我写的：周五前完成。", "村党群服务中心二楼"):
        assert words in page
    assert Record.objects.unscoped(given.WHY).get().place == "镇文化站"


def test_the_second_may_choose_the_own_words(raced: Cast) -> None:
    client = raced.client("secretary")
    page = client.post(EDIT, mine()).content.decode()
    assert 'name="version" value="2"' in page
    assert client.post(EDIT, mine(version="2")).status_code == 302
    stored = Record.objects.unscoped(given.WHY).get()
    assert (stored.content, stored.version) == ("我写的：周五前完成。", 3)


def test_attendance_is_compared_by_name(raced: Cast) -> None:
    member = given.members(raced.branch)[0]
    page = raced.client("secretary").post(EDIT, mine(**{f"state-{member.pk}": "leave"})).content.decode()
    assert f"{member.name} 到会情况" in page


def test_the_same_correction_twice_is_no_conflict(raced: Cast) -> None:
    """A second click of one save: the version has moved, but there is nothing to disagree about."""
    client = raced.client("secretary")
    assert client.post(EDIT, mine(version="2")).status_code == 302
    assert client.post(EDIT, mine(version="2")).status_code == 302
    assert Record.objects.unscoped(given.WHY).get().version == 3


def test_the_action_raises_with_theirs(raced: Cast) -> None:
    record = Record.objects.unscoped(given.WHY).get()
    with pytest.raises(actions.Conflict) as caught:
        actions.edit(
            by=raced.scope("secretary"),
            record=record,
            version=1,
            fields=given.fields(content="我写的"),
            attendance=given.everybody(raced.branch),
        )
    assert caught.value.theirs.place == "镇文化站"


def test_of_two_edits_at_once_one_wins_and_the_other_is_told(at_once: AtOnce, cast: Cast) -> None:
    record, scope, sheet = given.record(cast), cast.scope("secretary"), given.everybody(cast.branch)

    def save(words: str) -> str:
        actions.edit(by=scope, record=record, version=1, fields=given.fields(content=words), attendance=sheet)
        return "saved"

    ends = at_once(partial(save, "甲写的"), partial(save, "乙写的"))
    assert ends.count("saved") == 1
    assert sum(isinstance(end, actions.Conflict) for end in ends) == 1
    assert at_once(given.all_records)[0][0].version == 2
