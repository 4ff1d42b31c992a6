"""Accept, return, resubmit: what counts, who is told, what can be undone."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, AtOnce, Cast
from zhibu.web.core import clock
from zhibu.web.core.sheets import clean
from zhibu.web.records.actions import withdraw
from zhibu.web.review import actions, offices
from zhibu.web.review.models import Decision, RecordReview
from zhibu.web.review.tests import given

pytestmark = pytest.mark.django_db


def lines(action: str) -> list[str]:
    return list(
        Line.objects.unscoped(given.WHY).filter(action=action).order_by("pk").values_list("sentence", flat=True)
    )


# --- what is reviewed ------------------------------------------------------------------------------------------


def test_without_a_setting_nothing_is_reviewed(cast: Cast) -> None:
    assert given.submitted(cast).review == ""
    assert not RecordReview.objects.unscoped(given.WHY).exists()


def test_the_nearest_superior_says_which_types(cast: Cast) -> None:
    actions.keep(by=cast.scope("officer"), types=["study"], share=0, sentences=[])
    assert given.submitted(cast, "a").review == ""
    given.reviewing(cast)
    assert given.submitted(cast, "b").review == "waiting"
    assert given.submitted(cast, "c", types=["study"]).review == ""  # the town asks for other types
    held = RecordReview.objects.unscoped(given.WHY).get()
    assert (held.office, held.why) == (cast.town, "主题党日都要审核")


def test_a_setting_that_reviews_nothing_ends_the_search(cast: Cast) -> None:
    actions.keep(by=cast.scope("officer"), types=["theme_day"], share=0, sentences=[])
    given.reviewing(cast, types=[])
    assert given.submitted(cast).review == ""


def test_the_draw_is_by_seed_month_and_number_and_can_be_reckoned_anew(cast: Cast) -> None:
    setting = given.reviewing(cast, types=[], share=30)
    setting.seed = "0badcafe"
    hits = [number for number in range(1000) if offices.drawn(setting, f"2026-{number:06d}", TODAY)]
    assert hits == [number for number in range(1000) if offices.drawn(setting, f"2026-{number:06d}", TODAY)]
    assert 250 < len(hits) < 350
    other = [number for number in range(1000) if offices.drawn(setting, f"2026-{number:06d}", date(2026, 12, 1))]
    assert hits != other


def test_everything_and_nothing_are_drawn_wholly(cast: Cast) -> None:
    assert given.reviewing(cast, types=[], share=100)
    assert given.submitted(cast, "a").review == "waiting"
    given.reviewing(cast, types=[], share=0)
    assert given.submitted(cast, "b").review == ""


# --- accept and return -----------------------------------------------------------------------------------------


def test_no_return_without_a_reason_or_with_a_day_that_is_over(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    for wrong in ({"text": "  "}, {"back_by": TODAY - timedelta(days=1)}, {"back_by": TODAY + timedelta(days=400)}):
        with pytest.raises(Unfit):
            given.returned(cast, record, **wrong)
    assert given.now(record).review == "waiting" and not lines("review.decide")


def test_each_decision_has_its_line(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.returned(cast, given.submitted(cast))
    assert lines("review.decide") == [f"审核 {record.number}，退回补充：{given.MISSING}"]


# --- resubmit --------------------------------------------------------------------------------------------------


def test_in_time_it_counts_from_its_own_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given.reviewing(cast)
    record = given.returned(cast, given.submitted(cast))
    monkeypatch.setenv("ZHIBU_TODAY", given.LATER.isoformat())
    back = given.now(given.edited(cast, record, content="2 人外出务工，已请假"))
    assert (back.review, back.counted_on, back.returned_for) == ("waiting", TODAY, "")
    assert lines("review.resubmit") == [f"重新提交 {record.number}：已修改"]


def test_later_it_counts_from_the_day_it_came_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given.reviewing(cast)
    record = given.returned(cast, given.submitted(cast))
    late = given.LATER + timedelta(days=1)
    monkeypatch.setenv("ZHIBU_TODAY", late.isoformat())
    back = given.now(given.edited(cast, record, content="2 人外出务工，已请假"))
    assert (back.recorded_on, back.recounted_on, back.counted_on) == (TODAY, late, late)


def test_nothing_to_change_is_said_in_a_sentence(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.returned(cast, given.submitted(cast))
    with pytest.raises(Unfit):
        actions.resubmit(by=cast.scope("secretary"), record=record, text=" ")
    actions.resubmit(by=cast.scope("secretary"), record=record, text="已补传签到表")
    assert given.now(record).review == "waiting"
    with pytest.raises(NotAllowed):
        actions.resubmit(by=cast.scope("secretary"), record=record, text="再来一次")
    with pytest.raises(NotAllowed):
        actions.resubmit(by=cast.scope("neighbour"), record=record, text="别人的")


def test_an_accepted_record_that_is_changed_waits_again(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    given.accepted(cast, record)
    again = given.now(given.edited(cast, given.now(record), content="改成另一回事"))
    assert again.review == "waiting"
    assert [one.kind for one in Decision.objects.unscoped(given.WHY)] == ["accept", "again"]


def test_who_gets_another_superior_is_reviewed_there(cast: Cast) -> None:
    from zhibu.web.core import announce
    from zhibu.web.organisations import tree

    given.reviewing(cast)
    record = given.submitted(cast)
    old, new = tree.move(cast.branch, cast.other_town)
    announce.tree_moved(cast.branch.pk, old, new)
    assert RecordReview.objects.unscoped(given.WHY).get(record=record).office == cast.other_town


# --- two at once, and taking back ------------------------------------------------------------------------------


def test_the_second_reviewer_is_told_who_was_first(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    given.accepted(cast, record)
    with pytest.raises(NotAllowed, match=r"已由.*committee_officer在 .* 通过"):
        given.returned(cast, record)
    assert given.now(record).review == "accepted"


def test_what_the_branch_changed_meanwhile_is_not_accepted_unread(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    given.edited(cast, record, content="改了几个字")
    with pytest.raises(NotAllowed, match="刚修改过"):
        given.accepted(cast, record)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides(cast: Cast, at_once: AtOnce) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    ends = at_once(partial(given.accepted, cast, record), partial(given.returned, cast, record))
    assert sum(isinstance(end, NotAllowed) for end in ends) == 1, ends
    assert sum(isinstance(end, Exception) for end in ends) == 1, ends


@pytest.mark.parametrize("act", ["accepted", "returned"])
def test_a_decision_is_undone_within_a_day(cast: Cast, act: str) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    getattr(given, act)(cast, record)
    actions.undo(by=cast.scope("committee_officer"), record=record)
    now = given.now(record)
    assert (now.review, now.counted_on, now.back_by) == ("waiting", TODAY, None)
    assert lines("review.decide")[-1].startswith(f"审核 {record.number}，撤销审核意见")
    with pytest.raises(NotAllowed):
        actions.undo(by=cast.scope("committee_officer"), record=record)


def test_not_after_a_day_nor_when_the_branch_went_on(cast: Cast) -> None:
    given.reviewing(cast)
    old, gone = given.submitted(cast, "a"), given.submitted(cast, "b")
    given.accepted(cast, old)
    Decision.objects.unscoped(given.WHY).update(at=clock.now() - timedelta(hours=25))
    given.returned(cast, gone)
    actions.resubmit(by=cast.scope("secretary"), record=gone, text="已补")
    for record in (old, gone):
        with pytest.raises(NotAllowed):
            actions.undo(by=cast.scope("committee_officer"), record=record)


def test_a_withdrawn_record_is_not_decided(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    withdraw(by=cast.scope("secretary"), record=record, reason="重复")
    with pytest.raises(NotAllowed, match="已撤回"):
        given.accepted(cast, record)


@pytest.mark.parametrize("who", ["secretary", "neighbour", "leader", "member", "auditor"])
def test_only_the_superior_decides(cast: Cast, who: str) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    with pytest.raises(NotAllowed):
        actions.accept(by=cast.scope(who), record=record, version=record.version)
    assert given.now(record).review == "waiting"


# --- how long it takes -----------------------------------------------------------------------------------------


def test_the_receipt_says_who_and_promises_only_what_was_measured(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    address = f"/records/{record.number}/receipt/"
    body = cast.client("secretary").get(address).content.decode()
    assert "由中共云岭县大营镇委员会审核" in body and "工作日" not in body
    monday = clock.now().replace(year=2026, month=11, day=16, hour=2)
    for number in range(10):
        one = given.submitted(cast, f"k{number}")
        given.accepted(cast, one)
    Decision.objects.unscoped(given.WHY).update(asked_at=monday, at=monday + timedelta(days=3))
    assert "一般 3 个工作日内有结果" in cast.client("secretary").get(address).content.decode()


def test_weekends_are_no_working_days() -> None:
    friday = clock.now().replace(year=2026, month=11, day=20, hour=2)
    assert offices.working_days(friday, friday + timedelta(days=3)) == 1
    assert offices.working_days(friday, friday) == 0


def test_hostile_words_are_shown_as_words(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.returned(cast, given.submitted(cast), text="<script>alert(1)</script>'\"\u202e")
    body = cast.client("secretary").get(f"/records/{record.number}/").content.decode()
    assert "<script>alert" not in body and clean("&lt;script&gt;alert(1)") in body
