"""Scenarios for the sandbox, learning-organ programmes, best lectures, staged study with essays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from zhibu.web.burden.models import SentDown
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import Cast
from zhibu.web.learning.models import (
    Essay,
    LearningOrgan,
    LectureContest,
    LectureEntry,
    LectureMark,
    OrganStep,
    Scenario,
    StudyCell,
    StudyProgramme,
)
from zhibu.web.learning.tests.test_classes import member, text
from zhibu.web.procedures.publishing import publish

pytestmark = pytest.mark.django_db


@pytest.mark.mechanism("M280")
def test_a_scenario_opens_its_procedure_in_the_sandbox(cast: Cast) -> None:
    publish(paths=[settings.PACKS / "central"])
    officer, secretary = cast.client("officer"), cast.client("secretary")
    told = {"title": "换届情景模拟", "procedure": "election", "story": "某支部届满", "roles": "主持人\n监票人"}
    assert officer.post("/learning/scenarios/new/", told | {"procedure": "none"}).status_code == 422
    assert officer.post("/learning/scenarios/new/", told).status_code == 302
    one = Scenario.objects.unscoped("t").get()
    shown = text(secretary, f"/learning/scenarios/{one.pk}/")
    assert "监票人" in shown and "/procedures/shelf/try/?procedure=election" in shown
    assert secretary.get("/procedures/shelf/try/?procedure=election").status_code == 200
    assert secretary.get(f"/learning/scenarios/{one.pk}/edit/").status_code == 404
    officer.post(f"/learning/scenarios/{one.pk}/edit/", told | {"closed": "on"})
    assert secretary.get(f"/learning/scenarios/{one.pk}/").status_code == 404


ORGAN: dict[str, Any] = {
    "goal": "一至两年建成", "standard": "全部步骤做完", "head": "张某，书记", "body": "创建领导小组",
    "department": "机关党办", "person": "李某", "starts_on": "2026-11-01", "due_on": "2027-12-31",
    "steps": "制定学习计划 2026-12-31\n交流 2027-06-30",
}  # fmt: skip


@pytest.mark.mechanism("M285", "M286")
def test_a_learning_organ_is_set_up_whole_and_accepted_above(cast: Cast) -> None:
    town, officer = cast.client("committee_officer"), cast.client("officer")
    for missing in ("head", "body", "department", "person", "steps"):
        assert town.post("/learning/organs/new/", ORGAN | {missing: ""}).status_code == 422, missing
    assert town.post("/learning/organs/new/", ORGAN | {"steps": "没有日期"}).status_code == 422
    url = town.post("/learning/organs/new/", ORGAN).headers["Location"]
    assert town.post("/learning/organs/new/", ORGAN).status_code == 422  # one under way
    one = LearningOrgan.objects.unscoped("t").get()
    assert town.post(f"{url}apply/").status_code == 422  # steps are open
    for step in OrganStep.objects.unscoped("t"):
        assert town.post(f"{url}steps/{step.pk}/", {"done_on": "2027-11-20", "result": "x"}).status_code == 422
        town.post(f"{url}steps/{step.pk}/", {"done_on": "2026-11-20", "result": "做了"})
    assert officer.post(f"{url}apply/").status_code == 404  # not for another
    town.post(f"{url}apply/")
    assert town.post(f"{url}decide/", {"answer": "yes", "opinion": "好"}).status_code == 404  # never itself
    assert "申请验收" in text(officer, "/review/") and "申请验收" not in text(town, "/review/")
    assert officer.post(f"{url}decide/", {"answer": "no", "opinion": ""}).status_code == 422
    officer.post(f"{url}decide/", {"answer": "no", "opinion": "还缺交流记录"})
    assert "还缺交流记录" in text(town, url)
    town.post(f"{url}apply/")
    officer.post(f"{url}decide/", {"answer": "yes", "opinion": "达到标准"})
    assert "申请验收" not in text(officer, "/review/")
    one.refresh_from_db()
    assert one.accepted_on and "1 个单位创建，1 个验收通过" in text(officer, "/learning/organs/")
    assert cast.client("neighbour").get(url).status_code == 404


@pytest.mark.mechanism("M289")
def test_best_lectures_are_sent_in_marked_and_shared(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    officer, secretary, judge = cast.client("officer"), cast.client("secretary"), cast.client("leader")
    told = {"title": "精品党课评选", "document": "示字 2 号", "closes_on": "2026-11-21"}
    assert officer.post("/learning/lectures/contests/new/", told | {"items": "好"}).status_code == 422
    url = send(officer, "/learning/lectures/contests/new/", told | {"items": "内容 60\n讲授 40"}).headers["Location"]
    user = cast.posts["leader"].user
    assert officer.post(f"{url}judges/", {"username": user.username, "name": user.name}).status_code == 302
    entry = {"title": "入党为什么", "speaker": "某书记", "text": "讲稿正文"}
    assert secretary.post(f"{url}enter/", entry).status_code == 302
    assert secretary.post(f"{url}enter/", entry).status_code == 422
    assert cast.client("neighbour").post(f"{url}enter/", entry | {"title": "邻村的课"}).status_code == 302
    one = LectureEntry.objects.unscoped("t").get(organisation=cast.branch)
    assert "邻村的课" not in text(secretary, url) and "邻村的课" in text(officer, url)
    assert cast.client("neighbour").get(f"{url}{one.pk}/files/").status_code == 404
    seat = one.contest.judges.unscoped("t").get()
    panel = f"/learning/lectures/panels/{seat.pk}/"
    assert "入党为什么" in text(judge, panel)
    assert judge.post(f"{panel}{one.pk}/", {"item0": "61", "item1": "40"}).status_code == 422
    assert judge.post(f"{panel}{one.pk}/", {"item0": "50", "item1": "40"}).status_code == 302
    assert judge.post(f"{panel}{one.pk}/", {"item0": "55", "item1": "35"}).status_code == 302
    assert LectureMark.objects.unscoped("t").get().points == [55, 35]
    assert officer.get(panel).status_code == 404
    assert "90" in text(officer, url)
    assert officer.post(f"{url}choose/", {"chosen": [one.pk]}).status_code == 422  # still open
    monkeypatch.setenv("ZHIBU_TODAY", "2026-11-22")
    assert secretary.post(f"{url}enter/", entry | {"title": "晚了"}).status_code == 422
    assert officer.post(f"{url}choose/", {}).status_code == 422
    officer.post(f"{url}choose/", {"chosen": [one.pk]})
    assert LectureContest.objects.unscoped("t").get().ended_on == date(2026, 11, 22)
    shared = text(cast.client("neighbour"), "/learning/lectures/")
    assert "入党为什么" in shared and "邻村的课" not in shared
    assert "讲稿正文" in text(cast.client("member"), f"/learning/lectures/{one.pk}/")


def test_study_is_arranged_by_stage_audience_and_topic_and_essays_are_free(cast: Cast) -> None:
    officer, reader = cast.client("officer"), cast.client("member")
    rows = (
        "第一阶段，全体党员，党章，集中学习，2026-12-31，收文章\n第二阶段，党支部书记，支部工作，专题学习，2027-03-31"
    )
    told = {"title": "主题学习安排", "cells": rows}
    assert (
        officer.post("/learning/programmes/new/", told | {"cells": "一，谁，什么，集中学习，2026-12-31"}).status_code
        == 422
    )
    url = send(officer, "/learning/programmes/new/", told, 15).headers["Location"]
    asked = SentDown.objects.unscoped("t").order_by("part").values_list("title", "minutes", "ends_on")
    assert list(asked) == [
        ("主题学习安排：党章", 15, date(2026, 12, 31)), ("主题学习安排：支部工作", 15, date(2027, 3, 31)),
    ]  # fmt: skip
    one = member(cast, user=cast.posts["member"].user)
    cell = StudyCell.objects.unscoped("t").get(essay=True)
    assert "主题学习安排" in text(reader, "/learning/essays/")
    assert reader.post(f"/learning/essays/write/{cell.pk}/", {"title": "读后", "text": ""}).status_code == 422
    assert reader.post(f"/learning/essays/write/{cell.pk}/", {"title": "读后", "text": "一句"}).status_code == 302
    reader.post(f"/learning/essays/write/{cell.pk}/", {"title": "读后改", "text": "两句"})
    row = Essay.objects.unscoped("t").get()
    assert one.name in text(cast.client("secretary"), url) and "两句" in text(officer, f"/learning/essays/{row.pk}/")
    matrix = text(cast.client("secretary"), url)
    assert "第二阶段" in matrix and "党支部书记" in matrix and "支部工作" in matrix
    assert one.name not in text(cast.client("neighbour"), url)
    assert cast.client("neighbour").get(f"/learning/essays/{row.pk}/").status_code == 404
    assert cast.client("neighbour").post(f"/learning/essays/{row.pk}/take-back/").status_code == 404
    reader.post(f"/learning/essays/{row.pk}/take-back/")
    assert not Essay.objects.unscoped("t").exists()
    officer.post(f"{url}end/")
    assert StudyProgramme.objects.unscoped("t").get().ended_on and "主题学习安排" not in text(
        reader, "/learning/essays/"
    )


@pytest.mark.mechanism("M287")
def test_an_essay_like_anothers_is_told_to_its_writer_and_to_who_reads_it(cast: Cast) -> None:
    officer, reader = cast.client("officer"), cast.client("member")
    rows = "第一阶段，全体党员，党章，集中学习，2026-12-31，收文章"
    send(officer, "/learning/programmes/new/", {"title": "主题学习安排", "cells": rows})
    one, cell = member(cast, user=cast.posts["member"].user), StudyCell.objects.unscoped("t").get()
    other = member(cast, name="王同事", number=7)
    said = "".join(chr(0x4E00 + n * n % 9_973) for n in range(400))
    Essay.objects.create(cell=cell, member=other, title="同题", text=said, handed_in_on=date(2026, 11, 20))
    url = f"/learning/essays/write/{cell.pk}/"
    page = reader.post(url, {"title": "我的", "text": said + "以上是我的体会。"}, follow=True).content.decode()
    assert "有一半以上相同" in page and "王同事" not in page
    row = Essay.objects.unscoped("t").get(member=one)
    read = text(officer, f"/learning/essays/{row.pk}/")
    assert "王同事" in read and "不计分" in read
    page = reader.post(
        url, {"title": "我的", "text": "自己写的一段话，讲自己的岗位。" * 3}, follow=True
    ).content.decode()
    assert "有一半以上相同" not in page and "同专题" not in text(officer, f"/learning/essays/{row.pk}/")
