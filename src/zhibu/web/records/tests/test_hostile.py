"""What nobody should type, and somebody will."""

from __future__ import annotations

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from zhibu.web.conftest import Cast
from zhibu.web.records import cleaning
from zhibu.web.records.tests import given

NEW = "/records/new/"


def test_markup_becomes_text(cast: Cast) -> None:
    pasted = "<p class=MsoNormal>议题：<b>用电安全</b></p><p>决定事项：周五前<script>alert(1)</script></p>"
    record = given.sent(cast.client("secretary"), content=pasted, topic="<img src=x onerror=alert(1)>题目")
    assert record.content == "议题：用电安全\n决定事项：周五前"
    assert record.topic == "题目"


@pytest.mark.parametrize(
    "text",
    [
        "若 x<y 则 z>w",
        "3 < 5 & 7 > 2",
        "<今天>",
        "a<b",
        "=HYPERLINK(1)",
        "价格：5<6",
        "&lt;b&gt;是加粗的写法",
        "@甲 +1 -2",
    ],
)
def test_honest_text_is_kept(text: str) -> None:
    assert cleaning.plain(text) == text


def test_what_is_left_is_escaped_on_the_page(cast: Cast) -> None:
    client = cast.client("secretary")
    record = given.sent(client, content="若 x<y 则办；<svg/onload=alert(1)> '\"><")
    page = client.get(f"/records/{record.number}/").content.decode()
    assert "若 x&lt;y 则办" in page
    assert "onload" not in page


def test_invisible_characters_go(cast: Cast) -> None:
    record = given.sent(cast.client("secretary"), content="正\x00文\u202e倒\u200b写\x07", host="李\x00文秀")
    assert (record.content, record.host) == ("正文倒写", "李文秀")


def test_full_width_and_spoken_forms(cast: Cast) -> None:
    record = given.sent(
        cast.client("secretary"),
        held_on="２０２６年11月5日",
        starts_at="１９：００",
        ends_at="20点30分",
        hours="１.５",
        content="议题是用电安全逗号周五前办完句号到会３６人",
    )
    assert f"{record.held_on} {record.starts_at:%H:%M} {record.hours}" == "2026-11-05 19:00 1.50"
    assert record.content == "议题是用电安全，周五前办完。到会36人"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"held_on": "2026-02-30"}, "活动日期写成 2026-11-21 这样"),
        ({"held_on": "昨天"}, "活动日期写成 2026-11-21 这样"),
        ({"held_on": ""}, "填写活动日期"),
        ({"held_on": "1999-12-31"}, "活动日期 1999-12-31 早于本组织建立的日期 2010-01-01，核对年份"),
        ({"starts_at": "25:00"}, "开始时间写成 19:00 这样"),
        ({"hours": "-3"}, "学时不能小于 0"),
        ({"hours": "1e9"}, "学时最多 200"),
        ({"hours": "NaN"}, "学时写成 1.5 这样"),
        ({"types": ["dropped_table"]}, "活动类型里没有“dropped_table”"),
        ({"types": []}, "选一项：这次活动算作什么"),
        ({"rest": "vanished"}, "没有单独选的人：选一项"),
        ({"content": "字" * 100_000}, "有 100000 字，最多 50000 字；只记要点就可以"),
        ({"place": "远" * 121}, "地点最多 120 字"),
        ({"rest": "leave"}, "到会 0 人，至少记 1 人到会"),
    ],
)
def test_each_mistake_is_told_once_at_its_field(cast: Cast, changes: dict, error: str) -> None:
    answer = cast.client("secretary").post(NEW, given.typed(**changes))
    assert answer.status_code == 422
    assert given.errors(answer.content.decode().replace("&quot;", '"')) == [error]


@pytest.mark.parametrize("name", ["state-999999", "state-abc", "state-", "state-²", "state-99999999999999999999"])
def test_made_up_people_are_refused(cast: Cast, name: str) -> None:
    answer = cast.client("secretary").post(NEW, given.typed(**{name: "present"}))
    assert given.errors(answer.content.decode()) == ["名单里有不是本支部名册上的人，重新打开这页再记"]


@pytest.mark.parametrize("whose", ["sister", "neighbour"])
def test_people_of_another_branch_are_refused(cast: Cast, whose: str) -> None:
    stranger = given.members(getattr(cast, whose))[0]
    answer = cast.client("secretary").post(NEW, given.typed(**{f"state-{stranger.pk}": "present"}))
    assert answer.status_code == 422
    assert stranger.name not in answer.content.decode()
    assert given.all_records() == []


@pytest.mark.parametrize("key", ["../../etc", "x" * 300, "", "钥匙 1", "<b>"])
def test_odd_keys_do_not_get_through(cast: Cast, key: str) -> None:
    assert cast.client("secretary").post(NEW, given.typed(key=key)).status_code == 422


@pytest.mark.parametrize("number", ["%00", "2026-000001%00", "9" * 80, "..%2f", "'--"])
def test_odd_numbers_are_not_found(cast: Cast, number: str) -> None:
    for page in ("", "edit/", "receipt/"):
        assert cast.client("secretary").get(f"/records/{number}/{page}").status_code == 404


def test_zero_bytes_in_what_is_posted_do_no_harm(cast: Cast) -> None:
    odd = {"rule": "a\x00/b", "period": "2\x00", "state-\x00": "present", "seen": "\x00", "tab": "\x00"}
    for do in ("check", "save", "today", "last"):
        assert cast.client("secretary").post(NEW, given.typed(**odd, do=do)).status_code < 500
    assert cast.client("secretary").post("/records/draft/", given.typed(**odd)).status_code < 500


@pytest.mark.parametrize(
    "query", ["rule=x", "rule=a/b/c&period=%00", "rule=branch-life/none&period=2026-13", "key=%00"]
)
def test_odd_links_open_an_empty_form(cast: Cast, query: str) -> None:
    assert cast.client("secretary").get(f"{NEW}?{query}", follow=True).status_code == 200


@any_of(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = cleaning.plain(text)
    assert cleaning.plain(once) == once


@any_of(
    st.lists(st.sampled_from(["<p>", "</p>", "<b", ">", "&lt;", "&gt;", "&amp;", "script", "x", "<", "\n", "<!--"]))
)
@settings(max_examples=300, deadline=None)
def test_cleaning_markup_twice_changes_nothing_more(parts: list[str]) -> None:
    once = cleaning.plain("".join(parts))
    assert cleaning.plain(once) == once
