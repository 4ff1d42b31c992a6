"""民主评议党员 as a branch does it, from the roster to the archive, and what is refused on the way."""

from __future__ import annotations

import contextlib
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhibu.web.appraisal import results, rounds
from zhibu.web.appraisal.models import Appraisal, AppraisalLine
from zhibu.web.appraisal.tests.given import (
    SINCE,
    WHY,
    archived,
    begin,
    counted,
    decided,
    each,
    lines,
    made_public,
    standing,
    told,
)
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.members import transfers
from zhibu.web.members.models import Member

pytestmark = pytest.mark.django_db


def now(one: Appraisal) -> Appraisal:
    return Appraisal.objects.unscoped(WHY).get(pk=one.pk)


def everything() -> list[object]:
    lines_ = AppraisalLine.objects.unscoped(WHY).order_by("pk").values()
    return [*lines_, *Appraisal.objects.unscoped(WHY).values()]


@pytest.mark.mechanism("M035")
def test_a_branch_appraises_its_members_from_roster_to_archive(cast: Cast) -> None:
    branch = cast.client("secretary")
    Member.objects.unscoped(WHY).filter(name=f"党员{cast.branch.pk}7").update(kind="probationary", full_on=None)
    assert "不超过本支部正式党员的3 分之一" in branch.get("/appraisal/new/").text.replace(" 3", "3")
    answer = branch.post("/appraisal/new/", {"year": "2026", "roster_on": "2026-11-01"})
    one = Appraisal.objects.unscoped(WHY).get()
    base = f"/appraisal/{one.pk}/"
    assert answer.headers["Location"] == f"{base}part/"
    assert one.grades == {"excellent": "优秀", "passed": "合格", "basic": "基本合格", "unfit": "不合格"}
    rows = lines(one)
    assert [row.part for row in rows].count("votes") == 1 and len(rows) == 8
    away, newcomer = rows[0], next(row for row in rows if row.part == "votes")
    refused = branch.post(f"{base}part/", {f"part_{away.pk}": "away"})
    assert refused.status_code == 422 and f"{away.member.name}：写明不参加的原因" in refused.text
    assert branch.post(f"{base}part/", {f"part_{away.pk}": "away", f"why_{away.pk}": "住院"}).status_code == 302
    graded = [row for row in rows if row not in (away, newcomer)]
    ticks = {f"{name}_{row.pk}": "on" for row in [*graded, newcomer] for name in ("self", "mutual")}
    assert branch.post(f"{base}discuss/", {"on": "2026-11-05"} | ticks).status_code == 302
    assert "下一步投票和计票" in branch.get(base).text
    sums = {f"excellent_{row.pk}": "3" for row in graded[:3]} | {f"passed_{row.pk}": "4" for row in graded}
    slip = {"held_on": "2026-11-06", "issued": "7", "returned": "7", "valid": "7", "tellers": "甲、乙"}
    assert branch.post(f"{base}ballots/", slip | sums).status_code == 302
    given_ = {f"grade_{row.pk}": "excellent" for row in graded[:3]} | {
        f"grade_{row.pk}": "passed" for row in graded[3:]
    }
    opinion = {"decided_by": "meeting", "decided_on": "2026-11-07", f"opinion_{graded[0].pk}": "带头"}
    assert branch.post(f"{base}opinion/", opinion | given_).status_code == 302
    assert "评为优秀的 3 人，正式党员 7 人，一般不超过 2 人" in branch.get(base).text
    refused = branch.post(f"{base}public/", {"told_what": "counts", "told_from": "2026-11-10", "told_where": "会上"})
    assert refused.status_code == 422 and "还有 6 人没有告知本人" in refused.text
    assert (
        branch.post(f"{base}told/", {"on": "2026-11-08"} | {f"told_{row.pk}": "on" for row in graded}).status_code
        == 302
    )
    told_ = {"told_what": "excellent", "told_from": "2026-11-10", "told_where": "支部党员大会宣布"}
    assert branch.post(f"{base}public/", told_).status_code == 302
    notice = branch.get(f"{base}notice/").text
    assert graded[0].member.name in notice and graded[5].member.name not in notice and "带头" not in notice
    assert "归档以后什么都不再改动" in branch.get(f"{base}archive/").text
    assert branch.post(f"{base}archive/").status_code == 302
    assert now(one).totals == {"present": 7, "graded": 6, "excellent": 3, "passed": 3, "basic": 0, "unfit": 0}
    assert "已归档" in branch.get(base).text
    tally = branch.get(f"{base}tally/").text
    assert "发出 7 张，收回 7 张，有效 7 张，废票 0 张" in tally and away.member.name not in tally
    log = "".join(Line.objects.unscoped(WHY).filter(action__startswith="appraisal.").values_list("sentence", flat=True))
    assert "归档" in log and not re.search("优秀|不合格|党员[0-9]", log.replace("民主评议党员", ""))


def test_one_round_a_branch_and_year_and_a_cancelled_one_makes_room(cast: Cast) -> None:
    one = begin(cast)
    with pytest.raises(Unfit, match="2026 年的评议在 2026-11-01 已经开始"):
        begin(cast)
    rounds.cancel(by=cast.scope("secretary"), appraisal=one, reason="年度选错")
    with pytest.raises(NotAllowed, match="已经作废"):
        counted(cast, one)
    assert begin(cast).pk != one.pk


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 11, 22)])
def test_the_roster_is_of_a_day_of_that_year_that_has_come(cast: Cast, on: date) -> None:
    with pytest.raises(Unfit, match="名册日期在 2026-01-01 和今天"):
        begin(cast, on=on)


@pytest.mark.parametrize(
    ("slip", "said"),
    [((8, 9, 9), "收回 9 张，比发出的 8 张多 1 张"), ((8, 7, 8), "有效 8 张，比收回的 7 张多 1 张")],
)
def test_a_slip_that_does_not_add_up_is_sent_back_with_its_numbers(
    cast: Cast, slip: tuple[int, int, int], said: str
) -> None:
    one = begin(cast)
    sent = dict(zip(("issued", "returned", "valid"), map(str, slip), strict=True))
    answer = cast.client("secretary").post(f"/appraisal/{one.pk}/ballots/", sent | {"held_on": "2026-11-10"})
    assert answer.status_code == 422 and said in answer.text
    assert now(one).held_on is None


def test_nobody_has_more_ballots_than_were_valid(cast: Cast) -> None:
    one = begin(cast)
    row = lines(one)[2]
    sent = {"held_on": "2026-11-10", "issued": "8", "returned": "8", "valid": "7"}
    cells = {f"excellent_{row.pk}": "5", f"passed_{row.pk}": "3"}
    answer = cast.client("secretary").post(f"/appraisal/{one.pk}/ballots/", sent | cells)
    assert answer.status_code == 422
    assert f"{row.member.name}：5 + 3 + 0 + 0 = 8 票，比有效的 7 张多 1 票" in answer.text
    assert not any(each_.counted for each_ in lines(one))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(slip=st.tuples(*[st.integers(0, 12)] * 3), cells=st.lists(st.integers(0, 6), min_size=32, max_size=32))
def test_whatever_is_typed_the_kept_sums_never_exceed(cast: Cast, slip: tuple[int, ...], cells: list[int]) -> None:
    one = Appraisal.objects.unscoped(WHY).first() or begin(cast)
    grades = ("excellent", "passed", "basic", "unfit")
    typed = {row.pk: dict(zip(grades, cells[4 * at :], strict=False)) for at, row in enumerate(lines(one))}
    issued, returned, valid = slip
    with contextlib.suppress(Unfit):
        results.count(
            by=cast.scope("secretary"), appraisal=one, held_on=TODAY, issued=issued, returned=returned, valid=valid,
            tellers="", told=typed,
        )  # fmt: skip
    kept = now(one)
    if kept.held_on:
        assert kept.valid is not None and kept.valid <= (kept.returned or 0) <= (kept.issued or 0)
        assert all(sum(row.ballots.values()) <= kept.valid for row in lines(one))


def test_each_step_waits_for_the_one_before_and_says_which(cast: Cast) -> None:
    one = begin(cast)
    assert standing(cast, one).word == "自评、互评"
    with pytest.raises(Unfit, match="还没有登记计票"):
        decided(cast, one)
    with pytest.raises(Unfit, match="还没有提出意见，先定等次"):
        told(cast, one)
    counted(cast, one)
    decided(cast, one, ("passed",) * 7 + ("",))
    with pytest.raises(Unfit, match="还没有等次，先在“提出意见”里定"):
        told(cast, one)
    with pytest.raises(Unfit, match="还有 1 人没有等次"):
        made_public(cast, one)
    with pytest.raises(Unfit, match="还没有在支部内通报"):
        results.archive(by=cast.scope("secretary"), appraisal=one)


def test_another_grade_is_told_anew(cast: Cast) -> None:
    one = begin(cast)
    counted(cast, one)
    decided(cast, one)
    told(cast, one)
    decided(cast, one, ("basic",) + ("passed",) * 7)
    assert [bool(row.told_on) for row in lines(one)] == [False] + [True] * 7


def test_what_is_archived_never_changes_but_by_a_withdrawal_with_its_reason(cast: Cast) -> None:
    one = archived(cast)
    before = everything()
    scope, row = cast.scope("secretary"), lines(one)[0]
    acts = [
        lambda: counted(cast, one), lambda: decided(cast, one, ("unfit",) * 8), lambda: told(cast, one),
        lambda: made_public(cast, one), lambda: rounds.enrol(by=scope, appraisal=one),
        lambda: rounds.take_part(by=scope, appraisal=one, told={row.pk: {"part": "away", "why": "x"}}),
        lambda: results.discuss(by=scope, appraisal=one, on=TODAY, told=each(one, self=False)),
        lambda: rounds.cancel(by=scope, appraisal=one, reason="x"),
        lambda: results.archive(by=scope, appraisal=one),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Unfit, match="已经归档"):
            act()
    branch, base = cast.client("secretary"), f"/appraisal/{one.pk}/"
    for word in ("part", "discuss", "ballots", "opinion", "told", "public", "archive", "cancel"):
        assert branch.post(f"{base}{word}/", {"reason": "x"}).status_code == 422, word
    assert before == everything()
    assert branch.post(f"{base}reopen/", {}).status_code == 422
    assert branch.post(f"{base}reopen/", {"reason": "票数抄错"}).status_code == 302
    assert (now(one).archived_on, now(one).told_from, now(one).totals) == (None, None, {})
    assert "票数抄错" in branch.get(base).text
    decided(cast, one, ("basic",) + ("passed",) * 7)


def test_who_moved_away_stays_in_the_archive_of_the_branch_that_appraised(cast: Cast) -> None:
    one = archived(cast)
    member = lines(one)[0].member
    sent = transfers.send(
        by=cast.scope("committee_officer"), member=member, on=TODAY, letter="介 1", to=cast.sister,
        valid_until=date(2026, 12, 21),
    )  # fmt: skip
    transfers.receive(by=cast.scope("officer"), transfer=sent, on=TODAY, document="回执 1")
    assert Member.objects.unscoped(WHY).get(pk=member.pk).organisation_id == cast.sister.pk
    assert member.name in cast.client("secretary").get(f"/appraisal/{one.pk}/").text
    assert now(one).totals["graded"] == 8


def test_who_came_is_added_and_a_probationary_member_gets_no_grade(cast: Cast) -> None:
    one = begin(cast)
    Member.objects.create(
        organisation=cast.branch, name="新来的", id_number="990001199001019999", born_on=date(1990, 1, 1),
        kind="probationary", joined_on=date(2026, 6, 1),
    )  # fmt: skip
    answer = cast.client("secretary").post(f"/appraisal/{one.pk}/enrol/", follow=True)
    assert "补上 1 人" in answer.text
    row = next(each_ for each_ in lines(one) if each_.member.name == "新来的")
    assert row.part == "votes"
    for first in ("votes", "away"):  # not by a way round either
        rounds.take_part(by=cast.scope("secretary"), appraisal=one, told={row.pk: {"part": first, "why": "外出"}})
        with pytest.raises(Unfit, match="新来的是预备党员"):
            rounds.take_part(by=cast.scope("secretary"), appraisal=one, told={row.pk: {"part": "whole", "why": ""}})
    rounds.take_part(by=cast.scope("secretary"), appraisal=one, told={row.pk: {"part": "votes", "why": ""}})
    counted(cast, one)
    with pytest.raises(Unfit, match="新来的不评定等次"):
        results.decide(
            by=cast.scope("secretary"), appraisal=one, decided_by="meeting", decided_on=TODAY,
            told={row.pk: {"grade": "passed", "opinion": ""}},
        )  # fmt: skip


@pytest.mark.parametrize("typed", ["-1", "1e9", "９９９９９", "张三", "' OR 1=1 --", "\x00", "10000"])
def test_what_is_no_number_of_ballots_is_refused_in_words(cast: Cast, typed: str) -> None:
    one = begin(cast)
    sent = {"held_on": "2026-11-10", "issued": "8", "returned": "8", "valid": "8"}
    cell = {f"excellent_{lines(one)[0].pk}": typed}
    answer = cast.client("secretary").post(f"/appraisal/{one.pk}/ballots/", sent | cell)
    assert answer.status_code == 422 and not any(row.counted for row in lines(one))


def test_rows_of_another_round_typed_into_the_form_are_passed_over(cast: Cast) -> None:
    other, one = begin(cast, "neighbour"), begin(cast)
    stranger = lines(other)[0]
    sent = {f"part_{stranger.pk}": "away", f"why_{stranger.pk}": "x"}
    assert cast.client("secretary").post(f"/appraisal/{one.pk}/part/", sent).status_code == 302
    assert lines(other)[0].part == "whole"
    rounds.take_part(by=cast.scope("secretary"), appraisal=one, told={stranger.pk: {"part": "away", "why": "x"}})
    assert lines(other)[0].part == "whole"
    assert other.roster_on == SINCE
