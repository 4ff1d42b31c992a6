"""Opinions, talks, reserves, exchanges, careers: through the pages, as each of the cast."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.burden.models import SentDown
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.members.models import Member
from zhibu.web.offices import registers, reserves
from zhibu.web.offices.actions import matters, seats
from zhibu.web.offices.models import Career, Exchange, Opinion, Reserve, Talk, Tenure
from zhibu.web.offices.standards import set_standard
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

pytestmark = pytest.mark.django_db
TEXT = "\u202e<script>alert(1)</script>=1+1"


def ask(cast: Cast, kind: str = "appoint") -> Opinion:
    form = {"organisation": cast.branch.code, "kind": kind, "matter": "拟任用一名干部", "due_on": "2026-11-30"}
    response = send(cast.client("committee_officer"), "/offices/opinions/new/", form)
    found = Opinion.objects.unscoped("t").latest("pk")
    assert response["Location"] == f"/offices/opinions/{found.pk}/"
    return found


@pytest.mark.mechanism("M244")
@pytest.mark.mechanism("M246")
def test_a_matter_is_not_closed_without_the_opinion(cast: Cast) -> None:
    one = ask(cast)
    officer, secretary = cast.client("committee_officer"), cast.client("secretary")
    page = officer.get(f"/offices/opinions/{one.pk}/").content.decode()
    assert "收到书面意见以后才能办结" in page
    response = officer.post(f"/offices/opinions/{one.pk}/close/", {"outcome": "采纳"})
    assert response.status_code == 422
    assert "不能办结" in response.content.decode()
    assert secretary.post(f"/offices/opinions/{one.pk}/reply/", {"text": "同意" + TEXT}).status_code == 302
    page = officer.get(f"/offices/opinions/{one.pk}/").content.decode()
    assert "同意" in page
    assert "<script>alert" not in page
    assert officer.post(f"/offices/opinions/{one.pk}/close/", {"outcome": "采纳"}).status_code == 302
    one.refresh_from_db(fields=["closed_on", "replied_on"])
    assert (one.closed_on, one.replied_on) == (TODAY, TODAY)
    with pytest.raises(Unfit, match="已经办结"):
        matters.close(by=cast.scope("committee_officer"), opinion=one, outcome="再")


def test_what_was_asked_stands_in_the_month_and_can_be_taken_back(cast: Cast) -> None:
    one, officer = ask(cast), cast.client("committee_officer")
    sent = SentDown.objects.unscoped("t").get(thing_id=one.pk)
    assert (sent.minutes, sent.units, sent.title) == (20, 1, "任免")  # the matter is not public
    month = cast.client("secretary").get("/duties/month/").content.decode()
    assert "答复意见：任免" in month and "拟任用一名干部" not in month
    address = f"/offices/opinions/{one.pk}/recall/"
    assert cast.client("secretary").post(address, {"reason": "错"}).status_code == 403
    assert cast.client("neighbour").post(address, {"reason": "错"}).status_code in (403, 404)
    assert officer.post(address, {"reason": ""}).status_code == 422
    assert officer.post(address, {"reason": "问错了单位"}).status_code == 302
    assert "撤回：问错了单位" in officer.get(f"/offices/opinions/{one.pk}/").content.decode()
    assert "答复意见" not in cast.client("secretary").get("/duties/month/").content.decode()
    sent.refresh_from_db()
    assert sent.withdrawn_on == TODAY
    matters.ask(by=cast.scope("officer"), organisation=cast.town, kind="reward", matter="先进", due_on=TODAY)
    assert "答复意见：奖励" in cast.client("committee_officer").get("/review/").content.decode()
    two = ask(cast)
    matters.reply(by=cast.scope("secretary"), opinion=two, text="同意")
    with pytest.raises(Unfit, match="已经答复，不能撤回"):
        matters.recall(by=cast.scope("committee_officer"), opinion=two, reason="晚了")


@pytest.mark.mechanism("M245")
def test_an_appraisal_needs_who_took_part(cast: Cast) -> None:
    one = ask(cast, "appraise")
    secretary = cast.client("secretary")
    response = secretary.post(f"/offices/opinions/{one.pk}/reply/", {"text": "同意"})
    assert response.status_code == 422
    assert "写明是谁" in response.content.decode()
    given = {"text": "同意", "participants": "李书记"}
    assert secretary.post(f"/offices/opinions/{one.pk}/reply/", given).status_code == 302


def test_only_the_one_asked_replies_and_once(cast: Cast) -> None:
    one = ask(cast)
    with pytest.raises(Unfit, match="槐树村党支部答复"):
        matters.reply(by=cast.scope("officer"), opinion=one, text="替他说")
    with pytest.raises(NotAllowed):
        matters.reply(by=cast.scope("neighbour"), opinion=one, text="越界")
    assert cast.client("neighbour").get(f"/offices/opinions/{one.pk}/").status_code == 404
    matters.reply(by=cast.scope("secretary"), opinion=one, text="同意")
    with pytest.raises(Unfit, match="已经答复"):
        matters.reply(by=cast.scope("secretary"), opinion=one, text="又说")
    with pytest.raises(Unfit, match="期限已过"):
        matters.ask(
            by=cast.scope("officer"), organisation=cast.branch, kind="appoint", matter="x", due_on=date(2026, 11, 20)
        )


@pytest.mark.mechanism("M243")
def test_a_talk_is_held_and_its_notes_stay_above(cast: Cast) -> None:
    office = seats.approve(
        by=cast.scope("officer"), organisation=cast.branch, kind="deputy", title="副书记", seats=1, document="文",
        starts_on=date(2020, 1, 1),
    )  # fmt: skip
    form = {
        "office": office.pk, "name": "王副书记", "starts_on": "2026-11-01", "how": "appointed", "document": "文",
        "full_time": "1",
    }  # fmt: skip
    client = cast.client("committee_officer")
    assert client.post(f"/offices/at/{cast.branch.code}/tenure/", form).status_code == 302
    talk = Talk.objects.unscoped("t").get()
    assert "等谈话" in client.get("/offices/talks/").content.decode()
    address = f"/offices/talks/{talk.pk}/"
    early = client.post(address, {"held_on": "2026-10-31", "talker": "周部长", "notes": "秘密"})
    assert "2026-11-01（任职）" in early.content.decode()
    assert client.post(address, {"held_on": "2026-11-03", "talker": "周部长", "notes": "勤勉"}).status_code == 302
    assert "勤勉" in client.get(address).content.decode()
    assert cast.client("secretary").get(address).status_code == 403
    assert "勤勉" not in cast.client("secretary").get("/offices/talks/").content.decode()
    with pytest.raises(Unfit, match="已经谈过"):
        matters.hold(by=cast.scope("officer"), talk=talk, held_on=TODAY, talker="x")


def list_one(cast: Cast, name: str = "赵后备", post: str = "secretary") -> Reserve:
    form = {"post": post, "name": name, "source": "clerk", "starts_on": "2026-03-01", "training": "跟班"}
    response = cast.client("committee_officer").post(f"/offices/at/{cast.branch.code}/reserve/", form)
    assert response.status_code == 302, response.content.decode()
    return Reserve.objects.unscoped("t").latest("pk")


@pytest.mark.mechanism("M250")
@pytest.mark.mechanism("M251")
def test_reserves_are_checked_by_the_number_the_owner_decided(cast: Cast) -> None:
    officer = cast.scope("officer")
    for kind, title, number in (("secretary", "书记", 1), ("committee", "委员", 3)):
        seats.approve(
            by=officer, organisation=cast.branch, kind=kind, title=title, seats=number, document="文",
            starts_on=date(2020, 1, 1),
        )  # fmt: skip
    list_one(cast)
    assert "没有规定比例" in reserves.ratio(officer, None).headline
    set_standard(by=officer, organisation=cast.county, key="reserve_secretary", value=Decimal(2), document="文")
    set_standard(
        by=officer, organisation=cast.county, key="reserve_cadre", value=Decimal("0.5"), document="文"
    )  # one for two posts, rounded up
    found = {row.cells[:2]: row.cells[2:] for row in reserves.ratio(officer, cast.branch).rows}
    name = cast.branch.name
    assert found[name, "村书记后备"] == (1, 2, 1, "差 1 人")
    assert found[name, "村干部后备"] == (3, 2, 0, "差 2 人")
    list_one(cast, "钱后备")
    page = cast.client("committee_officer").get("/offices/ratio/").content.decode()
    assert "够" in page
    assert cast.client("secretary").get("/offices/reserves/").status_code == 403
    assert "赵后备" not in cast.client("secretary").get(f"/offices/at/{cast.branch.code}/").content.decode()
    assert "赵后备" in cast.client("officer").get("/offices/reserves/").content.decode()


def test_a_reserve_once_and_out_again(cast: Cast) -> None:
    one = list_one(cast)
    form = {"post": "secretary", "name": "赵后备", "source": "clerk", "starts_on": "2026-03-01"}
    client = cast.client("committee_officer")
    again = client.post(f"/offices/at/{cast.branch.code}/reserve/", form)
    assert (again.status_code, "已在后备名单里" in again.content.decode()) == (422, True)
    gone = client.post(f"/offices/reserve/{one.pk}/release/", {"ends_on": "2026-11-01", "reason": "已任村书记"})
    assert gone.status_code == 302
    with pytest.raises(Unfit, match="已调出"):
        matters.release(by=cast.scope("officer"), reserve=one, ends_on=TODAY, reason="x")
    person = Member.objects.unscoped("t").filter(organisation=cast.neighbour).first()
    outside = client.post(f"/offices/at/{cast.branch.code}/reserve/", form | {"member": person.pk})
    assert outside.status_code == 422


@pytest.mark.mechanism("M247")
def test_an_exchange_is_planned_and_carried_out(cast: Cast) -> None:
    client = cast.client("committee_officer")
    form = {"name": "王干事", "way": "out", "to": "财政所", "planned_on": "2026-10-01"}
    assert client.post(f"/offices/at/{cast.branch.code}/exchange/", form).status_code == 302
    assert "超过计划日期 1 人" in client.get("/offices/exchanges/").content.decode()
    plan = Exchange.objects.unscoped("t").get()
    done = {"done_on": "2026-11-20", "document": "文"}
    assert client.post(f"/offices/exchange/{plan.pk}/done/", done).status_code == 302
    assert "计划 1 人，完成 1 人，超过计划日期 0 人" in client.get("/offices/exchanges/").content.decode()
    assert client.post(f"/offices/exchange/{plan.pk}/done/", done).status_code == 422


@pytest.mark.mechanism("M252")
def test_the_career_of_a_village_cadre_by_four_headings(cast: Cast) -> None:
    client = cast.client("committee_officer")
    for heading in ("selection", "exit", "incentive", "guarantee"):
        form = {"name": "孙主任", "heading": heading, "happened_on": "2026-05-01", "text": f"内容{heading}"}
        assert client.post(f"/offices/at/{cast.branch.code}/career/", form).status_code == 302
    page = client.get(f"/offices/at/{cast.branch.code}/").content.decode()
    for word in ("选拔", "退出", "激励", "保障"):
        assert word in page
    assert "1 名村干部，4 条" in client.get("/offices/careers/").content.decode()
    future = {"name": "孙主任", "heading": "exit", "happened_on": "2026-11-22", "text": "x"}
    assert client.post(f"/offices/at/{cast.branch.code}/career/", future).status_code == 422
    assert Career.objects.unscoped("t").count() == 4


@pytest.mark.mechanism("M254")
def test_secretaries_who_hosted_nothing_are_read_from_records(cast: Cast) -> None:
    Organisation.objects.unscoped("t").filter(pk__in=(cast.branch.pk, cast.sister.pk)).update(
        sector="organ", secretary_name="李书记"
    )
    given = {"types": ["theme_day"], "recorded_on": TODAY, "recorded_at": "2026-11-21T08:00:00Z", "by": None}
    for number, host, held_on in (("1", "李书记", "2026-03-01"), ("2", "", "2026-04-01")):
        place = cast.branch if host else cast.sister
        Record.objects.create(
            organisation=place, number=f"2026-00000{number}", host=host, held_on=held_on, submitted_key=number, **given
        )
    table = registers.inactive(cast.scope("officer"), None)
    assert [row.cells[0] for row in table.rows] == [cast.sister.name]
    assert (
        "2 个机关支部，1 个今年没有书记主持的活动" in cast.client("officer").get("/offices/inactive/").content.decode()
    )


WORDS = (
    "offices", "vacancies", "work-committees", "terms", "dual", "structure", "lasting", "exchanges", "careers",
    "inactive", "reserves", "ratio",
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_register_is_a_page_and_a_workbook(cast: Cast, word: str) -> None:
    office = seats.approve(
        by=cast.scope("officer"), organisation=cast.branch, kind="secretary", title="书记" + TEXT, seats=2,
        document="文", starts_on=date(2020, 1, 1),
    )  # fmt: skip
    seats.appoint(
        by=cast.scope("officer"), office=office, name="甲", starts_on=date(2021, 1, 1), how="elected", document="文"
    )
    address = "/offices/" if word == "offices" else f"/offices/{word}/"
    client = cast.client("officer")
    page = client.get(address).content.decode()
    assert "<script>alert" not in page
    assert client.get(f"/offices/{word}.xlsx")["Content-Type"].startswith("application/vnd.openxml")
    assert client.get(address + f"?org={cast.town.code}").status_code == 200
    for strange in ("ZZZ", "x" * 40, "\x00"):
        assert client.get(address, {"org": strange}).status_code in (404, 200)
    assert cast.client("committee_officer").get(address + f"?org={cast.neighbour.code}").status_code == 404
    assert cast.client("member").get(address).status_code == 403
    assert client.get(address + "?page=999999999").status_code == 200


@pytest.mark.parametrize("word", ["office", "tenure", "reserve", "exchange", "career"])
@pytest.mark.parametrize("bad", ["", "\x00", "9" * 50, TEXT, "2026-02-30"])
def test_hostile_forms(cast: Cast, word: str, bad: str) -> None:
    client = cast.client("committee_officer")
    names = (
        "kind title seats document starts_on office member name how full_time head principal post source training way "
        "to planned_on heading happened_on text"
    )
    response = client.post(f"/offices/at/{cast.branch.code}/{word}/", dict.fromkeys(names.split(), bad))
    assert response.status_code == 422
    assert not Tenure.objects.unscoped("t").exists()
    assert client.get(f"/offices/at/{cast.neighbour.code}/{word}/").status_code == 404


def test_standards_are_decided_on_a_page(cast: Cast) -> None:
    client = cast.client("officer")
    form = {"key": "reserve_secretary", "value": "2", "document": "县委组〔2026〕1 号"}
    assert client.post("/offices/standards/", form).status_code == 302
    assert "县委组〔2026〕1 号" in client.get("/offices/standards/").content.decode()
    assert client.post("/offices/standards/", form | {"value": "-1"}).status_code == 422
    assert client.post("/offices/standards/", form | {"value": ""}).status_code == 302
    assert "县委组" not in client.get("/offices/standards/").content.decode()
