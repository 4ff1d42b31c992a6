"""Profiles, chains, hosted offices, subordinate units and groups, as people use them."""

from __future__ import annotations

import pytest

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.models import Line
from zhibu.web.bodies import groups, queries
from zhibu.web.bodies.actions import keep_subunit
from zhibu.web.bodies.models import HostedOffice, Link, Profile, Seat, Subunit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.members.models import Member
from zhibu.web.organisations import lifecycle, tree
from zhibu.web.organisations.models import Organisation

WHY, PAPER = "test", "云组〔2026〕5号"
PAGES = ("/chains/", "/hosted/", "/subunits/", "/thresholds/")


@pytest.mark.parametrize("address", PAGES)
def test_the_cast(cast: Cast, address: str) -> None:
    for who, status in {"officer": 200, "committee_officer": 200, "secretary": 200, "member": 403}.items():
        assert cast.client(who).get(address).status_code == status


@pytest.mark.mechanism("M016")
def test_a_unit_keeps_its_own_profile(cast: Cast) -> None:
    client, address = cast.client("secretary"), f"/organisations/{cast.branch.code}/profile/"
    assert "填写单位概况" in client.get(address).content.decode()
    told = {"population": "1260", "tasks": "种粮\n养牛", "projects": "冷库", "problems": "年轻人少", "links": ""}
    assert client.post(address + "change/", told).status_code == 302
    body = client.get(address).content.decode()
    assert "1260" in body and "种粮<br>养牛" in body and "冷库" in body and "年轻人少" in body
    assert cast.client("committee_officer").get(address).status_code == 200
    assert cast.client("neighbour").get(address).status_code == 404
    client.post(address + "change/", told | {"population": "1300"})
    line = Line.objects.unscoped(WHY).filter(action="profiles.keep").order_by("pk").last()
    assert line is not None and (line.old, line.new) == ({"population": 1260}, {"population": 1300})


@pytest.mark.mechanism("M017")
def test_branches_stand_on_a_map_of_chains(cast: Cast) -> None:
    address = f"/organisations/{cast.branch.code}/profile/change/"
    told = {"links": "企业启动：名称核准\n企业启动: 执照\n\n企业启动：名称核准"}
    assert cast.client("secretary").post(address, told).status_code == 302
    assert queries.chains(cast.scope("officer")) == {
        "企业启动": {"名称核准": [cast.branch], "执照": [cast.branch]}
    }  # fmt: skip
    assert "名称核准" in cast.client("officer").get("/chains/").content.decode()
    assert "名称核准" not in cast.client("neighbour").get("/chains/").content.decode()
    answer = cast.client("secretary").post(address, {"links": "企业启动"})
    assert answer.status_code == 422 and "没有分清链和环节" in answer.content.decode()
    town = f"/organisations/{cast.town.code}/profile/change/"
    assert cast.client("officer").post(town, told).status_code == 422


OFFICE = {"name": "非公企业党工委办公室", "host": "市场监管局", "needed": "3", "filled": "1", "starts_on": "2026-01-05",
          "document": PAPER}  # fmt: skip


@pytest.mark.mechanism("M014")
def test_an_office_hosted_elsewhere_lacks_people(cast: Cast) -> None:
    client = cast.client("officer")
    assert client.post("/hosted/new/", OFFICE | {"organisation": cast.county.code}).status_code == 302
    (office,) = HostedOffice.objects.unscoped(WHY)
    assert office.missing == 2 and "市场监管局" in client.get("/hosted/").content.decode()
    changed = OFFICE | {"organisation": cast.county.code, "filled": "3", "rules": "例会制度"}
    assert client.post(f"/hosted/{office.pk}/", changed).status_code == 302
    assert queries.offices(cast.scope("officer"), TODAY)[0].missing == 0
    early = OFFICE | {"organisation": cast.county.code, "ends_on": "2025-01-01"}
    assert client.post(f"/hosted/{office.pk}/", early).status_code == 422
    assert cast.client("committee_officer").get(f"/hosted/{office.pk}/").status_code == 404
    assert client.post("/hosted/new/", OFFICE | {"organisation": "T999"}).status_code == 422


@pytest.mark.mechanism("M002")
def test_units_without_an_organisation_are_listed(cast: Cast) -> None:
    client = cast.client("officer")
    told = {"organisation": cast.town.code, "name": "水管站"}
    assert client.post("/subunits/new/", told).status_code == 302
    assert client.post("/subunits/new/", told).status_code == 422  # the same name twice
    covered = {"organisation": cast.town.code, "name": "农技站", "covered_by": cast.branch.code, "mode": "joint"}
    assert client.post("/subunits/new/", covered).status_code == 302
    assert client.post("/subunits/new/", covered | {"name": "林业站", "mode": ""}).status_code == 422
    (department,) = queries.departments(cast.scope("officer"))
    assert (department.gap, department.covered, str(department.share)) == (1, 1, "50.0")
    body = client.get("/subunits/?gap=1").content.decode()
    assert "水管站" in body and "农技站" not in body
    unit = Subunit.objects.unscoped(WHY).get(name="水管站")
    assert client.post(f"/subunits/{unit.pk}/", covered | {"name": "水管站"}).status_code == 302
    assert str(queries.departments(cast.scope("officer"))[0].share) == "100.0"
    assert client.get("/subunits/export/").status_code == 200
    assert not queries.departments(cast.scope("neighbour"))


def test_a_merged_branch_gives_the_units_it_covers(cast: Cast) -> None:
    by = cast.scope("officer")
    keep_subunit(by=by, organisation=cast.town, name="水管站", covered_by=cast.branch, mode="attached")
    lifecycle.merge(by=by, organisation=cast.branch, into=cast.sister, on=TODAY, document=PAPER)
    assert Subunit.objects.unscoped(WHY).get().covered_by == cast.sister


@pytest.mark.mechanism("M010")
def test_a_branch_divides_its_members_into_groups(cast: Cast) -> None:
    client, address = cast.client("secretary"), f"/organisations/{cast.branch.code}/groups/"
    people = list(Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk"))
    told = {"name": "第一党小组", "leader": people[0].pk, "members": [people[1].pk, people[2].pk]}
    assert client.post(address + "new/", told).status_code == 302
    group = Organisation.objects.unscoped(WHY).get(name="第一党小组")
    assert group.kind == "group" and tree.superior(group) == cast.branch
    assert Organisation.objects.unscoped(WHY).get(pk=cast.branch.pk).groups == 1
    body = client.get(address).content.decode()
    assert "第一党小组" in body and "还没有编组的党员" in body and people[7].name in body
    second = {"name": "第二党小组", "leader": people[1].pk, "members": [people[3].pk]}
    assert client.post(address + "new/", second).status_code == 302
    found = {
        one.place.name: [person.pk for person in one.members]
        for one in groups.groups(cast.scope("secretary"), cast.branch)
    }
    assert found == {"第一党小组": [people[0].pk, people[2].pk], "第二党小组": [people[1].pk, people[3].pk]}
    change = {"name": "第一党小组", "leader": people[2].pk, "members": []}
    assert client.post(f"{address}{group.code}/", change).status_code == 302
    assert Seat.objects.unscoped(WHY).get(organisation=group).leads
    assert cast.client("neighbour").get(address).status_code == 404


def test_a_strangers_member_is_in_no_group(cast: Cast) -> None:
    by, other = cast.scope("secretary"), Member.objects.unscoped(WHY).filter(organisation=cast.sister)[0]
    with pytest.raises(Unfit, match="要在大营镇槐树村党支部的名册上"):
        groups.keep_group(by=by, branch=cast.branch, name="第一党小组", leader=other, members=[])
    answer = cast.client("secretary").post(
        f"/organisations/{cast.branch.code}/groups/new/", {"name": "一", "leader": other.pk}
    )
    assert answer.status_code == 422 and not Seat.objects.unscoped(WHY).exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=cmd()", "a" * 2001, "：" * 70])
def test_hostile_texts(cast: Cast, text: str) -> None:
    client, address = cast.client("secretary"), f"/organisations/{cast.branch.code}/profile/"
    assert client.post(address + "change/", {"tasks": text, "links": text}).status_code == 422
    client.post(address + "change/", {"tasks": text})
    assert "<script>alert" not in client.get(address).content.decode()
    assert not Link.objects.unscoped(WHY).exists() and Profile.objects.unscoped(WHY).count() <= 1
