"""What was refused is in the log, once a minute, whatever a stranger or a colleague tries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from zhibu.web.audit import denials, where
from zhibu.web.audit.actions import NotAllowed, action
from zhibu.web.audit.denials import refused
from zhibu.web.audit.models import Denial, Line
from zhibu.web.conftest import Cast
from zhibu.web.core import clock

AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)


def lines(**where: str) -> list[Line]:
    return list(Line.objects.unscoped("t").filter(**where).order_by("pk"))


def test_out_of_reach_is_a_line_with_everything(cast: Cast) -> None:
    client = cast.client("secretary")
    address = f"/o/{cast.neighbour.code}/"
    assert client.get(address, headers={"user-agent": AGENT}, REMOTE_ADDR="10.9.8.7").status_code == 404
    (line,) = lines(outcome="denied")
    assert (line.user.username, line.post_id_then) == ("secretary", cast.posts["secretary"].pk)
    assert line.post_title == "大营镇槐树村党支部·书记"
    assert (line.address, line.device, line.action) == ("10.9.8.7", "Chrome 130, Windows", "branch.view")
    assert line.sentence == f"GET {address}：不在范围内或不存在"
    assert line.organisation_path == cast.branch.path, "the auditor above sees it"
    assert line.new == {"path": address, "method": "GET", "status": 404}


def test_without_permission_is_a_line(cast: Cast) -> None:
    assert cast.client("member").post("/feedback/1/").status_code == 403
    (line,) = lines(outcome="denied")
    assert line.sentence == "POST /feedback/1/：没有权限"


def test_what_an_action_refuses_is_a_403_and_a_line(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page let it pass, the action did not."""
    from zhibu.web.audit import verification

    @action("audit.verify")
    def no(*, by: object) -> None:
        raise NotAllowed("不在本级管理范围内")

    monkeypatch.setattr(verification, "ask", no)
    assert cast.client("auditor").post("/audit/chain/verify/").status_code == 403
    (line,) = lines(outcome="denied")
    assert line.sentence == "POST /audit/chain/verify/：不在本级管理范围内"


def test_what_an_action_refuses_is_a_line_however_the_page_puts_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhibu.web.audit import views_chain

    @action("audit.hold")
    def no(*, by: object, **_: object) -> None:
        raise NotAllowed("已经有人作了决定")

    def caught(**given: object) -> list:
        with pytest.raises(NotAllowed):
            no(**given)
        return []

    monkeypatch.setattr(views_chain, "take_in", caught)
    assert cast.client("auditor").post("/audit/chain/take/", {"text": "x"}).status_code == 302
    (line,) = lines(outcome="denied")
    assert (line.action, line.sentence) == ("audit.hold", "POST /audit/chain/take/：已经有人作了决定")


def test_strangers_and_unknown_addresses_leave_none(cast: Cast) -> None:
    Client().get(f"/o/{cast.branch.code}/")
    cast.client("secretary").get("/no/such/page/")
    assert lines(outcome="denied") == []


def test_the_same_within_a_minute_is_counted(cast: Cast, at: Callable) -> None:
    now = clock.now()
    client = cast.client("secretary")
    for code in (cast.neighbour.code, cast.neighbour.code, cast.other_town.code):
        client.get(f"/o/{code}/")
    assert len(lines(outcome="denied")) == 1
    assert denials.settle() == 0, "the minute is not over"
    at(now + timedelta(minutes=2))
    assert denials.settle() == 1
    assert lines(outcome="denied")[-1].sentence.endswith("（一分钟内又有 2 次）")
    assert lines(outcome="denied")[-1].new["repeated"] == 2
    assert not Denial.objects.exists()


def test_the_next_minute_begins_with_the_count_of_the_last(cast: Cast, at: Callable) -> None:
    now = clock.now()
    client = cast.client("secretary")
    for minute in (0, 0, 0, 5):
        at(now + timedelta(minutes=minute))
        client.get(f"/o/{cast.neighbour.code}/")
    assert [line.new.get("repeated") for line in lines(outcome="denied")] == [None, 2, None]


def test_a_clock_put_back_does_not_silence(db: None, at: Callable) -> None:
    now = clock.now()
    refused(action="x", sentence="x")
    at(now - timedelta(days=1))
    refused(action="x", sentence="x")
    assert len(lines()) == 2


def test_another_person_another_action_another_outcome_are_not_the_same(cast: Cast) -> None:
    for who in ("secretary", "member"):
        for name in ("x", "y"):
            for outcome in ("denied", "failed"):
                refused(by=cast.scope(who), action=name, sentence=name, outcome=outcome)
    assert len(lines(sentence="x") + lines(sentence="y")) == 8


def test_strangers_cannot_fill_the_disk(db: None, at: Callable) -> None:
    """A thousand addresses and accounts in a minute: a hundred lines, one for the rest, and its count."""
    now = clock.now()
    for number in range(300):
        token = where.address.set(f"10.0.{number // 250}.{number % 250}")
        refused(action="accounts.sign_in", outcome="failed", sentence="密码不对", about=str(number))
        where.address.reset(token)
    assert len(lines()) == denials.STRANGERS + 1
    at(now + timedelta(minutes=2))
    denials.settle()
    assert lines()[-1].new["repeated"] == 300 - denials.STRANGERS - 1


def test_a_denial_outlives_the_transaction_it_denied(cast: Cast) -> None:
    @action("records.submit")
    def half(*, by: object) -> None:
        refuse_after_a_write(cast)

    with pytest.raises(NotAllowed), transaction.atomic():
        half(by=cast.scope("secretary"))
    refused(by=cast.scope("secretary"), action="records.submit", sentence="不能")
    assert [line.sentence for line in lines(outcome="denied")] == ["不能"]


def refuse_after_a_write(cast: Cast) -> None:
    cast.branch.name = "改名"
    cast.branch.save()
    raise NotAllowed("不能")


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (AGENT, "Chrome 130, Windows"),
        (f"{AGENT} Edg/131.0", "Edge 131, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1",
            "Safari 17, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile MicroMessenger/8.0.42", "微信 8, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128, Linux"),
        ("curl/7.88.1", "curl 7"),
        ("<script>\x00\n13999990013", ""),
        (None, ""),
    ],
)
def test_a_device_in_a_few_words(agent: str | None, device: str) -> None:
    assert where.device_of(agent) == device
