"""The election step takes ballots: who is elected is worked out, what can't be is refused, rounds go together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import Cast, enter
from zhibu.web.procedures.models import Case
from zhibu.web.procedures.tests.small import fresh, rows
from zhibu.web.procedures.tests.test_effects import Walk, run_of

pytestmark = pytest.mark.django_db
ROUND = {"voters": 20, "present": 18, "issued": 18, "returned": 18, "spoiled": 0, "seats": 3}
CLEAR = (("甲", 17), ("乙", 15), ("丙", 12), ("丁", 6))
DAY = date(2025, 5, 20)


@pytest.fixture
def walk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """An election as far as the meeting."""
    found = Walk(cast, monkeypatch, "election", run_of("election"))
    for record in found.run["records"][:5]:
        found.step(record)
    return found


def votes(*names: tuple[str, int], **heads: int) -> dict[str, Any]:
    return {**ROUND, **heads, "candidates": [{"name": name, "votes": count} for name, count in names]}


def meet(walk: Walk, ballots: dict[str, Any] | None, **told: Any) -> Any:
    from zhibu.web.procedures import actions
    from zhibu.web.procedures.actions import Entry

    entry = Entry(done=DAY, ballots=ballots, **told)
    return actions.record_step(by=walk.by("own", DAY), case=fresh(walk.case), step="meeting", entry=entry)


def test_names_come_out_of_the_votes_with_their_arithmetic_and_clause(walk: Walk) -> None:
    row = meet(walk, votes(*CLEAR))
    assert row.values == {"members": "甲、乙、丙", "valid": True}
    assert (row.votes["due"], row.votes["present"]) == (20, 18)
    said = " ".join(one["sentence"] for one in row.ballots["findings"])
    assert "18 ÷ 20 = 90%" in said
    assert "12 ÷ 18" in said
    assert all("选举工作条例" in one["clause"] for one in row.ballots["findings"])


@pytest.mark.parametrize(
    ("ballots", "said"),
    [
        (None, "当选人由票数算出"),
        (votes(*CLEAR, present=21), "实到会 21 人，比应到会 20 人多"),
        (votes(*CLEAR, issued=19), "发出选票 19 张，比实到会 18 人多"),
        (votes(*CLEAR, spoiled=19), "废票 19 张"),
        (votes(("甲", 19)), "甲得 19 票，比有效票 18 张多"),
        (votes(("甲", 18), ("乙", 18), ("丙", 18), ("丁", 1)), "最多 54"),
        (votes(("甲", 12), ("甲", 11)), "同一个人只列一次"),
        (votes(*CLEAR, seats=4), "这一轮应选 3 名，不是 4 名"),
        (votes(), "写上候选人"),
        (votes(*CLEAR, voters=0), "应到会人数要大于 0"),
    ],
)
def test_what_no_round_can_be_is_refused_with_its_numbers(
    walk: Walk, ballots: dict[str, Any] | None, said: str
) -> None:
    with pytest.raises(Unfit, match=said):
        meet(walk, ballots)
    assert len(rows(walk.case)) == 5


def test_a_tie_leads_to_another_round_and_the_elected_keep_their_seats(walk: Walk) -> None:
    tied = votes(("甲", 17), ("乙", 15), ("丙", 11), ("丁", 11))
    with pytest.raises(Unfit, match=r"丙、丁票数相等.*另行选举"):
        meet(walk, tied)
    first = meet(walk, tied, outcome="again")
    assert (first.ballots["tied"], first.ballots["elected"]) == (["丙", "丁"], ["甲", "乙"])
    with pytest.raises(Unfit, match="甲在前一轮已经当选"):
        meet(walk, votes(("甲", 17), seats=1))
    with pytest.raises(Unfit, match="这一轮应选 1 名"):
        meet(walk, votes(("丙", 12), ("丁", 6)))
    last = meet(walk, votes(("丙", 6), ("丁", 12), seats=1))
    assert last.values["members"] == "甲、乙、丁"
    assert last.ballots["before"] == ["甲", "乙"]


def test_more_ballots_than_were_given_out_elect_nobody(walk: Walk) -> None:
    many = votes(*CLEAR, issued=17)
    with pytest.raises(Unfit, match="收回的选票多于发出的"):
        meet(walk, many)
    row = meet(walk, many, outcome="again")
    assert row.values == {"valid": False}
    assert meet(walk, votes(*CLEAR)).values["members"] == "甲、乙、丙"


def test_fewer_seats_only_with_the_consent_written_down(walk: Walk) -> None:
    short = votes(("甲", 17), ("乙", 15), ("丙", 9), ("丁", 3))
    with pytest.raises(Unfit, match="还差 1 名"):
        meet(walk, short)
    assert meet(walk, short, reason="经半数以上选举人同意，减少名额").values["members"] == "甲、乙"


def test_a_full_round_is_no_reason_to_vote_again(walk: Walk) -> None:
    with pytest.raises(Unfit, match="名额已经选足"):
        meet(walk, votes(*CLEAR), outcome="again")


def test_the_quorum_is_a_draft_told_and_not_refused(walk: Walk) -> None:
    row = meet(walk, votes(*CLEAR, present=15, issued=15, returned=15, voters=20) | {
        "candidates": [{"name": name, "votes": count} for name, count in (("甲", 15), ("乙", 14), ("丙", 9), ("丁", 2))]
    })  # fmt: skip
    assert row.hints
    assert not row.ballots["findings"][0]["holds"]
    assert row.values["members"] == "甲、乙、丙"


def test_those_left_out_with_approval_make_the_base_smaller(walk: Walk) -> None:
    row = meet(walk, votes(*CLEAR, voters=24) | {"left_out": {"ill": 2, "moved": 2}})
    assert row.votes["due"] == 20


def test_without_a_committee_the_meeting_elects_the_secretary(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Walk(cast, monkeypatch, "election", run_of("election", has_committee=False))
    for record in found.run["records"][:5]:
        found.step(record)
    row = meet(found, votes(("甲", 17), seats=1))
    assert row.values == {"secretary": "甲", "valid": True}


def test_names_only_for_an_old_election_written_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Walk(cast, monkeypatch, "election", run_of("election"), written_later=True)
    for record in found.run["records"][:5]:
        found.step(record)
    heads = {"due": 20, "present": 18, "yes": 16, "no": 0, "abstain": 0}
    row = meet(found, None, values={"members": "甲、乙、丙", "valid": True}, votes=heads)
    assert row.ballots is None


def page_of(walk: Walk) -> tuple[Client, str]:
    client = Client()
    enter(client, walk.cast.posts["secretary"].user)
    walk.patch.setenv("ZHIBU_TODAY", str(DAY))
    return client, f"/procedures/{walk.case.pk}/step/meeting/"


def form(*names: tuple[str, int], **more: Any) -> dict[str, Any]:
    told = {f"b-{name}": one for name, one in {**ROUND, **more}.items()} | {"done": str(DAY), "outcome": "yes"}
    for at, (name, count) in enumerate(names):
        told |= {f"b-name_{at}": name, f"b-votes_{at}": count}
    return told


def test_the_page_takes_ballots_and_looks_without_storing(walk: Walk) -> None:
    client, address = page_of(walk)
    asked = client.get(address).content.decode()
    assert "发出选票" in asked
    assert "v_members" not in asked
    seen = client.post(address, form(*CLEAR) | {"look": "1"}).content.decode()
    assert "当选：<b>甲、乙、丙</b>" in seen
    assert len(rows(walk.case)) == 5
    assert client.post(address, form(*CLEAR)).status_code == 302
    case = client.get(f"/procedures/{walk.case.pk}/").content.decode()
    assert "票数和算法" in case
    assert "12 ÷ 18" in case


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (form(("甲", 17)) | {"b-votes_0": ""}, "写上甲的得票"),
        (form(("", 17)), "投给谁的"),
        (form(*CLEAR) | {"b-issued": "十八"}, "b-issued"),
        (form(*CLEAR) | {"b-issued": ""}, "填写发出选票"),
        (form(*CLEAR) | {"b-voters": "-1"}, "b-voters"),
        (form(*CLEAR) | {"b-present": "99999999999"}, "b-present"),
        (form(("<script>alert(1)</script>", 19)), "&lt;script&gt;"),
    ],
)
def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(walk: Walk, told: dict[str, Any], said: str) -> None:
    client, address = page_of(walk)
    answer = client.post(address, told)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert Case.objects.unscoped("t").get().next_step == "meeting"
