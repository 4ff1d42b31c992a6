"""设置提示: what the number of members asks for, with clause and count; answered by 缓办."""

from __future__ import annotations

import pytest
from django.conf import settings

from zhibu.web.bodies.actions import keep_subunit
from zhibu.web.bodies.thresholds import hints
from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.regulations.actions import publish

WHY = "test"


def shape(place: Organisation, **told: object) -> None:
    Organisation.objects.unscoped(WHY).filter(pk=place.pk).update(**told)


def crowd(place: Organisation, many: int) -> None:
    for number in range(many):
        Member.objects.create(
            organisation=place, name=f"人{number}", id_number=f"99{place.pk % 10000:04d}2000{number:08d}",
            born_on="2000-01-01", kind="full", joined_on="2020-07-01", full_on="2021-07-01",
        )  # fmt: skip


def told(cast: Cast, who: str = "officer") -> list[tuple[str, str, str]]:
    return [(one.organisation.code, one.sentence, one.count) for one in hints(cast.scope(who))]


def test_a_branch_of_eight_without_a_committee(cast: Cast) -> None:
    publish(paths=[settings.PACKS / "central"])
    shape(cast.branch, committee_size=0)
    refresh()
    assert told(cast) == [(cast.branch.code, "正式党员 7 人以上，该设支委会", "正式党员 8，党员 8")]
    assert "第二十条" in hints(cast.scope("officer"))[0].clause
    assert told(cast, "neighbour") == []
    client = cast.client("officer")
    body = client.get("/thresholds/").content.decode()
    address = f"/thresholds/{cast.branch.code}/committee-required/put-off/"
    assert address in body
    assert client.post(address, {"until": "2026-10-01", "reason": "已报批"}).status_code == 422
    assert client.post(address, {"until": "2026-12-31", "reason": "已报批，等批复"}).status_code == 302
    assert told(cast) == []
    found = Verdict.objects.unscoped(WHY).get(organisation=cast.branch, rule="committee-required", year=2026)
    assert (found.status, found.reason) == ("exempt", "已报批，等批复")


# Full members of the branch → whether a change of form is proposed. JG-01, GQ-01: 50 general branch, 100 committee.
FORMS = [(49, ""), (50, "可以报批改建党总支"), (99, "可以报批改建党总支"), (100, "可以报批改建党委")]


def test_a_village_branch_of_more_than_fifty(cast: Cast) -> None:
    """NC-02: above fifty, where organs and enterprises say from fifty on."""
    crowd(cast.branch, 42)
    assert told(cast) == []
    crowd(cast.sister, 43)
    assert [sentence for _, sentence, _ in told(cast)] == ["正式党员超过 50 人，可以报批改建党总支"]


@pytest.mark.parametrize(("full", "proposed"), FORMS)
@pytest.mark.parametrize("sector", ["organ", "soe"])
def test_the_next_form(cast: Cast, sector: str, full: int, proposed: str) -> None:
    shape(cast.branch, sector=sector)
    crowd(cast.branch, full - 8)
    found = [sentence for _, sentence, _ in told(cast)]
    assert [proposed in one for one in found] == ([True] if proposed else [])


def test_a_sector_without_a_known_clause_and_a_temporary_branch_get_no_hint(cast: Cast) -> None:
    crowd(cast.branch, 120)
    shape(cast.branch, sector="school")
    assert told(cast) == []
    shape(cast.branch, sector="organ", kind="temporary_branch")
    assert told(cast) == []


def test_a_joint_branch_of_more_than_five_units(cast: Cast) -> None:
    shape(cast.branch, kind="joint_branch")
    by = cast.scope("officer")
    for number in range(6):
        keep_subunit(by=by, organisation=cast.town, name=f"站{number}", covered_by=cast.branch, mode="joint")
        assert told(cast) == (
            [(cast.branch.code, "联合党支部覆盖单位多了，该分设", "覆盖 6 个单位")] if number == 5 else []
        )
