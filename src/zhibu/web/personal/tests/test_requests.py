"""Ask, answer, do: each kind of request end to end through the pages."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.members.models import Member
from zhibu.web.personal import answering, asking, standings
from zhibu.web.personal.models import Request, Standing
from zhibu.web.personal.tests.conftest import NAME, NUMBER, PHONE

pytestmark = pytest.mark.django_db


def ask(cast: Cast, **given: str):
    return cast.client("lan").post("/me/requests/", {"text": "身份证上的写法不同", **given})


def only() -> Request:
    return Request.objects.unscoped("t").get()


def answer(cast: Cast, who: str, **given: str):
    return cast.client(who).post(f"/personal/requests/{only().pk}/", {"reason": "", **given})


def test_a_correction_changes_the_row_with_its_line(cast: Cast, lan: Member) -> None:
    response = ask(cast, kind="correct", education="本科", phone="138 7777 6667", born_on="1980-01-02")
    assert response.status_code == 302
    asked = only()
    assert (asked.organisation, asked.due_on) == (cast.branch, date(2026, 12, 6))
    assert "13877776667" not in str(vars(asked))  # sealed
    page = cast.client("secretary").get(f"/personal/requests/{asked.pk}/").content.decode()
    assert "138****6667" in page
    assert "13877776667" not in page
    assert answer(cast, "secretary", decision="accept").status_code == 302
    lan = Member.objects.unscoped("t").get(pk=lan.pk)
    assert (lan.education, lan.phone, lan.born_on) == ("本科", "13877776667", date(1980, 1, 2))
    line = Line.objects.unscoped("t").get(action="members.correct")
    assert line.old == {"phone": "****66", "born_on": "1980-01-01", "education": "大专"}
    assert line.new == {"phone": "****67", "born_on": "1980-01-02", "education": "本科"}
    mine = cast.client("lan").get("/me/requests/").content.decode()
    assert "已办理" in mine


def test_a_refusal_has_its_reason_and_the_asker_reads_it(cast: Cast, lan: Member) -> None:
    ask(cast, kind="delete")
    assert answer(cast, "secretary", decision="refuse").status_code == 422
    assert answer(cast, "secretary", decision="refuse", template="still_member").status_code == 422
    done = answer(cast, "secretary", decision="refuse", template="still_member", reason="支部 2026 年名册")
    assert done.status_code == 302
    mine = cast.client("lan").get("/me/requests/").content.decode()
    assert "您的组织关系仍在本支部" in mine
    assert "支部 2026 年名册" in mine
    assert "没有同意" in mine
    assert Member.objects.unscoped("t").get(pk=lan.pk).name == NAME


def test_the_secretary_may_refuse_but_not_delete(cast: Cast, lan: Member) -> None:
    ask(cast, kind="delete")
    response = answer(cast, "secretary", decision="accept")
    assert response.status_code == 422
    assert "由上级党委办理" in response.content.decode()
    assert only().state == "asked"
    assert answer(cast, "committee_officer", decision="accept").status_code == 302
    assert Standing.objects.unscoped("t").get().state == "erased"


def test_nobody_answers_their_own(cast: Cast) -> None:
    asked = asking.ask(by=cast.scope("secretary"), kind="correct", text="姓名写错了")
    with pytest.raises(NotAllowed, match="另一个人"):
        answering.refuse(by=cast.scope("secretary"), request=asked, template="other", reason="不办")
    assert answering.accept(by=cast.scope("committee_officer"), request=asked, reason="已改").state == "accepted"


def test_who_holds_an_office_is_not_taken_out_of_processing(cast: Cast) -> None:
    member = Member.objects.unscoped("t").filter(organisation=cast.branch)[0]
    member.user = cast.posts["secretary"].user
    member.save()
    with pytest.raises(NotAllowed, match="先免职"):
        standings.restrict(by=cast.scope("officer"), member=member)


def test_answered_once(cast: Cast, lan: Member) -> None:
    ask(cast, kind="restrict")
    asked = only()
    answering.refuse(by=cast.scope("secretary"), request=asked, template="other", reason="请到支部来")
    with pytest.raises(NotAllowed, match="已经答复"):
        answering.accept(by=cast.scope("officer"), request=asked)
    assert not Standing.objects.unscoped("t").exists()


def test_taken_back_by_the_asker_alone(cast: Cast, lan: Member) -> None:
    ask(cast, kind="restrict")
    number = only().pk
    assert cast.client("member").post(f"/me/requests/{number}/take-back/").status_code == 404
    assert cast.client("lan").post(f"/me/requests/{number}/take-back/").status_code == 302
    assert only().state == "taken_back"
    assert answer(cast, "secretary", decision="accept").status_code == 404


def test_out_of_reach_reads_like_nothing(cast: Cast, lan: Member) -> None:
    ask(cast, kind="restrict")
    assert answer(cast, "neighbour", decision="accept").status_code == 404
    assert NAME not in cast.client("neighbour").get("/personal/requests/").content.decode()
    assert NAME in cast.client("committee_officer").get("/personal/requests/").content.decode()


def test_the_clock(cast: Cast, lan: Member, monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.PERSONAL.write_text("answer_days: 10\n")
    ask(cast, kind="restrict")
    assert only().due_on == date(2026, 12, 1)
    monkeypatch.setenv("ZHIBU_TODAY", "2026-12-02")
    assert "已过期" in cast.client("lan").get("/me/requests/").content.decode()
    assert "逾期" in cast.client("secretary").get("/personal/requests/").content.decode()


def test_an_identity_number_of_another_row_is_refused(cast: Cast, lan: Member) -> None:
    other = Member.objects.unscoped("t").filter(organisation=cast.neighbour)[0]
    ask(cast, kind="correct", id_number=other.id_number)
    response = answer(cast, "secretary", decision="accept")
    assert response.status_code == 422
    assert "已登记在另一名党员名下" in response.content.decode()
    assert Member.objects.unscoped("t").get(pk=lan.pk).id_number == NUMBER


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "选一项"),
        ({"kind": "correct", "text": ""}, "更正什么"),
        ({"kind": "correct", "id_number": "9900"}, "完整的 18 位"),
        ({"kind": "correct", "born_on": "2030-01-01"}, "不能晚于今天"),
    ],
)
def test_mistakes_teach(cast: Cast, lan: Member, given: dict[str, str], words: str) -> None:
    response = ask(cast, **given)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Request.objects.unscoped("t").exists()


def test_not_without_end(cast: Cast, lan: Member) -> None:
    for _ in range(asking.MOST):
        assert ask(cast, kind="restrict").status_code == 302
    response = ask(cast, kind="restrict")
    assert response.status_code == 422
    assert "还没有答复" in response.content.decode()
    assert Request.objects.unscoped("t").count() == asking.MOST


def test_numbers_are_nowhere_in_the_log(cast: Cast, lan: Member) -> None:
    before = Line.objects.unscoped("t").count()  # the account's own opening names it
    ask(cast, kind="correct", phone="13912345678", id_number="990001198001018888")
    answer(cast, "secretary", decision="accept")
    told = " ".join(
        str(value) for line in Line.objects.unscoped("t").order_by("pk")[before:] for value in vars(line).values()
    )
    for number in ("13912345678", "990001198001018888", NUMBER, PHONE):
        assert number not in told
