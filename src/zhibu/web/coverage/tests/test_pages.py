"""What each of the cast gets on each page, what a form says, and that hostile queries only find nothing."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.audit.models import Line
from zhibu.web.conftest import enter
from zhibu.web.coverage import actions, sending
from zhibu.web.coverage.models import Assignment, Support, Unit, Visit
from zhibu.web.coverage.tests.conftest import SINCE, Lands

pytestmark = pytest.mark.django_db
PAGES = ("units", "units-due", "units-rates", "units-gaps", "units-visits", "stations")
HOSTILE = ("<script>alert(1)</script>", "'; DROP TABLE--", "\x00", "9" * 400, "٣", "=1+1", "-1", "①")


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("committee_officer", 200), ("leader", 200), ("secretary", 200), ("member", 403)],
)
def test_who_may_open_them(lands: Lands, who: str, status: int) -> None:
    lands.unit("某厂", lands.committee, party_members=3, trade="建材", place=lands.park)
    client = lands.cast.client(who)
    assert {name: client.get(reverse(name)).status_code for name in PAGES} == dict.fromkeys(PAGES, status)


def test_hostile_queries(lands: Lands) -> None:
    lands.unit("某厂", lands.committee)
    client = lands.cast.client("officer")
    for word in HOSTILE:
        query = dict.fromkeys(
            ("q", "kind", "place", "covered", "flag", "rule", "days", "by", "committee", "page"), word
        )
        for name in PAGES:
            answer = client.get(reverse(name), query)
            assert answer.status_code == 200 and "<script>alert" not in answer.text, (name, word)


def test_a_neighbours_unit_is_not_there(lands: Lands) -> None:
    unit = lands.unit("园区的厂", lands.committee)
    town = lands.cast.client("committee_officer")
    assert town.get(reverse("unit", args=[unit.pk])).status_code == 404
    assert "园区的厂" not in town.get(reverse("units")).text
    assert town.post(reverse("unit-give", args=[unit.pk]), {}).status_code == 404


def test_the_number_of_queries_does_not_grow(lands: Lands, django_assert_max_num_queries) -> None:
    client = lands.cast.client("officer")
    for number in range(20):
        unit = lands.unit(f"厂{number}", lands.committee, party_members=3, trade="建材", place=lands.park)
        if number % 2:
            actions.cover(by=system_scope(), unit=unit, party=lands.firm, mode="joint", on=SINCE, document="文")
        else:
            sending.send(by=system_scope(), unit=unit, kind="liaison", name="某人", starts_on=SINCE)
    for name in PAGES:
        with django_assert_max_num_queries(24):
            client.get(reverse(name))


def test_entering_a_unit_teaches_and_then_works(lands: Lands) -> None:
    client = lands.cast.client("officer")
    wrong = {"name": "某厂", "kind": "npe", "credit_code": "91350100M000100Y44", "starts_on": "2026-03-01"}
    answer = client.post(reverse("unit-new"), wrong)
    assert answer.status_code == 422 and "校验码不对" in answer.text and not Unit.objects.unscoped("test").exists()
    right = wrong | {"credit_code": "91350100m000100y43", "committee": lands.committee.code, "operating": "on",
                     "above_scale": "yes", "union": "no", "place": lands.park.pk}  # fmt: skip
    assert client.post(reverse("unit-new"), right).status_code == 302
    unit = Unit.objects.unscoped("test").get()
    assert (unit.credit_code, unit.above_scale, unit.union, unit.youth) == ("91350100M000100Y43", True, False, None)
    assert unit.organisation_id == lands.committee.pk and unit.place_id == lands.park.pk
    line = Line.objects.unscoped("test").latest("pk")
    assert (line.action, line.happened_on) == ("coverage.keep", date(2026, 3, 1))
    page = client.get(reverse("unit-change", args=[unit.pk]))
    assert 'value="yes" selected' in page.text and "91350100M000100Y43" in page.text
    assert client.post(reverse("unit-change", args=[unit.pk]), right | {"trade": "建材"}).status_code == 302
    unit.refresh_from_db()
    assert unit.trade == "建材"


def test_everything_on_the_card(lands: Lands) -> None:
    unit, client = lands.unit("某厂", lands.committee, party_members=3), lands.cast.client("officer")

    def post(to: str, *more: int, **told: str) -> int:
        return client.post(reverse(to, args=[unit.pk, *more]), told).status_code

    assert post("unit-cover", party=lands.firm.code, mode="own", on="2026-04-01", document="批复") == 302
    assert post("unit-cover", party="无此代码", mode="own", on="2026-05-01", document="批复") == 422
    assert post("unit-send", kind="liaison", name="某人", starts_on="2026-04-01") == 302
    assert post("unit-send", kind="liaison", starts_on="2026-04-01") == 422
    sent = Assignment.objects.unscoped("test").get()
    assert post("unit-visit", assignment=str(sent.pk), on="2026-05-06", building="建章立制") == 302
    assert post("unit-visit", assignment=str(sent.pk), on="2026-05-06") == 422
    assert post("unit-support", item="premises", on="2026-05-01", note="腾出一间房") == 302
    assert post("unit-call-back", sent.pk, on="2026-06-01", document="文") == 302
    covering = unit.coverings.unscoped("test").get()
    assert post("unit-uncover", covering.pk, on="2026-06-01", document="文") == 302
    assert post("unit-give", committee=lands.cast.town.code, on="2026-06-01", document="文") == 302
    assert post("unit-let-go", on="2026-07-01", document="文") == 302
    text = client.get(reverse("unit", args=[unit.pk])).text
    for word in ("云岭建材党支部", "腾出一间房", "建章立制", "没有党委负责", "企业组建党组织"):
        assert word in text, word


@pytest.mark.mechanism("M237")
def test_the_owners_support_is_noted_without_the_owner(lands: Lands) -> None:
    unit, client = lands.unit("某厂", lands.committee), lands.cast.client("officer")
    told = {"item": "funds", "on": "2026-05-01", "note": "每年 2 万元"}
    assert client.post(reverse("unit-support", args=[unit.pk]), told).status_code == 302
    assert Support.objects.unscoped("test").get().note == "每年 2 万元"
    assert not [one.name for one in Support._meta.concrete_fields if "owner" in one.name or "name" in one.name]


def test_an_instructor_notes_visits_and_changes_nothing_else(lands: Lands) -> None:
    person, _ = register(username="13999990123", name="赵指导", password="支部-pass-1")
    appoint(by=system_scope(), user=person, organisation=lands.cast.county, role="instructor", starts_on=SINCE,
            points=[lands.committee])  # fmt: skip
    unit, other = lands.unit("某厂", lands.committee), lands.unit("镇上的厂", lands.cast.town)
    office = lands.cast.client("officer")
    told = {"kind": "instructor", "account": str(person.pk), "starts_on": "2026-04-01"}
    assert office.post(reverse("unit-send", args=[unit.pk]), told).status_code == 302
    sent = Assignment.objects.unscoped("test").get()
    assert (sent.name, sent.user_id) == ("赵指导", person.pk)
    client = Client()
    enter(client, person)
    assert "某厂" in client.get(reverse("units"), {"mine": "1"}).text
    visit = {"assignment": str(sent.pk), "on": "2026-05-06", "government": "协调用地"}
    assert client.post(reverse("unit-visit", args=[unit.pk]), visit).status_code == 302
    assert Visit.objects.unscoped("test").get().government == "协调用地"
    assert client.post(reverse("unit-support", args=[unit.pk]), {}).status_code == 403
    assert client.get(reverse("unit", args=[other.pk])).status_code == 404
    assert Post.objects.unscoped("test").filter(user=person).count() == 1


def test_workbooks_hold_what_the_page_shows_and_leave_a_line(lands: Lands) -> None:
    client = lands.cast.client("officer")
    lands.unit("=1+1", lands.committee, party_members=3)
    lands.unit("某会", lands.cast.town, kind="social_org")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(reverse("units-export"), {"kind": "npe"}).content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=4)] == ["=1+1"] and sheet["A4"].data_type == "s"
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("units-due-export"), {"rule": "county-coverage/enterprise-organisation"}).content)
    ).active
    assert [row[4].value for row in sheet.iter_rows(min_row=4)] == ["企业组建党组织"]
    assert Line.objects.unscoped("test").filter(action="coverage.export").count() == 2


def test_places_and_stations_are_kept_on_their_page(lands: Lands) -> None:
    client = lands.cast.client("officer")
    told = {"committee": lands.cast.other_town.code, "name": "石门工作站", "on": "2026-05-01"}
    assert client.post(reverse("station-new"), told).status_code == 302
    assert client.post(reverse("station-new"), told).status_code == 422  # twice
    text = client.get(reverse("place", args=[lands.other_town.pk])).text
    assert "石门工作站" in text
    from zhibu.web.coverage.models import Place, Station

    station = Station.objects.unscoped("test").get()
    told = {
        "committee": lands.cast.other_town.code,
        "name": "石门镇",
        "station": station.pk,
        "neighbours": [lands.park.pk],
    }
    assert client.post(reverse("place", args=[lands.other_town.pk]), told).status_code == 302
    row = Place.objects.unscoped("test").get(pk=lands.other_town.pk)
    assert row.station_id == station.pk and lands.park.pk in {one.pk for one in row.neighbours.all().unscoped("test")}
    assert client.post(reverse("station-close", args=[station.pk]), {"on": "2020-01-01"}).status_code == 302
    assert "才设立" in client.get(reverse("stations")).text
    assert client.post(reverse("station-close", args=[station.pk]), {"on": "2026-11-01"}).status_code == 302
