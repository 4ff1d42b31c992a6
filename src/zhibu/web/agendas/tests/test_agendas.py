"""议事日程: special meetings counted from records, who is in charge, recurring items."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from zhibu.web.agendas import actions, queries
from zhibu.web.agendas.beside import to_hold
from zhibu.web.agendas.models import AgendaItem, InCharge
from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import Cast
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.tasks.models import Task

WHY = "test"
pytestmark = pytest.mark.django_db


def wrote(place: Organisation, held_on: date, kind: str = "party_work_meeting", **more: Any) -> Record:
    number = f"2026-{Record.objects.unscoped(WHY).count():06d}"
    return Record.objects.create(
        number=number, organisation=place, types=[kind], held_on=held_on, recorded_on=held_on,
        recorded_at=f"{held_on}T10:00Z", submitted_key=number, **more,
    )  # fmt: skip


def sits(place: Organisation, name: str = "王某", **more: Any) -> Tenure:
    office = Office.objects.create(
        organisation=place, kind="secretary", title=f"党委书记{name}", document="文", starts_on=date(2020, 1, 1)
    )
    return Tenure.objects.create(
        office=office, name=name, starts_on=date(2024, 1, 1), how="appointed", document="文", **more
    )


@pytest.mark.mechanism("M047")
def test_special_meetings_and_who_is_in_charge_by_body_those_without_first(cast: Cast) -> None:
    wrote(cast.town, date(2026, 3, 5))
    wrote(cast.town, date(2026, 9, 5))
    wrote(cast.town, date(2026, 9, 6), withdrawn_at="2026-09-07T10:00Z")
    wrote(cast.town, date(2026, 9, 8), review="returned")
    wrote(cast.county, date(2025, 9, 5))
    wrote(cast.branch, date(2026, 9, 5))  # a branch is no leading body
    tenure = sits(cast.town)
    unit = cast.client("committee_officer")
    told = {"tenure": tenure.pk, "starts_on": "2026-01-05", "document": "镇委〔2026〕3号"}
    assert unit.post("/agendas/person/", told).status_code == 302
    page = cast.client("officer")
    body = page.get("/agendas/").content.decode()
    assert "3 个党组、党委、党工委，2 个还没有专题研究过，2 个没有明确分管负责人" in body
    lines = queries.lines(cast.scope("officer"), 2026)
    assert [(one.place, len(one.special), one.person is not None) for one in lines] == [
        (cast.county, 0, False), (cast.other_town, 0, False), (cast.town, 2, True),
    ]  # fmt: skip
    assert "王某（党委书记王某）" in body and "2026-09-05" in body
    assert "专题研究党建工作 2 次" in unit.get(f"/agendas/of/{cast.town.code}/").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(page.get("/agendas/export/?year=2026").content))
    rows = list(book.active.iter_rows(min_row=4, values_only=True))
    assert [row[:2] for row in rows] == [(cast.county.name, 0), (cast.other_town.name, 0), (cast.town.name, 2)]
    assert rows[2][4] == "王某"
    assert [len(one.special) for one in queries.lines(cast.scope("officer"), 2025)] == [0, 0, 1]


def test_who_leaves_the_office_is_no_longer_in_charge(cast: Cast) -> None:
    tenure, by = sits(cast.town), cast.scope("committee_officer")
    actions.name_person(by=by, tenure=tenure, starts_on=date(2026, 1, 5))
    assert queries.in_charge(by, [cast.town.pk])
    tenure.ends_on = date(2026, 10, 1)
    tenure.save()
    assert not queries.in_charge(by, [cast.town.pk])
    with pytest.raises(Unfit, match="在任"):
        actions.name_person(by=by, tenure=tenure, starts_on=date(2026, 11, 1))
    with pytest.raises(Unfit, match="在任"):
        actions.name_person(by=by, tenure=sits(cast.county, "李某"), starts_on=date(2026, 11, 1))
    following = sits(cast.town, "赵某")
    with pytest.raises(Unfit, match="在那以后"):
        actions.name_person(by=by, tenure=following, starts_on=date(2026, 1, 5))
    made = actions.name_person(by=by, tenure=following, starts_on=date(2026, 11, 1))
    first = InCharge.objects.unscoped(WHY).get(tenure=tenure)
    assert first.ends_on == date(2026, 10, 31)
    actions.unname(by=by, person=made)
    first.refresh_from_db()
    assert first.ends_on is None and InCharge.objects.unscoped(WHY).count() == 1


def test_a_recurring_item_stands_by_its_records(cast: Cast) -> None:
    unit = cast.client("committee_officer")
    told = {"kind": "party_work_report", "title": "听取党建工作汇报", "every": "3", "starts_on": "2026-01-10"}
    assert unit.post("/agendas/items/new/", told).status_code == 302
    assert "已有固定议题" in unit.post("/agendas/items/new/", told).content.decode()
    scope = cast.scope("committee_officer")
    assert to_hold(scope, cast.town.pk) == [
        (f"/agendas/of/{cast.town.code}/", "听取党建工作汇报", "late", "4 月 10 日已过")
    ]
    wrote(cast.town, date(2026, 11, 5), "party_work_report")
    assert to_hold(scope, cast.town.pk) == []
    (standing,) = queries.standings(scope, cast.town)
    assert (standing.due_on, standing.status) == (date(2027, 2, 5), "done")
    item = AgendaItem.objects.unscoped(WHY).get()
    assert unit.post(f"/agendas/items/{item.pk}/end/").status_code == 302
    assert "停用的" in unit.get(f"/agendas/of/{cast.town.code}/").content.decode()
    assert unit.post(f"/agendas/items/{item.pk}/end/", {"do": "restore"}).status_code == 302
    assert cast.client("officer").post(f"/agendas/items/{item.pk}/end/").status_code == 404


@pytest.mark.mechanism("M039")
def test_a_report_heard_regularly_leads_to_tasks_with_owner_and_day(cast: Cast) -> None:
    county = cast.client("officer")
    told = {"kind": "party_work_report", "title": "常委会听取党建工作汇报", "every": "6", "starts_on": "2026-01-01"}
    assert county.post("/agendas/items/new/", told).status_code == 302
    scope = cast.scope("officer")
    assert [row[1:3] for row in to_hold(scope, cast.county.pk)] == [("常委会听取党建工作汇报", "late")]
    heard = wrote(cast.county, date(2026, 11, 18), "party_work_report")
    assert to_hold(scope, cast.county.pk) == []
    page = f"/agendas/of/{cast.county.code}/"
    assert f"/records/{heard.number}/" in county.get(page).content.decode()
    order = {
        "kind": "decision", "record": heard.number, "title": "两个月内配齐书记", "whom": "listed",
        "units": cast.town.code, "decided_on": "2026-11-18", "due_on": "2027-01-18", "person": "王某",
        "weight": "plain", "do": "issue", "minutes": "30", "seen": "1x30x1",
    }  # fmt: skip
    assert county.post("/tasks/new/", order).status_code == 302
    task = Task.objects.unscoped(WHY).get()
    assert (task.owner, task.person, task.due_on, task.order.record) == (cast.town, "王某", date(2027, 1, 18), heard)
    assert "两个月内配齐书记" in county.get(f"/records/{heard.number}/").content.decode()


@pytest.mark.parametrize(("who", "status"), [
    ("officer", 200), ("committee_officer", 200), ("secretary", 404), ("leader", 403), ("member", 403),
    ("neighbour", 404),
])  # fmt: skip
def test_each_role_and_the_neighbour(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).get(f"/agendas/of/{cast.town.code}/").status_code == status


def test_a_branch_keeps_no_agenda(cast: Cast) -> None:
    told = {"kind": "party_work_report", "title": "x", "every": "3", "starts_on": "2026-01-10"}
    assert cast.client("secretary").post("/agendas/items/new/", told).status_code == 404
    with pytest.raises(Unfit, match="由党组、党委、党工委安排"):
        actions.put(
            by=cast.scope("secretary"), kind="party_work_report", title="x", every=3, starts_on=date(2026, 1, 1)
        )


def test_the_form_of_a_record_offers_these_kinds_to_leading_bodies_alone(cast: Cast) -> None:
    from zhibu.web.regulations.activities import leading_kinds

    assert "party_work_meeting" in leading_kinds("party_group") and leading_kinds("branch") == []


def test_a_list_takes_a_fixed_number_of_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    page = cast.client("officer")
    page.get("/agendas/")
    with django_assert_max_num_queries(20):
        page.get("/agendas/")


def test_hostile_texts(cast: Cast) -> None:
    unit = cast.client("committee_officer")
    told = {"kind": "party_work_report", "title": "<script>alert(1)</script>", "every": "3", "starts_on": "2026-01-10"}
    unit.post("/agendas/items/new/", told)
    assert "<script>alert" not in unit.get(f"/agendas/of/{cast.town.code}/").content.decode()
    assert unit.post("/agendas/items/new/", told | {"every": "0"}).status_code == 422
    assert unit.post("/agendas/items/new/", told | {"kind": "theme_day"}).status_code == 422
