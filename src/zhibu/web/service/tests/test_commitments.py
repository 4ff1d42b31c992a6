"""承诺践诺: made, shown inside, reminded of, fulfilled with a sentence, confirmed by another person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.personal import standings
from zhibu.web.service import commitments, queries
from zhibu.web.service.models import Commitment
from zhibu.web.service.tests.given import LATER, colleague, person

pytestmark = pytest.mark.django_db


def made(cast: Cast, **more: Any) -> Commitment:
    told: dict[str, Any] = {"text": "每周清扫一次河道", "due_on": LATER, "public": True} | more
    return commitments.make(by=cast.scope("secretary"), **told)


@pytest.mark.mechanism("M299")
def test_a_member_commits_fulfils_and_another_confirms(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one, me, secretary = person(cast), cast.client("member"), cast.client("secretary")
    assert me.post("/service/me/commit/", {"text": "帮三户修水管", "due_on": LATER, "public": "on"}).status_code == 302
    kept = Commitment.objects.unscoped("t").get()
    assert (kept.member, kept.organisation) == (one, cast.branch)
    assert f"{one.name}的承诺：帮三户修水管" in secretary.get("/duties/month/").content.decode()
    board = me.get(f"/service/board/{cast.branch.code}/").content.decode()
    assert "帮三户修水管" in board and one.name in board
    monkeypatch.setenv("ZHIBU_TODAY", (LATER + timedelta(days=1)).isoformat())
    assert "1 条过了期限" in cast.client("officer").get("/service/commitments/").content.decode()
    told = {"text": "修好三户", "on": LATER.isoformat()}
    assert me.post(f"/service/me/commitments/{kept.pk}/fulfil/", told).status_code == 302
    assert "等确认" in secretary.get("/service/commitments/?state=waiting").content.decode()
    assert secretary.post(f"/service/commitments/{kept.pk}/confirm/").status_code == 302
    kept = Commitment.objects.unscoped("t").get()
    assert kept.confirmed_by == cast.posts["secretary"].user and kept.status(TODAY) == ("done", "已践诺")
    assert "已践诺 1 条" in cast.client("officer").get("/service/commitments/").content.decode()
    assert secretary.get("/service/commitments/export/").status_code == 200
    assert "修好三户" in me.get("/service/me/").content.decode()


def test_nobody_confirms_their_own(cast: Cast) -> None:
    kept = made(cast)
    by = cast.scope("secretary")
    commitments.fulfil(by=by, commitment=kept, on=TODAY, text="清扫四次")
    with pytest.raises(Unfit, match="另一个人"):
        commitments.confirm(by=by, commitment=kept)
    answer = cast.client("secretary").post(f"/service/commitments/{kept.pk}/confirm/")
    assert answer.status_code == 422 and "另一个人" in answer.content.decode()
    other = colleague(cast)
    commitments.give_back(by=other, commitment=kept, reason="只清了两次")
    assert Commitment.objects.unscoped("t").get().status(TODAY)[0] == "soon"
    commitments.fulfil(by=by, commitment=kept, on=TODAY, text="清扫四次")
    commitments.confirm(by=other, commitment=kept)
    with pytest.raises(Unfit, match="已经确认"):
        commitments.withdraw(by=by, commitment=kept, reason="x")


def test_what_is_not_public_is_not_on_the_board(cast: Cast) -> None:
    made(cast, text="不公开的事", public=False)
    made(cast, text="公开的事")
    page = cast.client("member").get(f"/service/board/{cast.branch.code}/").content.decode()
    assert "公开的事" in page and "不公开的事" not in page
    assert cast.client("member").get(f"/service/board/{cast.sister.code}/").status_code == 404
    assert cast.client("member").get("/service/commitments/").status_code == 403


def test_one_is_withdrawn_with_a_reason_and_gone_from_the_board(cast: Cast) -> None:
    person(cast)
    me = cast.client("member")
    me.post("/service/me/commit/", {"text": "写错了的", "due_on": LATER})
    kept = Commitment.objects.unscoped("t").get()
    assert not kept.public
    me.post(f"/service/me/commitments/{kept.pk}/withdraw/", {"reason": ""})
    assert Commitment.objects.unscoped("t").get().withdrawn_on is None
    me.post(f"/service/me/commitments/{kept.pk}/withdraw/", {"reason": "写错了"})
    assert Commitment.objects.unscoped("t").get().status(TODAY)[1] == "已撤回"
    assert cast.client("secretary").get("/duties/month/").content.decode().count("写错了的") == 0


@pytest.mark.parametrize("who", ROLES)
def test_who_reads_and_keeps(cast: Cast, who: str) -> None:
    kept, client = made(cast), cast.client(who)
    reads = who in ("officer", "committee_officer", "secretary", "leader")
    assert client.get(f"/service/commitments/{kept.pk}/").status_code == (200 if reads else 403)
    answer = client.post(f"/service/commitments/{kept.pk}/withdraw/", {"reason": "不做了"})
    keeps = who in ("officer", "committee_officer", "secretary")
    assert answer.status_code == (302 if who == "secretary" else 422 if keeps else 403)


def test_the_neighbour_sees_nothing(cast: Cast) -> None:
    kept = made(cast)
    client = cast.client("neighbour")
    assert client.get(f"/service/commitments/{kept.pk}/").status_code == 404
    assert "每周清扫" not in client.get("/service/commitments/").content.decode()
    with pytest.raises(NotAllowed):
        commitments.fulfil(by=cast.scope("neighbour"), commitment=kept, on=TODAY, text="x")
    with pytest.raises(NotAllowed):
        commitments.make(by=cast.scope("neighbour"), text="x", due_on=LATER, public=True, member=person(cast))


def test_somebody_restricted_is_left_out(cast: Cast) -> None:
    one = person(cast)
    made(cast, member=one)
    standings.restrict(by=cast.scope("officer"), member=one)
    for who in ("secretary", "officer"):
        assert not queries.commitments(cast.scope(who).doing("service.view"))
    assert one.name not in cast.client("secretary").get(f"/service/board/{cast.branch.code}/").content.decode()


@pytest.mark.parametrize("told", [{"text": ""}, {"text": "长" * 201}, {"due_on": "2026-11-01"}, {"due_on": "x"}])
def test_what_is_refused(cast: Cast, told: dict[str, str]) -> None:
    right = {"text": "一件事", "due_on": LATER.isoformat()}
    assert cast.client("secretary").post("/service/commitments/new/", right | told).status_code == 422
    assert cast.client("secretary").post("/service/commitments/new/", right).status_code == 302


def test_queries_do_not_grow(cast: Cast, django_assert_max_num_queries: Any) -> None:
    one = person(cast)
    for number in range(15):
        made(cast, text=f"事{number}", member=one if number % 2 else None)
    client = cast.client("officer")
    with django_assert_max_num_queries(24):
        client.get("/service/commitments/")
