"""年度计划: made from a template, filed and answered, done by records; nobody ticks anything."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.plans import words
from zhibu.web.plans.actions import plans as actions
from zhibu.web.plans.models import Plan, PlanItem
from zhibu.web.plans.queries import plans as queries
from zhibu.web.plans.tests.given import item, notice, plan, record
from zhibu.web.regulations.words import words as known

pytestmark = pytest.mark.django_db
SEES = {"officer", "committee_officer", "secretary", "leader"}


@pytest.mark.mechanism("M025")
def test_a_plan_from_a_template_becomes_notices_and_records_and_its_rate(cast: Cast) -> None:
    page = cast.client("secretary")
    assert "村、社区" in page.get("/plans/new/").content.decode()
    address = page.post("/plans/new/", {"year": "2026", "start": "village"})["Location"]
    made = Plan.objects.unscoped("t").get()
    months = PlanItem.objects.unscoped("t").filter(plan=made)
    assert {one.month for one in months if one.types == ["theme_day"]} == set(range(1, 13))
    assert not [one for one in months if one.topic or one.content or one.owner]  # months and types only

    november = next(one for one in months if one.month == 11 and one.types == ["theme_day"])
    told = {"month": "11", "day": "25", "types": ["theme_day"], "topic": "学条例", "owner": "组织委员"}
    page.post(f"{address}items/{november.pk}/", told)
    shown = page.get(f"/plans/meetings/new/?item={november.pk}").content.decode()
    assert "学条例" in shown and "2026-11-25" in shown
    sent = page.post(
        f"/plans/meetings/new/?item={november.pk}",
        {"on": "2026-11-25", "starts_at": "19:00", "types": ["theme_day"], "topic": "学条例", "who": "everybody"},
    )
    assert "学条例" in page.get(sent["Location"]).content.decode()

    for month in range(1, 11):
        record(cast.branch, date(2026, month, 5), "theme_day")
    text = page.get(address).content.decode()
    assert "到现在该办" in text and "办了 10 项" in text and "办了的 10 项没有列" in text
    assert "当月第一条同类记录" in page.get(f"{address}?whole=1").content.decode()
    page.post(f"{address}file/")
    above = cast.client("committee_officer")
    assert "等本级接收" in above.get("/plans/").content.decode()
    above.post(f"{address}answer/", {"do": "return", "text": "12 月没有组织生活会的日期"})
    assert "12 月没有组织生活会的日期" in page.get("/duties/month/").content.decode()
    page.post(f"{address}file/")
    above.post(f"{address}answer/", {"do": "accept", "text": ""})
    made.refresh_from_db()
    assert made.state == "accepted"


@pytest.mark.parametrize("who", ROLES)
def test_who_opens_the_list(cast: Cast, who: str) -> None:
    assert cast.client(who).get("/plans/").status_code == (200 if who in SEES else 403)


def test_a_neighbour_finds_nothing(cast: Cast) -> None:
    made = plan(cast)
    one = item(cast, made, 5, "theme_day")
    client = cast.client("neighbour")
    for address in ("", "edit/", "export/", "items/new/", f"items/{one.pk}/"):
        assert client.get(f"/plans/{made.pk}/{address}").status_code == 404
    for act in ("file/", "recall/", f"items/{one.pk}/drop/"):
        assert client.post(f"/plans/{made.pk}/{act}").status_code == 404
    with pytest.raises(NotAllowed):
        actions.drop(by=cast.scope("neighbour"), plan=made, item=one)
    with pytest.raises(NotAllowed):
        actions.answer(by=cast.scope("secretary"), plan=made, accept=True, text="")


def test_an_item_is_done_by_the_record_linked_else_the_first_of_its_type_in_its_month(cast: Cast) -> None:
    made = plan(cast)
    first, second = item(cast, made, 5, "study", topic="甲"), item(cast, made, 5, "study", topic="乙")
    lecture = item(cast, made, 5, "party_lecture")
    early = record(cast.branch, date(2026, 5, 3), "study", "party_lecture")
    june = record(cast.branch, date(2026, 6, 2), "study")
    scope = cast.scope("secretary")

    def found() -> dict[int, queries.Done]:
        return {one.item.pk: one for one in queries.progress(scope, [made])[made.pk]}

    assert found()[first.pk].record == early and found()[second.pk].record is None  # one record, one item of a type
    assert found()[lecture.pk].record == early  # and of each of its types
    actions.link(by=scope, plan=made, item=first, record=early)
    assert found()[lecture.pk].record == early  # a link takes the types of its item alone
    actions.link(by=scope, plan=made, item=second, record=june)
    assert found()[second.pk].record == june and found()[second.pk].how == queries.LINKED
    early.withdrawn_at = "2026-06-01T00:00Z"
    early.save()
    assert found()[first.pk].record is None and found()[first.pk].status == "late"
    with pytest.raises(NotAllowed):
        actions.link(by=scope, plan=made, item=first, record=record(cast.neighbour, date(2026, 5, 3), "study"))


def test_last_years_plan_is_copied_without_its_records(cast: Cast) -> None:
    made = plan(cast, year=2025)
    item(cast, made, 3, "theme_day", topic="植树")
    actions.describe(by=cast.scope("secretary"), plan=made, fixed_day=25, rule="", method="", checks="")
    again = plan(cast, "last")
    assert [one.topic for one in again.items.unscoped("t")] == ["植树"] and again.fixed_day == 25
    with pytest.raises(Unfit, match="已经有了"):
        plan(cast)
    assert Line.objects.unscoped("t").filter(action="plans.keep").count() == 4


def test_nothing_empty_is_filed_and_a_filed_plan_is_taken_back(cast: Cast) -> None:
    made, page = plan(cast), cast.client("secretary")
    assert "先加一项" in page.post(f"/plans/{made.pk}/file/", follow=True).content.decode()
    item(cast, made, 5, "theme_day")
    page.post(f"/plans/{made.pk}/file/")
    assert "已收回" in page.post(f"/plans/{made.pk}/recall/", follow=True).content.decode()
    page.post(f"/plans/{made.pk}/file/")
    above = cast.client("committee_officer")
    waits = [cast.client(who).get("/review/").content.decode() for who in ("committee_officer", "officer")]
    assert f'href="/plans/{made.pk}/"' in waits[0] and f'href="/plans/{made.pk}/"' not in waits[1]
    answer = above.post(f"/plans/{made.pk}/answer/", {"do": "return", "text": ""})
    assert answer.status_code == 422 and "退回要写一句" in answer.content.decode()
    item(cast, made, 6, "theme_day")  # changed while it waits
    assert "报送后 2026-11-21 改过" in above.get(f"/plans/{made.pk}/").content.decode()


@pytest.mark.mechanism("M282")
def test_a_study_plan_has_plan_content_rule_method_and_checks_and_is_executed(cast: Cast) -> None:
    made, page = plan(cast), cast.client("secretary")
    told = {"rule": "每月 10 日晚学习，缺席补课", "method": "自学、领学、研讨", "checks": "委员每季度看一次笔记"}
    page.post(f"/plans/{made.pk}/edit/", told)
    page.post(f"/plans/{made.pk}/items/new/", {"month": "10", "types": ["study"], "content": "支部工作条例第三章"})
    record(cast.branch, date(2026, 10, 10), "study", topic="条例")
    text = page.get(f"/plans/{made.pk}/?whole=1").content.decode()
    assert all(word in text for word in (*told.values(), "支部工作条例第三章", "办了 1 项"))
    book = openpyxl.load_workbook(io.BytesIO(page.get(f"/plans/{made.pk}/export/").content))
    assert "支部工作条例第三章" in [cell.value for cell in book.active[4]]
    assert Line.objects.unscoped("t").filter(action="plans.export").count() == 1


@pytest.mark.mechanism("M290")
def test_a_rota_of_weekly_talks_gives_each_speaker_a_day_and_the_evening_its_sheet(cast: Cast) -> None:
    made, page = plan(cast), cast.client("secretary")
    told = {
        "types": ["weekly_talk", "night_study"],
        "first": "2026-11-18",
        "every": "7",
        "times": "5",
        "topic": "我来讲",
    }
    page.post(f"/plans/{made.pk}/items/rota/", told | {"speakers": "张一\n李二\n王三"})
    rows = list(PlanItem.objects.unscoped("t").filter(plan=made))
    days = [(one.month, one.day, one.speaker) for one in rows]
    assert days[:4] == [(11, 18, "张一"), (11, 25, "李二"), (12, 2, "王三"), (12, 9, "张一")]
    shown = page.get(f"/records/new/?rule=plan&period={rows[0].pk}").content.decode()  # evidence: record and sheet
    assert "周讲" in shown and "张一" in shown and "我来讲" in shown and "2026-11-18" in shown and "到会" in shown
    record(cast.branch, date(2026, 11, 18), "night_study", "weekly_talk")
    assert "办了 1 项" in page.get(f"/plans/{made.pk}/").content.decode()
    late = page.post(f"/plans/{made.pk}/items/rota/", told | {"first": "2026-12-20", "times": "9"})
    assert late.status_code == 422 and "不在 2026 年" in late.content.decode()


def test_the_list_reads_a_fixed_number_of_queries(cast: Cast) -> None:
    client = cast.client("officer")
    made = plan(cast)
    item(cast, made, 5, "theme_day")

    def reads() -> int:
        client.get("/plans/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/plans/")
        return len(seen)

    few = reads()
    for month in range(1, 13):
        item(cast, made, month, "study")
        record(cast.branch, date(2026, month if month < 12 else 1, 3), "study")
    Plan.objects.create(organisation=cast.neighbour, year=2026)
    assert reads() == few


@pytest.mark.parametrize("kind", ["branch", "work_committee"])
def test_templates_hold_known_types_and_months_alone(kind: str) -> None:
    for one in words.templates():
        assert set(one) == {"id", "title", "kinds", "sectors", "months"}
        for event, months in one["months"].items():
            assert event in known()["events"] and set(months) <= set(range(1, 13))
    assert words.templates_for(kind, "organ")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "‮倒", "长" * 201])
def test_hostile_words(cast: Cast, text: str) -> None:
    made, page = plan(cast), cast.client("secretary")
    answer = page.post(f"/plans/{made.pk}/items/new/", {"month": "5", "types": ["theme_day"], "topic": text})
    assert answer.status_code in (302, 422)
    assert "<script>alert" not in page.get(f"/plans/{made.pk}/").content.decode()


@pytest.mark.parametrize(
    "told", [{"month": "13"}, {"day": "32"}, {"types": ["no_such"]}, {"theme": "99999"}, {"month": "x"}, {"types": []}]
)
def test_what_cannot_be_is_refused_at_its_field(cast: Cast, told: dict) -> None:
    made, page = plan(cast), cast.client("secretary")
    answer = page.post(f"/plans/{made.pk}/items/new/", {"month": "5", "types": ["theme_day"]} | told)
    assert answer.status_code == 422 and not PlanItem.objects.unscoped("t").exists()


def test_odd_addresses(cast: Cast) -> None:
    page, made = cast.client("secretary"), plan(cast)
    for address in ("/plans/?year=9999&state=x", "/plans/?year=９９", f"/plans/{made.pk}/items/new/?month=x"):
        assert page.get(address).status_code == 200
    assert page.get("/plans/meetings/new/?item=99999").status_code == 404
    assert notice(cast, date(2026, 12, 1), "theme_day").item is None
