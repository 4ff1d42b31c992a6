"""招募 and 党员服务队: who is reached, posts, duty, hours, the report; a team, where it was sent, what it did."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.members.models import Member
from zhibu.web.service import calling, leaving, queries, registering, teaming
from zhibu.web.service.models import Call, CallPost, Dispatch, Shift, SignUp, Team, TeamMember
from zhibu.web.service.tests.given import LATER, community, person

pytestmark = pytest.mark.django_db
TOLD = {"kind": "urgent", "title": "河堤巡查", "task": "查管涌", "place": "二号堤", "starts_on": TODAY.isoformat(),
        "ends_on": LATER.isoformat(), "posts": "巡查 6\n后勤，2 人"}  # fmt: skip


def called(cast: Cast, who: str = "committee_officer", **more: str) -> Call:
    client = cast.client(who)
    answer = (
        client.post("/service/calls/new/", TOLD | more)
        if who in ("secretary", "neighbour")
        else send(client, "/service/calls/new/", TOLD | more, 5)
    )  # a branch sends nothing down
    assert answer.status_code == 302
    return Call.objects.unscoped("t").order_by("-pk")[0]


@pytest.mark.mechanism("M308")
@pytest.mark.mechanism("M307")
def test_a_call_from_sign_up_to_its_report(cast: Cast) -> None:
    one, host, me = person(cast), cast.client("committee_officer"), cast.client("member")
    call = called(cast)
    posts = list(CallPost.objects.unscoped("t").order_by("pk"))
    assert [(post.name, post.needed) for post in posts] == [("巡查", 6), ("后勤", 2)]
    assert "河堤巡查" in me.get("/service/me/").content.decode()
    assert me.post(f"/service/me/calls/{call.pk}/sign-up/", {"post": posts[1].pk}).status_code == 302
    row = SignUp.objects.unscoped("t").get()
    assert (row.member, row.post) == (one, posts[1])
    for word, told in (("assign", {"post": posts[0].pk}), ("on", {"at": "22:30"}), ("off", {"at": "01:00"})):
        assert host.post(f"/service/sign-ups/{row.pk}/{word}/", told).status_code == 302
    shift = Shift.objects.unscoped("t").get()
    assert (shift.hours, shift.state) == (Decimal("2.5"), "confirmed")
    page = host.get(f"/service/calls/{call.pk}/").content.decode()
    assert one.name in page and "2.5 小时" in page
    told = {"report": "查出两处，已处置", "served": "300"}
    assert host.post(f"/service/calls/{call.pk}/close/", told).status_code == 302
    assert queries.counts_of(call) == {"signed": 1, "assigned": 1, "came": 1, "hours": Decimal("2.5")}
    above = cast.client("officer").get(f"/service/calls/{call.pk}/").content.decode()
    assert "服务 300 人次" in above and one.name not in above
    assert "今年已确认 2.5 小时" in me.get("/service/me/").content.decode()
    assert host.get("/service/calls/export/").status_code == 200


@pytest.mark.mechanism("M307")
def test_it_reaches_those_below_and_those_registered_there(cast: Cast) -> None:
    one, there = person(cast), community(cast)
    far = called(cast, "neighbour", kind="sink", title="小区值守")
    assert far not in queries.calls_to(one)
    assert cast.client("member").post(f"/service/me/calls/{far.pk}/sign-up/").status_code == 404
    made = registering.register(by=cast.scope("secretary"), member=one, community=there)
    registering.accept(by=cast.scope("neighbour"), registration=made)
    near = called(cast, "officer")
    assert set(queries.calls_to(one)) == {far, near}
    assert cast.client("member").post(f"/service/me/calls/{far.pk}/sign-up/").status_code == 302
    assert cast.client("secretary").get(f"/service/calls/{near.pk}/").status_code == 200
    assert cast.client("secretary").get(f"/service/calls/{far.pk}/").status_code == 404


def test_a_secretary_who_is_meant_too_finds_the_way_to_sign_up(cast: Cast) -> None:
    call, secretary = called(cast), cast.client("secretary")
    address = f"/service/calls/{call.pk}/"
    assert "我也报名" not in secretary.get(address).content.decode()  # no row of the roster
    one = person(cast)
    one.user = cast.posts["secretary"].user
    one.save()
    assert "我也报名" in secretary.get(address).content.decode()
    assert secretary.post(f"/service/me/calls/{call.pk}/sign-up/").status_code == 302
    assert "我也报名" not in secretary.get(address).content.decode()


def test_one_takes_a_sign_up_back_until_the_first_duty(cast: Cast) -> None:
    person(cast)
    call, me = called(cast), cast.client("member")
    me.post(f"/service/me/calls/{call.pk}/sign-up/")
    row, by = SignUp.objects.unscoped("t").get(), cast.scope("committee_officer")
    me.post(f"/service/me/sign-ups/{row.pk}/cancel/")
    assert SignUp.objects.unscoped("t").get().state == "cancelled"
    me.post(f"/service/me/calls/{call.pk}/sign-up/")
    calling.assign(by=by, sign_up=row, post=CallPost.objects.unscoped("t").order_by("pk")[0])
    calling.go_on(by=by, sign_up=row, at=time(8))
    with pytest.raises(Unfit, match="已经在岗"):
        calling.go_on(by=by, sign_up=row, at=time(9))
    with pytest.raises(Unfit, match="1 人在岗"):
        calling.close(by=by, call=call, report="x", served=None)
    with pytest.raises(Unfit, match="上过岗"):
        calling.cancel(by=cast.scope("member"), sign_up=row)
    calling.go_off(by=by, sign_up=row, at=time(8))
    assert Shift.objects.unscoped("t").get().hours == Decimal("0.1")


def test_only_the_host_arranges(cast: Cast) -> None:
    person(cast)
    call = called(cast)
    cast.client("member").post(f"/service/me/calls/{call.pk}/sign-up/")
    row, post = SignUp.objects.unscoped("t").get(), CallPost.objects.unscoped("t").order_by("pk")[0]
    for who, status in (("officer", 404), ("secretary", 404), ("neighbour", 404), ("leader", 403), ("member", 403)):
        assert cast.client(who).post(f"/service/sign-ups/{row.pk}/assign/", {"post": post.pk}).status_code == status
        assert cast.client(who).post(f"/service/calls/{call.pk}/close/", {"report": "x"}).status_code == status
    with pytest.raises(NotAllowed):
        calling.decline(by=cast.scope("officer"), sign_up=row)


@pytest.mark.parametrize("told", [
    {"posts": "巡查"}, {"posts": "巡查 0"}, {"posts": ""}, {"posts": "岗 1\n" * 21}, {"ends_on": "2026-11-20"},
    {"kind": "x"}, {"title": "长" * 61}, {"place": ""},
])  # fmt: skip
def test_calls_that_are_refused(cast: Cast, told: dict[str, str]) -> None:
    assert cast.client("secretary").post("/service/calls/new/", TOLD | told).status_code == 422
    assert not Call.objects.unscoped("t").exists()


@pytest.mark.mechanism("M306")
def test_a_team_is_founded_sent_and_keeps_its_log(cast: Cast) -> None:
    client, one = cast.client("secretary"), person(cast)
    told = {"name": "红马甲服务队", "purpose": "修水电", "founded_on": TODAY.isoformat()}
    assert client.post("/service/teams/new/", told).status_code == 302
    assert client.post("/service/teams/new/", told).status_code == 422
    team = Team.objects.unscoped("t").get()
    address = f"/service/teams/{team.pk}/"
    assert client.post(f"{address}join/", {"member": one.pk, "since": TODAY.isoformat()}).status_code == 302
    assert client.post(f"{address}join/", {"member": one.pk, "since": TODAY.isoformat()}).status_code == 422
    call = called(cast)
    going = {"task": "抢修水管", "place": "三组", "on": TODAY.isoformat(), "call": call.pk}
    assert client.post(f"{address}send/", going).status_code == 302
    sent = Dispatch.objects.unscoped("t").get()
    assert sent.call == call
    log = {"people": "4", "hours": "3", "result": "修好 12 户"}
    assert client.post(f"/service/dispatches/{sent.pk}/log/", log).status_code == 302
    page = client.get(address).content.decode()
    assert "到 4 人，每人 3" in page and one.name in page
    assert client.get("/service/teams/export/").status_code == 200
    assert cast.client("neighbour").get(address).status_code == 404
    leaving.left(one.pk, cast.branch.pk, TODAY, "介〔2026〕1 号")
    assert not queries.team_members(team)
    assert client.post(f"{address}disband/").status_code == 302
    with pytest.raises(NotAllowed):
        teaming.send(by=cast.scope("secretary"), team=team, task="x", place="x", on=TODAY)


def test_a_seat_is_left_and_a_log_waits_for_its_day(cast: Cast) -> None:
    by = cast.scope("secretary")
    team = teaming.found(by=by, name="甲队", purpose="x", founded_on=TODAY)
    one = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[1]
    seat = teaming.join(by=by, team=team, member=one, since=TODAY)
    assert cast.client("secretary").post(f"/service/team-members/{seat.pk}/leave/").status_code == 302
    assert TeamMember.objects.unscoped("t").get().until == TODAY
    sent = teaming.send(by=by, team=team, task="x", place="x", on=LATER)
    with pytest.raises(Unfit, match="才去"):
        teaming.log(by=by, dispatch=sent, people=2, hours=Decimal(1), result="x")


def test_a_merger_takes_what_is_open_along(cast: Cast) -> None:
    call = called(cast, "secretary")
    assert leaving.remains(cast.branch.pk, TODAY) == ["没有结束的招募 1 次"]
    taken = leaving.take(cast.branch.pk, cast.sister.pk, TODAY)
    assert taken == {"commitments": 0, "registrations": 0, "calls": 1, "teams": 0}
    assert (
        Call.objects.unscoped("t").get().pk == call.pk and Call.objects.unscoped("t").get().organisation == cast.sister
    )
