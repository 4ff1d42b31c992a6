"""待我办, the settings, faults, samplings, filings: who gets what, and the way through each."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from zhibu.web.approvals.actions import ask
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.dues.models import HandIn, Relief
from zhibu.web.members.models import Transfer
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.tests import given as records
from zhibu.web.review import actions, queries
from zhibu.web.review.actions import sampling
from zhibu.web.review.models import Fault, FaultCall, Filing, Sampling, SamplingResult
from zhibu.web.review.tests import given

pytestmark = pytest.mark.django_db
QUERIES = 35  # of 待我办 for a committee, however many rows
TOWN, BRANCH = "committee_officer", "secretary"


def body(cast: Cast, who: str, address: str, **asked: str) -> str:
    return cast.client(who).get(address, asked).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "提交后由中共云岭县大营镇委员会审核。"),
        ({"types": ["study"], "share": 30}, "其他活动抽查 30%"),
        ({"types": ["study"]}, ""),
        ({"types": []}, ""),
    ],
)
def test_the_check_page_says_who_will_review(cast: Cast, changes: dict[str, object], said: str) -> None:
    given.reviewing(cast, **changes)
    client = cast.client(BRANCH)
    page = client.get(client.post("/records/new/", records.typed()).headers["Location"]).content.decode()
    assert "核对一遍再提交" in page and (said in page if said else "审核" not in page.split("<main")[1])


def test_the_form_of_a_returned_record_says_what_is_missing(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.returned(cast, given.submitted(cast))
    assert "改好，重新提交" in body(cast, BRANCH, f"/records/{record.number}/")
    assert "改好，重新提交" not in body(cast, TOWN, f"/records/{record.number}/")
    form = body(cast, BRANCH, f"/records/{record.number}/edit/")
    assert given.MISSING in form and "保存并重新提交" in form


# --- 待我办 ------------------------------------------------------------------------------------------------------


def test_each_role_gets_the_page_or_a_refusal(cast: Cast) -> None:
    codes = {who: cast.client(who).get("/review/").status_code for who in cast.posts}
    assert {who for who, code in codes.items() if code == 200} == {"officer", TOWN, BRANCH, "neighbour"}
    assert {codes[who] for who in ("leader", "member", "auditor")} == {403}


def test_a_neighbour_finds_nothing(cast: Cast) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    for who in ("neighbour", "leader", "member", "auditor"):
        assert cast.client(who).get(f"/review/records/{record.number}/").status_code in (403, 404), who
    post = cast.client("neighbour").post
    for act in ("accept", "return", "undo", "resubmit", "mark"):
        assert post(f"/review/records/{record.number}/{act}/", {"text": "x"}).status_code == 404, act
    assert cast.client("neighbour").post("/review/decide/", {"one": f"{record.number}:1"}).status_code == 404
    assert given.now(record).review == "waiting"


def test_the_oldest_stands_first_with_its_reason(cast: Cast) -> None:
    given.reviewing(cast)
    first, second = given.submitted(cast, "a"), given.submitted(cast, "b")
    text = body(cast, TOWN, "/review/")
    assert "待我办 2 件" in text and "主题党日都要审核" in text
    assert text.index(first.number) < text.index(second.number)
    assert "没有等着办的" in body(cast, "officer", "/review/")  # the town reviews, not the county


def test_a_batch_tells_of_each_that_was_not_done(cast: Cast) -> None:
    given.reviewing(cast)
    rows = [given.submitted(cast, key) for key in "abc"]
    given.edited(cast, rows[1], content="提交后又改")
    told = {"picked": [f"{one.number}:1" for one in rows], "do": "accept"}
    text = cast.client(TOWN).post("/review/decide/", told, follow=True).content.decode()
    assert "2 条已通过" in text and f"1 条没有通过：{rows[1].number} 支部刚修改过" in text
    assert [given.now(one).review for one in rows] == ["accepted", "waiting", "accepted"]


def test_a_batch_is_returned_with_a_usual_sentence(cast: Cast) -> None:
    given.reviewing(cast)
    rows = [given.submitted(cast, key) for key in "ab"]
    told = {"picked": [f"{one.number}:1" for one in rows], "do": "return", "back_by": given.LATER}
    page = cast.client(TOWN).post("/review/decide/", told)
    assert page.status_code == 422 and "没有原因不能退回" in page.content.decode()
    assert page.content.decode().count(" checked") == 2
    cast.client(TOWN).post("/review/decide/", told | {"usual": "缺签到表", "text": "并写明地点"})
    assert {given.now(one).returned_for for one in rows} == {"缺签到表；并写明地点"}


def test_one_row_by_its_own_button_leaves_the_ticks_alone(cast: Cast) -> None:
    given.reviewing(cast)
    one, other = given.submitted(cast, "a"), given.submitted(cast, "b")
    cast.client(TOWN).post("/review/decide/", {"one": f"{one.number}:1", "picked": f"{other.number}:1"})
    assert (given.now(one).review, given.now(other).review) == ("accepted", "waiting")


@pytest.mark.parametrize("wrong", ["x:y:z", "2026-000001:999999999", "\x00", "2026-000001", "<script>:1"])
def test_hostile_ticks(cast: Cast, wrong: str) -> None:
    given.reviewing(cast)
    given.submitted(cast)
    assert cast.client(TOWN).post("/review/decide/", {"picked": wrong}).status_code in (302, 404)
    assert queries.put_up(cast.scope(TOWN)).count() == 1


def test_a_thing_is_set_aside_until_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given.reviewing(cast)
    record = given.submitted(cast)
    key = f"record:{record.number}"
    page = cast.client(TOWN).post("/review/snooze/", {"key": key, "until": "2026-11-24"}, follow=True)
    assert "放一放的（1）" in page.content.decode()
    assert cast.client(TOWN).post("/review/snooze/", {"key": "record:x", "until": "2026-11-24"}).status_code == 404
    monkeypatch.setenv("ZHIBU_TODAY", "2026-11-24")
    scope = cast.scope(TOWN)
    object.__setattr__(scope, "on", date(2026, 11, 24))
    assert [one.key for one in queries.inbox(scope)[0]] == [key]


def test_other_apps_put_in_what_waits(cast: Cast) -> None:
    ask(
        by=cast.scope(BRANCH), action="members.export_numbers", sentence="导出 8 人", reason="换证",
        organisation=cast.branch, payload={},
    )  # fmt: skip
    text = body(cast, TOWN, "/review/")
    assert "导出 8 人" in text and "等批准" in text


def test_money_and_members_wait_with_the_next_committee_alone(cast: Cast) -> None:
    member = records.members(cast.sister)[0]
    HandIn.objects.create(organisation=cast.branch, handed_on=TODAY, due=126, amount=126)
    Relief.objects.create(member=member, since=TODAY, until=TODAY, reason="困难", studied_on=TODAY)
    Transfer.objects.create(member=member, organisation=cast.sister, to=cast.branch, letter="1", sent_on=TODAY)
    found = {one.key.partition(":")[0]: one for one in queries.inbox(cast.scope(TOWN))[0]}
    assert {"handed", "relief", "transfer"} <= found.keys()
    assert member.name not in body(cast, TOWN, "/review/")  # who it is stands on the page of the matter
    assert not {"handed", "relief", "transfer"} & {
        one.key.partition(":")[0] for who in ("officer", "neighbour") for one in queries.inbox(cast.scope(who))[0]
    }


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_max_num_queries) -> None:
    given.reviewing(cast)
    for number in range(12):
        given.submitted(cast, f"k{number}")
    client = cast.client(TOWN)
    client.get("/review/")
    with django_assert_max_num_queries(QUERIES):
        client.get("/review/")


def test_the_page_of_a_record_decides_and_takes_back(cast: Cast) -> None:
    given.reviewing(cast)
    record, page = given.submitted(cast), cast.client(TOWN)
    address = f"/review/records/{record.number}/"
    wrong = page.post(f"{address}return/", {"version": "1", "back_by": given.LATER})
    assert wrong.status_code == 422 and "没有原因不能退回" in wrong.content.decode()
    page.post(f"{address}return/", {"version": "1", "text": given.MISSING, "back_by": given.LATER})
    assert "撤销最近一次审核" in page.get(address).content.decode()
    late = cast.client("officer").post(f"{address}accept/", {"version": "1"}, follow=True).content.decode()
    assert "已由" in late and "退回补充" in late
    page.post(f"{address}undo/")
    assert given.now(record).review == "waiting"
    page.post(f"{address}accept/", {"version": "1"})
    assert given.now(record).review == "accepted"


def test_the_setting_is_the_own_committees(cast: Cast) -> None:
    told = {
        "types": ["theme_day"],
        "share": "20",
        "sentences": "缺签到表\n\n缺签到表\n没写决定",
        "marks": "2",
        "mark_days": "365",
    }
    assert cast.client(TOWN).post("/review/setting/", told).status_code == 302
    kept = queries.own_setting(cast.scope(TOWN))
    assert (kept.sentences, kept.share, kept.marks) == (["缺签到表", "没写决定"], 20, 2)
    assert kept.seed in body(cast, TOWN, "/review/setting/")
    many = told | {"sentences": "\n".join(f"第 {number} 句" for number in range(11))}
    assert "最多 10 行" in cast.client(TOWN).post("/review/setting/", many).content.decode()
    half = told | {"marks": ""}
    assert cast.client(TOWN).post("/review/setting/", half).status_code == 422
    assert queries.own_setting(cast.scope("officer")) is None


# --- 不经常、不认真、不严肃 ------------------------------------------------------------------------------------------


@pytest.mark.mechanism("M038")
def test_faults_are_pointed_out_answered_and_a_person_decides(cast: Cast) -> None:
    given.reviewing(cast, marks=2, mark_days=365)
    record, town, branch = given.submitted(cast), cast.client(TOWN), cast.client(BRANCH)
    town.post(f"/review/records/{record.number}/mark/", {"kind": "careless", "text": "记录和上月一字不差"})
    assert "记录和上月一字不差" in branch.get("/duties/month/").content.decode()
    assert "指出不认真" in branch.get(f"/records/{record.number}/").content.decode()
    one = Fault.objects.unscoped(given.WHY).get()
    branch.post(f"/review/faults/{one.pk}/answer/", {"text": "抄了上月的，已重写"})
    assert "抄了上月的" in town.get(f"/review/faults/{one.pk}/").content.decode()
    assert "candidates" not in town.get("/review/faults/").content.decode()
    town.post("/review/faults/new/", {"organisation": cast.branch.code, "text": "三季度没有开过党课"})
    listed = town.get("/review/faults/").content.decode()
    assert "反复出现的，要决定" in listed and "不经常 1" in listed
    assert not FaultCall.objects.unscoped(given.WHY).exists()  # nothing happens by itself
    told = {"take": "yes", "text": "补上党课，重写记录", "due_on": "2026-12-20"}
    town.post(f"/review/faults/call/{cast.branch.code}/", told)
    call = FaultCall.objects.unscoped(given.WHY).get()
    assert "整改组织生活的问题" in branch.get("/duties/month/").content.decode()
    assert "支部还没有报告" in town.post(f"/review/calls/{call.pk}/close/", follow=True).content.decode()
    branch.post(f"/review/calls/{call.pk}/report/", {"text": "12 月 3 日补讲党课，记录已重写"})
    town.post(f"/review/calls/{call.pk}/close/")
    call.refresh_from_db(from_queryset=FaultCall.objects.unscoped(given.WHY))
    assert call.closed_on == TODAY
    book = load_workbook(BytesIO(town.get("/review/faults/export/").content)).active
    assert [cell.value for cell in book[4]][:2] == [cast.branch.name, "不经常"]
    assert {book.cell(row, 8).value for row in (4, 5)} == {"已整改"}


def test_only_irregular_is_of_a_branch_and_a_mark_is_taken_back(cast: Cast) -> None:
    from zhibu.web.audit.actions import NotAllowed, Unfit

    scope = cast.scope(TOWN)
    with pytest.raises(Unfit):
        actions.mark(by=scope, organisation=cast.branch, kind="careless", text="没有指明记录")
    with pytest.raises(NotAllowed):
        actions.mark(by=scope, organisation=cast.neighbour, kind="irregular", text="别的镇")
    with pytest.raises(NotAllowed):
        actions.mark(by=cast.scope(BRANCH), organisation=cast.branch, kind="irregular", text="自己")
    made = actions.mark(by=scope, organisation=cast.branch, kind="irregular", text="弄错了支部")
    actions.withdraw(by=scope, fault=made, reason="弄错了支部")
    assert not queries.candidates(scope)
    with pytest.raises(Unfit):
        actions.answer(by=cast.scope(BRANCH), fault=made, text="收到")


def test_repeated_is_what_the_committee_said_and_nothing_before_it(cast: Cast) -> None:
    scope = cast.scope(TOWN)
    for text in ("一", "二", "三"):
        actions.mark(by=scope, organisation=cast.branch, kind="irregular", text=text)
    assert not queries.candidates(scope)
    given.reviewing(cast, marks=3, mark_days=30)
    assert [one.place for one in queries.candidates(scope)] == [cast.branch]
    Fault.objects.unscoped(given.WHY).filter(text="一").update(marked_on=TODAY - timedelta(days=31))
    assert not queries.candidates(scope)


# --- 质量抽查 ------------------------------------------------------------------------------------------------------


def test_a_sample_is_drawn_looked_at_and_said_in_words(cast: Cast) -> None:
    rows = [records.record(cast, key=f"k{number}") for number in range(3)]
    records.record(cast, key="n", who="neighbour")
    town = cast.client(TOWN)
    told = {
        "name": "四季度抽查",
        "starts_on": "2026-10-01",
        "ends_on": "2026-12-31",
        "each": "2",
        "items": "有决定\n写明谁办",
    }
    made = town.post("/review/samplings/new/", told)
    drawn = Sampling.objects.unscoped(given.WHY).get()
    found = queries.samples(drawn)
    assert len(found) == 2 and {one.record.pk for one in found} <= {one.pk for one in rows}
    again = sampling.draw(
        by=cast.scope(TOWN), name="再抽", starts_on=drawn.starts_on, ends_on=drawn.ends_on, each=2, items=["一项"],
        seed=drawn.seed,
    )  # fmt: skip
    assert [one.record_id for one in queries.samples(again)] == [one.record_id for one in found]
    assert town.post(f"/review/samples/{found[0].pk}/", {"item0": "1"}).status_code == 422
    following = town.post(f"/review/samples/{found[0].pk}/", {"item0": "1", "item1": "0", "note": "没写谁办"})
    assert following.headers["Location"] == f"/review/samples/{found[1].pk}/"
    town.post(f"/review/samples/{found[1].pk}/", {"item0": "1", "item1": "1"})
    page = town.get(made.headers["Location"]).content.decode()
    assert "写明谁办（1 条）" in page
    town.post(f"{made.headers['Location']}result/", {"place": cast.branch.code, "text": "决定具体，落实到人还不够"})
    assert SamplingResult.objects.unscoped(given.WHY).get().words == "决定具体，落实到人还不够"
    book = load_workbook(BytesIO(town.get(f"{made.headers['Location']}export/").content)).active
    assert drawn.seed in book.cell(2, 1).value and book.cell(4, 5).value == "决定具体，落实到人还不够"
    for who in ("officer", BRANCH, "neighbour"):
        assert cast.client(who).get(made.headers["Location"]).status_code == 404, who


# --- 备案 --------------------------------------------------------------------------------------------------------


@pytest.fixture
def organ(cast: Cast) -> Organisation:
    """The town's own secretary files to the county."""
    from zhibu.web.access.actions import appoint
    from zhibu.web.access.queries import system_scope
    from zhibu.web.accounts.actions import register

    user, _ = register(username="town-secretary", name="何书记", password="支部-pass-1")
    cast.posts["town"] = appoint(
        by=system_scope(), user=user, organisation=cast.town, role="secretary", starts_on=date(2020, 1, 1)
    )
    return cast.town


@pytest.mark.mechanism("M033")
def test_a_life_meeting_is_filed_from_plan_to_report(cast: Cast, organ: Organisation) -> None:
    unit, county = cast.client("town"), cast.client("officer")
    told = {"kind": "leaders_life_meeting", "year": "2026", "planned_on": "2026-11-20", "plan": "主题：对照检查"}
    address = unit.post("/filings/new/", told).headers["Location"]
    assert "方案等上级审核" in county.get("/review/").content.decode()
    assert "已经报过" in unit.post("/filings/new/", told).content.decode()
    county.post(f"{address}review/", {"do": "return", "text": "没有写征求意见的安排"})
    assert "方案退回补充" in unit.get("/duties/month/").content.decode()
    unit.post("/filings/new/", told | {"plan": "主题：对照检查\n征求意见：10 月底前"})
    county.post(f"{address}review/", {"do": "accept", "attends": "县委组织部副部长 周某"})
    assert "县委组织部副部长 周某" in unit.get("/filings/").content.decode()
    early = unit.post(f"{address}report/", {"record": "2026-000001", "report": "没有记录"})
    assert early.status_code == 422
    meeting = records.record(cast, who="town", key="m", types=["leaders_life_meeting"])
    unit.post(f"{address}report/", {"record": meeting.number, "report": "查摆问题 6 条，整改打算已列"})
    one = Filing.objects.unscoped(given.WHY).get()
    assert (one.stage, one.record_id) == ("report_sent", meeting.pk)
    county.post(f"{address}review/", {"do": "accept"})
    county.post(f"{address}review/", {"do": "undo"})
    assert Filing.objects.unscoped(given.WHY).get().stage == "report_sent"
    county.post(f"{address}review/", {"do": "accept", "text": "可以"})
    assert Filing.objects.unscoped(given.WHY).get().stage == "done"
    assert "已备案" in county.get(address).content.decode()


def test_a_filing_is_taken_back_while_it_waits_and_late_ones_are_marked(cast: Cast, organ: Organisation) -> None:
    unit = cast.client("town")
    told = {"kind": "leaders_life_meeting", "year": "2026", "planned_on": "2026-10-20", "plan": "方案"}
    address = unit.post("/filings/new/", told).headers["Location"]
    unit.post(f"{address}recall/", {"text": "日期要改"})
    assert Filing.objects.unscoped(given.WHY).get().stage == "plan_back"
    assert cast.client("officer").post(f"{address}review/", {"do": "accept"}).status_code == 422
    unit.post("/filings/new/", told)
    cast.client("officer").post(f"{address}review/", {"do": "accept"})
    assert "还没有报告" in cast.client("officer").get("/filings/").content.decode()
    assert cast.client("neighbour").get(address).status_code == 404
    assert cast.client(TOWN).post(f"{address}review/", {"do": "accept"}).status_code == 404  # not one's own judge
