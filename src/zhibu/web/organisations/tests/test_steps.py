"""The pages of an organisation's life: each role's status, the step itself, the tree of a day and its workbook."""

from __future__ import annotations

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

WHY = "test"
GIVEN = {"on": "2026-06-10", "document": "云组〔2026〕5号"}
STEPS = ("set-up", "rename", "convert", "move", "merge", "abolish")
SEES = {"officer": 200, "committee_officer": 200, "leader": 403, "secretary": 403, "member": 403, "auditor": 403}


def fresh(one: Organisation) -> Organisation:
    return Organisation.objects.unscoped(WHY).get(pk=one.pk)


@pytest.mark.parametrize("step", STEPS)
def test_the_cast(cast: Cast, step: str) -> None:
    for who, status in SEES.items():
        assert cast.client(who).get(f"/organisations/{cast.branch.code}/{step}/").status_code == status
    assert cast.client("committee_officer").get(f"/organisations/{cast.neighbour.code}/{step}/").status_code == 404


@pytest.mark.mechanism("M001")
def test_an_officer_takes_every_step_in_the_browser(cast: Cast) -> None:
    client, code = cast.client("officer"), cast.branch.code
    told = {"name": "大营镇工业园党总支", "kind": "general_branch", "sector": "npe", **GIVEN}
    assert client.post(f"/organisations/{cast.town.code}/set-up/", told).status_code == 302
    new = Organisation.objects.unscoped(WHY).get(name="大营镇工业园党总支")
    assert (new.sector, new.founded_on.isoformat()) == ("npe", "2026-06-10")
    assert client.post(f"/organisations/{code}/rename/", {"name": "大营镇槐树社区党支部", **GIVEN}).status_code == 302
    assert client.post(f"/organisations/{code}/move/", {"to": new.code, **GIVEN}).status_code == 302
    assert tree.superior(fresh(cast.branch)) == new
    told = {"kind": "joint_branch", "sector": "community", **GIVEN}
    assert client.post(f"/organisations/{code}/convert/", told).status_code == 302
    body = client.get(f"/organisations/{code}/").content.decode()
    assert "大营镇槐树村党支部" in body and "改设" in body and "云组〔2026〕5号" in body and cast.town.name in body
    assert client.post(f"/organisations/{code}/undo/", {"reason": "录错"}).status_code == 302
    assert (fresh(cast.branch).kind, fresh(cast.branch).sector) == ("branch", "village")
    assert client.post(f"/organisations/{code}/merge/", {"into": cast.sister.code, **GIVEN}).status_code == 302
    assert "只供查阅" in client.get(f"/organisations/{code}/").content.decode()


def test_a_refusal_stands_on_the_form(cast: Cast) -> None:
    client = cast.client("officer")
    answer = client.post(f"/organisations/{cast.town.code}/abolish/", GIVEN)
    assert answer.status_code == 422 and "大营镇龙泉村党支部" in answer.content.decode()
    answer = client.post(f"/organisations/{cast.branch.code}/move/", {"to": "T999", **GIVEN})
    assert answer.status_code == 422 and "没有代码为 T999" in answer.content.decode()
    own = cast.client("committee_officer").post(f"/organisations/{cast.town.code}/rename/", {"name": "新名", **GIVEN})
    assert own.status_code == 422 and "由上级党委调整" in own.content.decode()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "x" * 500, "'; DROP TABLE", "\u202e倒", "党" * 121])
def test_hostile_names(cast: Cast, name: str) -> None:
    answer = cast.client("officer").post(f"/organisations/{cast.branch.code}/rename/", {"name": name, **GIVEN})
    assert answer.status_code in (302, 422)
    page = cast.client("officer").get(f"/organisations/{cast.branch.code}/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.mechanism("M001")
def test_the_tree_of_a_day_with_its_workbook(cast: Cast) -> None:
    client = cast.client("officer")
    cast.client("officer").post(f"/organisations/{cast.branch.code}/rename/", {"name": "大营镇槐树社区党支部", **GIVEN})
    body = client.get("/organisations/?on=2026-06-09").content.decode()
    assert "大营镇槐树村党支部" in body and "大营镇槐树社区党支部" not in body and "不是今天的" in body
    assert "大营镇槐树社区党支部" in client.get("/organisations/?on=2026-06-10").content.decode()
    assert "还没有党组织" in client.get("/organisations/?on=2001-01-01").content.decode()
    assert client.get("/organisations/?on=昨天").status_code == 302
    assert client.get("/organisations/export/?on=2026-06-09").status_code == 200
    assert Line.objects.unscoped(WHY).get(action="organisations.export").new["rows"] == 6
    assert "柳树" not in cast.client("committee_officer").get("/organisations/?on=2026-06-09").content.decode()


@pytest.mark.mechanism("M018")
def test_the_sector_class_is_given_and_found(cast: Cast) -> None:
    client = cast.client("officer")
    client.post(f"/organisations/{cast.branch.code}/convert/", {"kind": "branch", "sector": "community", **GIVEN})
    body = client.get("/organisations/?sector=community").content.decode()
    assert cast.branch.name in body and cast.sister.name not in body


@pytest.mark.mechanism("M003")
def test_affiliation_and_guidance_stand_side_by_side_each_by_a_document(cast: Cast) -> None:
    """隶属 is moved by a document, 党组指导 noted by another; a second leading group in the same days is refused."""
    client, code = cast.client("officer"), cast.branch.code
    guided = {"kind": "guided", "superior": cast.town.code, "starts_on": "2026-07-01", "document": "云组〔2026〕9号"}
    assert client.post(f"/organisations/{code}/move/", {"to": cast.other_town.code, **GIVEN}).status_code == 302
    assert client.post(f"/organisations/{code}/lines/new/", guided).status_code == 302
    body = client.get(f"/organisations/{code}/").content.decode()
    assert cast.other_town.name in body and "党组指导" in body and "云组〔2026〕5号" in body
    assert "云组〔2026〕9号" in client.get(f"/organisations/{code}/lines/").content.decode()
    assert client.post(f"/organisations/{code}/lines/new/", guided).status_code == 422
