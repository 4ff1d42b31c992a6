"""The reading list with the reader's own mark, the study corner, the leaders' study group."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.learning.models import CentreSeat, CentreSession, CornerPost, Reading, ReadMark
from zhibu.web.learning.tests.test_classes import member, text
from zhibu.web.library import actions as library
from zhibu.web.library.splitting import Piece

pytestmark = pytest.mark.django_db


@pytest.mark.mechanism("M294")
def test_a_new_regulation_reaches_those_who_have_to_know_it(cast: Cast) -> None:
    facts = {"title": "新规定（示例）", "number": "示〔2026〕1 号", "issuer": "中共云岭县委"}
    kept = library.keep(by=cast.scope("officer"), document=None, facts=facts | {"issued_on": date(2026, 11, 1)})
    officer = cast.client("officer")
    assert "新规定（示例）" in text(officer, "/learning/readings/")
    form = {"title": "新规定（示例）", "kind": "new", "audience": "audience_all", "new_until": "2026-12-31"}
    assert officer.post(f"/learning/readings/new/?document={kept.pk}", form).status_code == 302
    assert officer.post(f"/learning/readings/new/?document={kept.pk}", form).status_code == 422
    officer.post("/learning/readings/new/", form | {"title": "书记读本", "audience": "audience_secretaries"})
    one = member(cast, user=cast.posts["member"].user)
    reader = cast.client("member")
    assert "新出台：新规定（示例）" in text(reader, "/me/")
    listed = text(reader, "/learning/readings/me/")
    assert "新规定（示例）" in listed and "书记读本" not in listed
    assert "新规定（示例）" in text(reader, f"/learning/corner/of/{cast.branch.code}/")

    reading = Reading.objects.unscoped("t").get(document=kept)
    library.put_clauses(by=cast.scope("officer"), document=kept, pieces=[Piece("第一条", "每月学习一次。")])
    page = text(reader, f"/learning/readings/{reading.pk}/")  # the library itself is not theirs
    assert "每月学习一次。" in page and "标记已学" in page and reader.get("/library/").status_code == 403
    assert f"/learning/readings/{reading.pk}/" in listed
    reader.post(f"/learning/readings/{reading.pk}/mark/")
    assert ReadMark.objects.unscoped("t").get().member == one
    assert "新出台" not in text(reader, "/me/")
    seen = text(cast.client("secretary"), "/learning/readings/")
    assert "1 人" in seen and one.name not in seen
    assert one.name not in "".join(
        f"{line.sentence}{line.new}" for line in Line.objects.unscoped("t").filter(action="learning.mark")
    )
    reader.post(f"/learning/readings/{reading.pk}/mark/")
    assert not ReadMark.objects.unscoped("t").exists()
    other = Reading.objects.create(
        organisation=cast.neighbour, title="邻村", kind="other", audience="audience_all", added_on=date(2026, 1, 1)
    )
    assert reader.post(f"/learning/readings/{other.pk}/mark/").status_code == 404
    assert reader.get(f"/learning/readings/{other.pk}/").status_code == 404
    assert cast.client("secretary").post(f"/learning/readings/{reading.pk}/drop/").status_code == 404
    assert officer.post(f"/learning/readings/{reading.pk}/drop/").status_code == 302


def test_a_text_outside_the_library_says_where_it_stands(cast: Cast) -> None:
    officer = cast.client("officer")
    form = {"title": "原著选读", "kind": "original", "audience": "audience_all", "link": "http://book.example.cn/1"}
    assert "https://" in officer.post("/learning/readings/new/", form).content.decode()
    assert officer.post("/learning/readings/new/", form | {"link": "https://book.example.cn/1"}).status_code == 302
    one = Reading.objects.unscoped("t").get()
    shown = text(cast.client("member"), f"/learning/readings/{one.pk}/")
    assert 'href="https://book.example.cn/1" rel="noopener' in shown and "标记已学" not in shown  # no row of the roster


@pytest.mark.mechanism("M296")
def test_the_branch_has_a_study_corner(cast: Cast) -> None:
    secretary = cast.client("secretary")
    assert secretary.post("/learning/corner/new/", {"title": "", "text": ""}).status_code == 422
    post = {"title": "读书一得", "text": "<script>x</script>读后感", "author": "某党员"}
    assert secretary.post("/learning/corner/new/", post).status_code == 302
    url = f"/learning/corner/of/{cast.branch.code}/"
    assert url in text(secretary, f"/o/{cast.branch.code}/")
    shown = text(cast.client("member"), url)
    assert "读书一得" in shown and "<script>x" not in shown
    assert cast.client("member").get("/learning/corner/").headers["Location"] == url
    assert cast.client("neighbour").get(url).status_code == 404
    assert cast.client("member").get("/learning/corner/new/").status_code == 403
    row = CornerPost.objects.unscoped("t").get()
    assert cast.client("neighbour").post(f"/learning/corner/{row.pk}/take-down/", {"why": "x"}).status_code == 404
    assert secretary.post(f"/learning/corner/{row.pk}/take-down/", {"why": ""}).status_code == 422
    secretary.post(f"/learning/corner/{row.pk}/take-down/", {"why": "过时"})
    assert "读书一得" not in text(secretary, url)


@pytest.mark.mechanism("M036")
def test_the_leaders_study_group_plans_studies_and_is_an_example(cast: Cast) -> None:
    officer = cast.client("officer")
    for name in ("甲常委", "乙常委"):
        assert officer.post("/learning/centre/seats/", {"name": name, "starts_on": "2026-01-01"}).status_code == 302
    assert officer.post("/learning/centre/seats/", {"name": "甲常委", "starts_on": "2026-01-01"}).status_code == 422
    plan = {"topic": "乡村振兴专题", "planned_on": "2026-11-15", "speakers": "甲常委"}
    officer.post("/learning/centre/plan/", plan)
    session, seat = CentreSession.objects.unscoped("t").get(), CentreSeat.objects.unscoped("t").get(name="甲常委")
    url = f"/learning/centre/{session.pk}/"
    assert "1 次过了计划日期" in text(officer, "/learning/centre/")
    town = cast.client("committee_officer")
    assert town.get(url).status_code == 404
    told = {"held_on": "2026-11-16", "speakers": "甲常委", "summary": "研究三件事", "present": [seat.pk]}
    assert officer.post(f"{url}hold/", told | {"held_on": "2027-01-01"}).status_code == 422
    assert officer.post(f"{url}hold/", told | {"present": []}).status_code == 422
    assert officer.post(f"{url}show/").status_code == 422
    assert officer.post(f"{url}hold/", told).status_code == 302
    shown = text(officer, url)
    assert "乙常委（请假）" in shown and "11 月 21 日" in shown
    assert "1/2" in text(officer, "/learning/centre/")
    officer.post(f"{url}show/")
    assert "乡村振兴专题" in text(town, "/learning/centre/")
    public = text(town, url)
    assert "研究三件事" in public and "乙常委" not in public  # who was away is the committee's own
    assert officer.post(f"{url}remove/").status_code == 422
    assert town.post(f"{url}hold/", told).status_code == 404
    officer.post(f"/learning/centre/seats/{seat.pk}/end/")
    assert "甲常委" in text(officer, url)
    secretary = cast.client("secretary")
    assert secretary.post("/learning/centre/plan/", plan).status_code == 422  # a branch has none
