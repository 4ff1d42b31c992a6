"""到社区报到: asked, accepted by the community, hours it confirms; seen by these and the own branch."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.service import queries, registering
from zhibu.web.service.models import Registration, Shift
from zhibu.web.service.tests.given import community, person

pytestmark = pytest.mark.django_db
WORK = {"on": TODAY.isoformat(), "what": "楼道清洁", "hours": "2.5"}


def registered(cast: Cast) -> Registration:
    there, one = community(cast), person(cast)
    made = registering.register(by=cast.scope("secretary"), member=one, community=there)
    registering.accept(by=cast.scope("neighbour"), registration=made)
    return made


@pytest.mark.mechanism("M300")
def test_a_member_registers_serves_and_the_community_confirms(cast: Cast) -> None:
    there, one = community(cast), person(cast)
    me, host, branch = cast.client("member"), cast.client("neighbour"), cast.client("secretary")
    assert me.post("/service/me/register/", {"community": there.name}).status_code == 302
    made = Registration.objects.unscoped("t").get()
    assert "1 人到社区报到" in host.get("/duties/month/").content.decode()
    assert one.name in host.get("/service/registrations/").content.decode()
    assert me.post("/service/me/hours/", WORK).status_code == 422
    assert host.post(f"/service/registrations/{made.pk}/accept/").status_code == 302
    assert me.post("/service/me/hours/", WORK).status_code == 302
    shift = Shift.objects.unscoped("t").get()
    assert "楼道清洁" in host.get("/service/registrations/").content.decode()
    assert host.post(f"/service/hours/{shift.pk}/confirm/").status_code == 302
    assert "今年已确认 2.5 小时" in me.get("/service/me/").content.decode()
    page = branch.get("/service/registrations/").content.decode()
    assert one.name in page and '<td data-label="小时" class="num">2.5</td>' in page


def test_superiors_see_sums_and_no_persons_hours(cast: Cast) -> None:
    made = registered(cast)
    registering.note(by=cast.scope("neighbour"), registration=made, on=TODAY, what="巡查", hours=Decimal("7.3"))
    page = cast.client("officer").get("/service/registrations/").content.decode()
    assert '<td data-label="小时" class="num">--</td>' in page and 'data-label="小时" class="num">7.3</td>' in page
    (row,) = queries.sums(cast.scope("officer").doing("service.view"))
    assert (row["people"], row["times"], row["hours"]) == (1, 1, Decimal("7.3"))
    assert cast.client("officer").get("/service/registrations/export/").status_code == 200


def test_the_community_refuses_and_returns_with_a_reason(cast: Cast) -> None:
    there, one = community(cast), person(cast)
    made = registering.register(by=cast.scope("secretary"), member=one, community=there)
    host, me = cast.client("neighbour"), cast.client("member")
    host.post(f"/service/registrations/{made.pk}/refuse/", {"reason": ""})
    assert Registration.objects.unscoped("t").get().state == "asked"
    host.post(f"/service/registrations/{made.pk}/refuse/", {"reason": "不住本社区"})
    assert "不住本社区" in me.get("/service/me/").content.decode()
    me.post("/service/me/register/", {"community": there.code})
    again = Registration.objects.unscoped("t").get(state="asked")
    registering.accept(by=cast.scope("neighbour"), registration=again)
    me.post("/service/me/hours/", WORK)
    shift = Shift.objects.unscoped("t").get()
    host.post(f"/service/hours/{shift.pk}/return/", {"reason": "那天没有活动"})
    assert "那天没有活动" in me.get("/service/me/").content.decode()
    assert not queries.waiting_shifts(cast.scope("neighbour").doing("service.accept"))
    me.post(f"/service/me/registrations/{again.pk}/end/")
    assert Registration.objects.unscoped("t").get(pk=again.pk).state == "ended"


def test_only_a_community_and_only_once(cast: Cast) -> None:
    one, by = person(cast), cast.scope("secretary")
    with pytest.raises(Unfit, match="不是社区"):
        registering.register(by=by, member=one, community=cast.sister)
    registering.register(by=by, member=one, community=community(cast))
    with pytest.raises(Unfit, match="已经报到"):
        registering.register(by=by, member=one, community=cast.neighbour)


def test_others_reach_neither_the_registration_nor_the_hours(cast: Cast) -> None:
    made = registered(cast)
    cast.client("member").post("/service/me/hours/", WORK)
    shift = Shift.objects.unscoped("t").get()
    for who in ("secretary", "officer", "committee_officer"):
        client = cast.client(who)
        assert client.post(f"/service/registrations/{made.pk}/accept/").status_code == 404
        assert client.post(f"/service/hours/{shift.pk}/confirm/").status_code == 404
    assert cast.client("leader").post(f"/service/hours/{shift.pk}/confirm/").status_code == 403
    assert cast.client("secretary").post(f"/service/me/registrations/{made.pk}/end/").status_code == 404


@pytest.mark.parametrize("told", [
    {"hours": "0"}, {"hours": "25"}, {"hours": "x"}, {"what": ""}, {"on": "2026-12-01"}, {"on": "2026-01-01"},
])  # fmt: skip
def test_hours_that_are_refused(cast: Cast, told: dict[str, str]) -> None:
    registered(cast)
    assert cast.client("member").post("/service/me/hours/", WORK | told).status_code == 422
    assert not Shift.objects.unscoped("t").exists()


def test_queries_do_not_grow(cast: Cast, django_assert_max_num_queries: Any) -> None:
    made = registered(cast)
    for number in range(10):
        Shift.objects.create(
            organisation=cast.neighbour, member=made.member, registration=made, on=TODAY - timedelta(days=number),
            what="x", hours=1,
        )  # fmt: skip
    client = cast.client("neighbour")
    with django_assert_max_num_queries(26):
        client.get("/service/registrations/")
