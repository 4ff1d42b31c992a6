"""意见建议: anybody may send, without a name nothing leads back, officers answer, everybody reads the answer."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.feedback import actions
from zhibu.web.feedback.models import Feedback
from zhibu.web.feedback.queries import addressee, answer_by, waiting

pytestmark = pytest.mark.django_db


def send(cast: Cast, who: str = "secretary", **fields: str):
    return cast.client(who).post("/feedback/", {"text": "表太多", **fields}, REMOTE_ADDR="10.9.8.7")


def only() -> Feedback:
    return Feedback.objects.unscoped("t").get()


@pytest.mark.parametrize("who", ROLES)
def test_everybody_may_send(cast: Cast, who: str) -> None:
    assert cast.client(who).get("/feedback/").status_code == 200
    response = send(cast, who)
    assert (response.status_code, response["Location"]) == (302, "/feedback/")
    assert only().text == "表太多"


def test_every_page_has_the_way_here(cast: Cast) -> None:
    for who, address in (
        ("secretary", "/members/"),
        ("officer", "/board/"),
        ("member", "/me/"),
        ("auditor", "/audit/"),
    ):
        assert '<a href="/feedback/">意见建议</a>' in cast.client(who).get(address).content.decode()


@pytest.mark.mechanism("M322")
def test_without_a_name_nothing_leads_back(cast: Cast) -> None:
    send(cast, contact="")
    sent, user = only(), cast.posts["secretary"].user
    assert (sent.user, sent.name, sent.contact) == (None, "", "")
    assert sent.organisation == cast.town  # the committee that answers, not the branch
    line = Line.objects.unscoped("t").get(action="feedback.send")
    assert (line.user, line.address, line.post_title) == (None, "", "系统")
    kept = " ".join(str(value) for row in (sent, line) for value in vars(row).values())
    for trace in (user.username, "10.9.8.7", cast.branch.name, cast.branch.path):
        assert trace not in kept.replace("feedback", "")
    assert "我提过的" not in cast.client("secretary").get("/feedback/").content.decode()


@pytest.mark.mechanism("M322")
def test_answered_in_public_with_the_offices_subject(cast: Cast) -> None:
    send(cast, text="王某某填表太慢", name="李书记", contact="13900001111")
    client = cast.client("committee_officer")
    assert "王某某填表太慢" in client.get("/feedback/").content.decode()
    response = client.post(f"/feedback/{only().pk}/", {"subject": "表太多", "answer": "已合并两张表"})
    assert response["Location"] == "/feedback/"
    for who in ("member", "auditor", "neighbour"):
        page = cast.client(who).get("/feedback/").content.decode()
        assert "表太多" in page
        assert "已合并两张表" in page
        assert "大营镇委员会" in page
        for private in ("王某某", "李书记", "13900001111"):
            assert private not in page
    assert "已答复：已合并两张表" in cast.client("secretary").get("/feedback/").content.decode()
    assert Line.objects.unscoped("t").filter(action="feedback.answer", organisation_name=cast.town.name).exists()


def test_a_name_keeps_the_sender(cast: Cast) -> None:
    send(cast, name="李书记", contact="8899")
    assert (only().user, only().contact) == (cast.posts["secretary"].user, "8899")
    assert "我提过的" in cast.client("secretary").get("/feedback/").content.decode()
    assert "我提过的" not in cast.client("member").get("/feedback/").content.decode()


def test_only_the_addressee_and_above_see_what_waits(cast: Cast) -> None:
    send(cast, "neighbour", text="金丝雀")
    found = only()
    assert found.organisation == cast.other_town
    assert "金丝雀" not in cast.client("committee_officer").get("/feedback/").content.decode()
    assert cast.client("committee_officer").get(f"/feedback/{found.pk}/").status_code == 404
    assert "金丝雀" in cast.client("officer").get("/feedback/").content.decode()
    for who in ("secretary", "leader", "member", "auditor"):
        assert cast.client(who).get(f"/feedback/{found.pk}/").status_code == 403
        assert "金丝雀" not in cast.client(who).get("/feedback/").content.decode()


def test_answered_once_only(cast: Cast) -> None:
    send(cast)
    by, first = cast.scope("committee_officer"), only()
    actions.answer(by=by, feedback=first, subject="甲", text="乙")
    with pytest.raises(actions.AlreadyAnsweredError):
        actions.answer(by=by, feedback=first, subject="丙", text="丁")
    assert only().answer == "乙"
    assert not waiting(by).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"text": ""}, "写下意见或建议"), ({"text": "长" * 2001}, "最多 2000 字"), ({"contact": "139"}, "也写上姓名")],
)
def test_mistakes_keep_what_was_typed(cast: Cast, fields: dict[str, str], words: str) -> None:
    response = send(cast, **fields)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "需要修改" in page
    assert not Feedback.objects.unscoped("t").exists()


def test_it_is_escaped(cast: Cast) -> None:
    send(cast, text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in cast.client("officer").get("/feedback/").content.decode()


def test_who_answers(cast: Cast) -> None:
    assert addressee(cast.scope("secretary")) == cast.town
    assert addressee(cast.scope("committee_officer")) == cast.county
    assert addressee(cast.scope("officer")) == cast.county


def test_ten_working_days() -> None:
    assert answer_by(date(2026, 11, 20)) == date(2026, 12, 4)  # Friday to Friday, two weeks on
    assert answer_by(date(2026, 11, 21)) == date(2026, 12, 4)
