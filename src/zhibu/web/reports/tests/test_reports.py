"""报告包: live figures with their sources, texts, 定稿 that never changes, units' drafts, targets, Word."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.burden.models import SentDown
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Tally
from zhibu.web.publicity.models import News
from zhibu.web.records.models import Record
from zhibu.web.reports import actions, queries, target_actions
from zhibu.web.reports.models import Report, ReportFigure, ReportText, YearTarget
from zhibu.web.tasks.models import Task

WHY = "test"
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
HALF = {"kind": "half", "title": "上半年总结", "since": "2026-01-01", "until": "2026-06-30"}
pytestmark = pytest.mark.django_db


def wrote(place: Any, held_on: date, types: tuple[str, ...] = ("theme_day",), **more: Any) -> Record:
    number = f"2026-{Record.objects.unscoped(WHY).count():06d}"
    return Record.objects.create(
        number=number, organisation=place, types=list(types), held_on=held_on, recorded_on=held_on, present=7,
        recorded_at=f"{held_on}T10:00Z", submitted_key=number, **more,
    )  # fmt: skip


def begun(cast: Cast, who: str = "officer", **told: Any) -> Report:
    return actions.begin(by=cast.scope(who), **{"kind": "half", "title": "总结", "since": FIRST, "until": LAST} | told)


def figures(cast: Cast, report: Report, who: str = "officer") -> dict[str, str]:
    parts = queries.shown(cast.scope(who), report)
    return {one.words: one.value for part in parts for one in part.figures}


@pytest.mark.mechanism("M040")
def test_a_plenary_report_has_live_figures_and_a_text_between_them(cast: Cast) -> None:
    page = cast.client("officer")
    told = HALF | {"kind": "plenary", "title": "党建专题报告", "occasion": "县委全委会扩大会议"}
    address = page.post("/reports/new/", told).headers["Location"]
    assert "开展活动" in (body := page.get(address).content.decode()) and "县委全委会扩大会议" in body
    report = Report.objects.unscoped(WHY).get()
    assert figures(cast, report)["开展活动"] == "0"
    wrote(cast.branch, date(2026, 3, 5))
    wrote(cast.neighbour, date(2026, 7, 5))  # after the period
    assert figures(cast, report) | {"开展活动": "1", "到会": "7", "党员": "24", "其中党支部": "3"} == figures(
        cast, report
    )
    assert page.post(f"{address}text/life/", {"text": "主题党日按月开展", "version": "0"}).status_code == 302
    body = page.get(address).content.decode()
    assert "主题党日按月开展" in body and f'href="/records/?o={cast.county.code}&amp;year=2026"' in body
    paper = docx.Document(io.BytesIO(page.get(f"{address}word/").content))
    lines = [one.text for one in paper.paragraphs]
    assert "党建专题报告" in lines and "主题党日按月开展" in lines
    assert any("开展活动 1 次，到会 7 人次" in one for one in lines)
    cells = [cell.text for cell in paper.tables[0].rows[1].cells]
    assert cells[0] == "党组织" and cells[4] == "2026-06-30" and cells[5].startswith("http://")
    assert round(paper.sections[0].page_width.mm) == 210


@pytest.mark.mechanism("M368")
def test_a_report_to_a_superior_draws_verified_figures_with_their_source(cast: Cast) -> None:
    Tally.objects.create(
        organisation=cast.county, year=2026, rulebook="x", rule="y", period="2026-03", ends_on=date(2026, 3, 31),
        met=8, late=1, missed=1,
    )  # fmt: skip
    page = cast.client("officer")
    address = page.post("/reports/new/", HALF | {"kind": "material", "title": "汇报材料"}).headers["Location"]
    body = page.get(address).content.decode()
    assert "80.0%" in body and "8 ÷ 10" in body and f'href="/board/?area={cast.county.code}"' in body
    assert "参加培训" in body and 'href="/learning/"' in body
    report = Report.objects.unscoped(WHY).get()
    sources = [one for part in queries.shown(cast.scope("officer"), report) for one in part.figures]
    assert all(one.source and one.as_of == LAST for one in sources)
    for one in sources:
        assert page.get(one.url).status_code == 200, one.url


@pytest.mark.mechanism("M041")
def test_a_half_year_is_kept_and_every_unit_writes_its_own(cast: Cast) -> None:
    page = cast.client("officer")
    address = page.post("/reports/new/", HALF).headers["Location"]
    wrote(cast.branch, date(2026, 5, 6))
    assert send(page, f"{address}units/", {"units": [cast.town.pk], "due_on": "2026-11-25"}).status_code == 302
    assert SentDown.objects.unscoped(WHY).get().minutes == 20
    unit = cast.client("committee_officer")
    draft = Report.objects.unscoped(WHY).get(organisation=cast.town)
    assert f"/reports/{draft.pk}/" in page.get(address).content.decode()
    assert (draft.asked_by_id, draft.since, draft.until) == (int(address.split("/")[-2]), FIRST, LAST)
    assert figures(cast, draft, "committee_officer")["党员"] == "16"
    unit.post(f"/reports/{draft.pk}/text/life/", {"text": "农忙时开展少", "version": "0"})
    assert page.post(f"/reports/{draft.pk}/text/life/", {"text": "改", "version": "1"}).status_code == 404
    assert "定稿会把" in unit.get(f"/reports/{draft.pk}/keep/").content.decode()
    assert unit.post(f"/reports/{draft.pk}/keep/").status_code == 302
    assert "农忙时开展少" in page.get(f"/reports/{draft.pk}/").content.decode()

    page.post("/reports/targets/new/", {"year": "2026", "name": "新建非公企业党组织", "unit": "个", "first": "12"})
    target = YearTarget.objects.unscoped(WHY).get()
    told = {"done": "4", "again": "10", "why": "三家企业停产"}
    assert page.post(f"/reports/targets/{target.pk}/", told).status_code == 302
    body = page.get(address).content.decode()
    assert "年初目标 12；上半年完成 4，下半年还要 6；调整：三家企业停产" in body

    assert page.post(f"{address}keep/").status_code == 302
    before = page.get(address).content.decode()
    wrote(cast.branch, date(2026, 5, 7))
    Record.objects.unscoped(WHY).filter(held_on=date(2026, 5, 6)).update(present=99)
    assert page.get(address).content.decode().count("年初目标 12") == 1
    report = Report.objects.unscoped(WHY).get(organisation=cast.county)
    assert figures(cast, report)["开展活动"] == "1" and "定稿" in before


def test_a_kept_report_never_changes(cast: Cast) -> None:
    report, by = begun(cast), cast.scope("officer")
    actions.keep(by=by, report=report)
    with pytest.raises(NotAllowed):
        actions.say(by=by, report=report, key="life", text="x")
    with pytest.raises(NotAllowed):
        actions.keep(by=by, report=report)
    one = ReportFigure.objects.unscoped(WHY).first()
    with pytest.raises(TypeError):
        one.save()
    page = cast.client("officer")
    assert page.get(f"/reports/{report.pk}/text/life/").status_code == 404
    assert page.post(f"/reports/{report.pk}/withdraw/", {"reason": "数字核对后重写"}).status_code == 302
    assert "数字核对后重写" in page.get(f"/reports/{report.pk}/").content.decode()
    assert ReportFigure.objects.unscoped(WHY).count() > 10
    assert Line.objects.unscoped(WHY).filter(action="reports.keep", outcome="done").count() == 3


@pytest.mark.mechanism("M367")
def test_a_review_of_years_goes_from_conference_to_conference_with_figures_and_cases(cast: Cast) -> None:
    page, told = cast.client("officer"), {"kind": "conference", "title": "两年回顾", "until": "2026-11-01"}
    assert "没有上一次党建工作会议" in page.post("/reports/new/", told).content.decode()
    wrote(cast.county, date(2024, 10, 20), ("work_conference",))
    News.objects.create(
        organisation=cast.branch, kind="experience", title="田间课堂", text="…", state="adopted", level="county",
        sent_on=date(2025, 4, 1), answered_on=date(2025, 5, 1),
    )  # fmt: skip
    address = page.post("/reports/new/", told).headers["Location"]
    report = Report.objects.unscoped(WHY).get()
    assert (report.since, report.until) == (date(2024, 10, 21), date(2026, 11, 1))
    body = page.get(address).content.decode()
    assert "《田间课堂》" in body and "县（区）采用" in body and "没有计算" in body
    page.post(f"{address}keep/")
    later = page.post("/reports/new/", told | {"since": "2026-11-02", "until": "2026-11-20"}).headers["Location"]
    assert "两年回顾" in page.get(later).content.decode() and "上一次会议的报告" in page.get(later).content.decode()


@pytest.mark.mechanism("M042")
def test_a_conference_reviews_the_time_since_the_last_and_issues_its_tasks(cast: Cast) -> None:
    page, told = cast.client("officer"), {"kind": "conference", "title": "两年工作报告", "until": "2026-10-31"}
    wrote(cast.county, date(2024, 10, 20), ("work_conference",))
    address = page.post("/reports/new/", told).headers["Location"]
    lines = {"lines": "联系一个社区；2027-06-30\n办一期书记培训班", "units": cast.town.code, "due_on": "2026-12-31"}
    assert page.post(f"{address}tasks/", lines).status_code == 404  # a draft issues nothing
    page.post(f"{address}keep/")
    meeting = wrote(cast.county, date(2026, 11, 5), ("work_conference",))
    assert "部署任务" in page.get(address).content.decode()
    assert page.post(f"{address}tasks/", lines).status_code == 422  # without minutes
    assert send(page, f"{address}tasks/", lines).status_code == 302
    first, second = Task.objects.unscoped(WHY).order_by("pk")
    assert (first.owner, first.due_on, second.due_on) == (cast.town, date(2027, 6, 30), date(2026, 12, 31))
    assert first.order.record == meeting and first.order.document == "两年工作报告"
    body = page.get(address).content.decode()
    assert "会议部署的任务" in body and f"/tasks/orders/{first.order_id}/" in body
    again = send(page, f"{address}tasks/", lines)
    assert again.status_code == 422 and "已经部署过" in again.content.decode()
    wrong = page.post(f"{address}tasks/", lines | {"lines": "开会；2027-02-30"})
    assert wrong.status_code == 422 and "没有这一天" in wrong.content.decode()
    later = begun(cast, kind="half", since=date(2026, 7, 1), until=date(2026, 11, 20))
    assert figures(cast, later) | {"交办任务": "0", "结转任务": "0"} == figures(cast, later)  # given today, after it
    today = begun(cast, kind="half", since=date(2026, 7, 1), until=date(2026, 11, 21))
    assert figures(cast, today) | {"交办任务": "2", "办结任务": "0", "结转任务": "2"} == figures(cast, today)
    cases = [one.words for part in queries.shown(cast.scope("officer"), today) for one in part.cases]
    assert cases == ["办一期书记培训班", "联系一个社区"]


@pytest.mark.mechanism("M369")
def test_a_year_in_five_blocks(cast: Cast) -> None:
    page = cast.client("officer")
    told = HALF | {"kind": "year", "title": "年度成绩", "until": "2026-11-20"}
    body = page.get(page.post("/reports/new/", told).headers["Location"]).content.decode()
    for heading in ("责任落实", "党内政治生活", "基层基础", "经验和典型", "薄弱领域", "组织覆盖率"):
        assert heading in body


@pytest.mark.parametrize(("who", "status"), [
    ("officer", 200), ("committee_officer", 404), ("secretary", 404), ("leader", 403), ("member", 403),
    ("auditor", 403), ("neighbour", 404),
])  # fmt: skip
def test_each_role_and_the_neighbour(cast: Cast, who: str, status: int) -> None:
    report = begun(cast)
    assert cast.client(who).get(f"/reports/{report.pk}/").status_code == status
    assert cast.client(who).get("/reports/").status_code == (200 if status != 403 else 403)


def test_a_page_takes_a_fixed_number_of_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    report, page = begun(cast, kind="plenary"), cast.client("officer")
    page.get(f"/reports/{report.pk}/")
    with django_assert_max_num_queries(65):
        page.get(f"/reports/{report.pk}/")
    actions.keep(by=cast.scope("officer"), report=report)
    with django_assert_max_num_queries(20):
        page.get(f"/reports/{report.pk}/")


def test_of_two_writers_the_second_is_told(cast: Cast) -> None:
    report, page = begun(cast), cast.client("officer")
    address = f"/reports/{report.pk}/text/life/"
    assert page.post(address, {"text": "甲", "version": "0"}).status_code == 302
    answer = page.post(address, {"text": "乙", "version": "0"})
    assert answer.status_code == 422 and "别人先改过这一段，现在是：甲" in answer.content.decode()
    assert page.post(address, {"text": "丙", "version": "1"}).status_code == 302
    assert ReportText.objects.unscoped(WHY).get().text == "丙"


def test_what_is_refused_says_what_would_be_right(cast: Cast) -> None:
    page = cast.client("officer")
    assert "写明从哪天起" in page.post("/reports/new/", HALF | {"since": ""}).content.decode()
    assert "不能更早" in page.post("/reports/new/", HALF | {"until": "2025-01-01"}).content.decode()
    assert "最多 10 年" in page.post("/reports/new/", HALF | {"since": "1921-07-01"}).content.decode()
    report, by = begun(cast, until=date(2026, 12, 31)), cast.scope("officer")
    with pytest.raises(Unfit, match="还没有过"):
        actions.keep(by=by, report=report)
    with pytest.raises(Unfit, match="没有这一段"):
        actions.say(by=by, report=report, key="opening", text="x")
    target = target_actions.aim(by=by, year=2026, name="目标", unit="个", first=5)
    with pytest.raises(Unfit, match="为什么"):
        target_actions.aim_again(by=by, target=target, done=1, again=3)
    with pytest.raises(Unfit, match="已有"):
        target_actions.aim(by=by, year=2026, name="目标", unit="个", first=5)
    with pytest.raises(NotAllowed):
        target_actions.drop(by=cast.scope("committee_officer"), target=target, reason="x")
    target_actions.drop(by=by, target=target, reason="重复")
    target_actions.aim(by=by, year=2026, name="目标", unit="个", first=5)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\x00\x1b甲", "甲" * 8000])
def test_hostile_texts(cast: Cast, text: str) -> None:
    report, page = begun(cast), cast.client("officer")
    page.post(f"/reports/{report.pk}/text/life/", {"text": text, "version": "0"})
    assert "<script>alert" not in page.get(f"/reports/{report.pk}/").content.decode()
    assert docx.Document(io.BytesIO(page.get(f"/reports/{report.pk}/word/").content)).paragraphs


def test_a_report_asked_for_waits_on_the_month_page(cast: Cast) -> None:
    above, by = begun(cast, "committee_officer"), cast.scope("committee_officer")
    assert not queries.to_ask(by, above).exists()  # branches write none
    county = begun(cast)
    actions.ask(by=cast.scope("officer"), report=county, units=[cast.town], due_on=date(2026, 11, 25))
    with pytest.raises(Unfit, match="还没有要求过"):
        actions.ask(by=cast.scope("officer"), report=county, units=[cast.town], due_on=date(2026, 11, 25))
    from zhibu.web.reports.beside import to_write

    rows = to_write(cast.scope("committee_officer"), cast.town.pk)
    assert [(row[1], row[2], row[3]) for row in rows] == [(f"写{cast.town.name}半年总结", "todo", "11 月 25 日前定稿")]
    assert to_write(cast.scope("neighbour"), cast.town.pk) == []


def test_who_was_asked_is_spared_again(cast: Cast) -> None:
    county, page = begun(cast), cast.client("officer")
    told = {"units": [cast.town.pk, cast.other_town.pk], "due_on": "2026-11-25"}
    assert send(page, f"/reports/{county.pk}/units/", told, 60).status_code == 302
    mine = Report.objects.unscoped(WHY).get(asked_by=county, organisation=cast.town)
    address = f"/reports/{county.pk}/units/spare/"
    assert cast.client("committee_officer").post(address, {"units": [mine.pk], "reason": "x"}).status_code == 404
    assert cast.town.name in page.get(address).content.decode()
    assert page.post(address, {"units": [mine.pk], "reason": ""}).status_code == 422
    assert page.post(address, {"units": [county.pk], "reason": "x"}).status_code == 422
    assert page.post(address, {"units": [mine.pk], "reason": "并入年度总结"}).status_code == 302
    row = SentDown.objects.unscoped(WHY).get()
    assert (row.units, row.to, row.withdrawn_on) == (1, {"units": [cast.other_town.pk]}, None)
    assert "上级撤回：并入年度总结" in page.get(f"/reports/{mine.pk}/").content.decode()
    from zhibu.web.reports.beside import to_write

    assert to_write(cast.scope("committee_officer"), cast.town.pk) == []
    rest = Report.objects.unscoped(WHY).get(asked_by=county, withdrawn_on=None)
    actions.spare(by=cast.scope("officer"), report=county, units=[rest], reason="不写了")
    row.refresh_from_db()
    assert row.withdrawn_on is not None and row.to == {"units": [cast.other_town.pk]}
