"""交流材料: what was presented at a meeting of several lines or levels stands in the exchange, and says where."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.publicity import actions
from zhibu.web.publicity.models import MeetingPaper, News
from zhibu.web.records.models import Record

pytestmark = pytest.mark.django_db


def offered(cast: Cast, title: str, who: str = "secretary") -> News:
    made = actions.send(by=cast.scope(who), kind="experience", title=title, text="会前把议题贴到群里。")
    return actions.share(by=cast.scope(who), news=made, shared=True)


def conference(cast: Cast, kind: str = "liaison_conference") -> Record:
    return Record.objects.create(
        number=f"2026-7{len(kind):05d}", organisation=cast.county, types=[kind], held_on=date(2026, 10, 20),
        recorded_on=date(2026, 10, 20), recorded_at="2026-10-20T10:00Z", submitted_key=kind, present=7,
    )  # fmt: skip


@pytest.mark.mechanism("M044")
def test_once_a_year_a_host_holds_it_and_its_papers_stand_in_the_exchange(cast: Cast) -> None:
    told = {"kind": "liaison_conference", "title": "机关党建联系会", "every": 12, "starts_on": "2026-01-01"}
    assert cast.client("officer").post("/agendas/items/new/", told).status_code == 302  # asked for until it was held
    held, mine, theirs = conference(cast), offered(cast, "议事前移一步"), offered(cast, "邻村的办法", "neighbour")
    host, address = cast.client("officer"), f"/publicity/papers/{held.number}/"
    assert "交流材料" in host.get(f"/records/{held.number}/").content.decode()
    assert mine.title in (page := host.get(address).content.decode()) and theirs.title in page
    assert host.post(address, {"papers": [mine.pk, theirs.pk]}).status_code == 302
    said = "10 月 20 日中共云岭县委员会的机关党建联系会上交流"
    for who in ("neighbour", "secretary"):
        assert said in cast.client(who).get(f"/publicity/exchange/{mine.pk}/").content.decode()
    [paper] = MeetingPaper.objects.unscoped("test").filter(news=theirs)
    assert host.post(f"{address}{paper.pk}/drop/").status_code == 302
    assert said not in host.get(f"/publicity/exchange/{theirs.pk}/").content.decode()


def test_only_the_host_chooses_and_only_out_of_the_exchange(cast: Cast) -> None:
    held, paper = conference(cast), offered(cast, "议事前移一步")
    hidden = actions.send(by=cast.scope("secretary"), kind="news", title="没有互通", text="x")
    address = f"/publicity/papers/{held.number}/"
    for who, status in (("secretary", 404), ("neighbour", 404), ("committee_officer", 404), ("member", 403)):
        assert cast.client(who).get(address).status_code == status, who
        assert cast.client(who).post(address, {"papers": [paper.pk]}).status_code == status
    with pytest.raises(NotAllowed):
        actions.present(by=cast.scope("secretary"), record=held, papers=[str(paper.pk)])
    host = cast.client("officer")
    assert host.post(address, {"papers": [hidden.pk]}).status_code == 422
    assert host.post(address, {}).status_code == 422
    assert host.post(address, {"papers": ["x", "9" * 30]}).status_code == 422
    usual = conference(cast, "theme_day")
    assert host.get(f"/publicity/papers/{usual.number}/").status_code == 404
    with pytest.raises(Unfit, match="没有交流材料"):
        actions.present(by=cast.scope("officer"), record=usual, papers=[str(paper.pk)])
    assert not MeetingPaper.objects.unscoped("test").exists()


def test_what_is_no_longer_offered_is_not_shown_at_the_meeting(cast: Cast) -> None:
    held, paper = conference(cast), offered(cast, "议事前移一步")
    actions.present(by=cast.scope("officer"), record=held, papers=[str(paper.pk)])
    actions.share(by=cast.scope("secretary"), news=paper, shared=False)
    assert paper.title not in cast.client("officer").get(f"/publicity/papers/{held.number}/").content.decode()
    assert held.held_on < TODAY
