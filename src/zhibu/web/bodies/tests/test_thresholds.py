"""设置提示: what the number of members asks for, with clause and count; answered by 缓办."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.bodies import putting_off
from zhibu.web.bodies.actions import keep_subunit
from zhibu.web.bodies.models import PutOff
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


def crowd(place: Organisation, many: int, since: int = 0) -> None:
    for number in range(since, since + many):
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


def test_the_next_form_is_put_off_with_a_reason_until_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(cast.branch, 50)
    client, by = cast.client("officer"), cast.scope("officer")
    address = f"/thresholds/{cast.branch.code}/to-general-branch/put-off/"
    assert address in client.get("/thresholds/").content.decode()
    for wrong in ({"until": "2026-10-01", "reason": "等"}, {"until": "2026-12-31", "reason": ""}):
        assert client.post(address, wrong).status_code == 422
    assert len(told(cast)) == 1
    assert client.post(address, {"until": "2026-12-31", "reason": "已报批，等批复"}).status_code == 302
    assert told(cast) == []
    page = client.get("/thresholds/").content.decode()
    assert "缓到 2026-12-31（已报批，等批复）" in page and "改日期" in page
    assert not putting_off.now(cast.scope("neighbour")).exists()
    assert hints(replace(by, on=date(2026, 12, 31))) == []
    assert len(hints(replace(by, on=date(2027, 1, 1)))) == 1  # shown again
    crowd(cast.branch, 42, 100)  # another hint is another decision
    assert [sentence for _, sentence, _ in told(cast)] == ["正式党员 100 人以上，可以报批改建党委"]
    putting_off.put_off(by=by, organisation=cast.branch, hint="to-general-branch", until=by.on, reason="不等了")
    assert PutOff.objects.unscoped(WHY).get().ends_on == by.on
    line = Line.objects.unscoped(WHY).filter(action="waivers.grant").latest("pk")
    assert (line.old["ends_on"], line.new["reason"]) == ("2026-12-31", "不等了")


def test_who_may_not_put_off_does_not(cast: Cast) -> None:
    crowd(cast.branch, 50)
    with pytest.raises(NotAllowed):
        putting_off.put_off(
            by=cast.scope("neighbour"),
            organisation=cast.branch,
            hint="joint-units",
            until=date(2027, 1, 1),
            reason="等",
        )
    assert cast.client("officer").get(f"/thresholds/{cast.branch.code}/else/put-off/").status_code == 404
