"""Classes, trainees, resources, hours and who was trained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.learning import actions, hours
from zhibu.web.learning.models import OutsideHours, Resource, Trainee, TrainingClass
from zhibu.web.members.models import Member
from zhibu.web.records.models import Attendance, Record

pytestmark = pytest.mark.django_db
FIELDS: dict[str, Any] = {
    "name": "党支部书记示范培训班", "audience": "audience_secretaries", "form": "form_off_job",
    "channel": "channel_training", "abilities": ["ability_serve"], "starts_on": date(2026, 11, 10),
    "ends_on": date(2026, 11, 12), "hours": Decimal(24), "venue": "", "document": "", "others": 0, "record": "",
}  # fmt: skip


def held(cast: Cast, who: str = "officer", **other: Any) -> TrainingClass:
    return actions.hold(by=cast.scope(who), fields=FIELDS | other)


def member(cast: Cast, place: str = "branch", number: int = 0, **told: Any) -> Member:
    one = Member.objects.unscoped("t").filter(organisation=getattr(cast, place)).order_by("pk")[number]
    for name, value in told.items():
        setattr(one, name, value)
    one.save()
    return one


def went(cast: Cast, one: TrainingClass, *members: Member, hours_: Decimal | None = None) -> None:
    by = cast.scope("officer")
    actions.enrol(by=by, held=one, members=[each.pk for each in members])
    rows = Trainee.objects.unscoped("t").filter(training_class=one)
    actions.attend(by=by, held=one, came={row.pk: hours_ or one.hours for row in rows})


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode() if status == 200 else ""


@pytest.mark.mechanism("M278", "M279")
def test_a_class_of_secretaries_by_pages(cast: Cast) -> None:
    secretary, sister = member(cast, branch_post="书记"), member(cast, "sister", branch_post="书记")
    officer = cast.client("officer")
    told = FIELDS | {"starts_on": "2026-11-10", "ends_on": "2026-11-12", "others": "3"}
    made = officer.post("/learning/new/", told)
    one = TrainingClass.objects.unscoped("t").get()
    assert made.headers["Location"] == f"/learning/{one.pk}/pick/"
    offered = text(officer, f"/learning/{one.pk}/pick/")
    assert secretary.name in offered and member(cast, number=1).name not in offered
    officer.post(f"/learning/{one.pk}/pick/", {"members": [secretary.pk, sister.pk]})
    row = Trainee.objects.unscoped("t").get(member=secretary)
    officer.post(f"/learning/{one.pk}/attend/", {"came": [row.pk], f"hours-{row.pk}": "16"})
    row.refresh_from_db()
    assert row.hours == 16 and row.attended
    assert Trainee.objects.unscoped("t").get(member=sister).attended is False

    shown = text(officer, "/learning/trained/?audience=audience_secretaries")
    assert "党支部书记 2 人" in shown and "还有 1 人没有参加过培训班" in shown
    left = text(officer, "/learning/trained/?audience=audience_secretaries&state=none")
    assert sister.name in left and secretary.name not in left.split("<tbody>")[1]
    report = text(officer, "/learning/report/")
    assert "办班 1 期，培训 4 人次" in report and cast.county.name in report
    for address in ("trained/export/?state=none", "report/export/", "hours/export/"):
        assert officer.get(f"/learning/{address}").status_code == 200
    assert Line.objects.unscoped("t").filter(action="learning.export").count() == 3
    officer.post(f"/learning/{one.pk}/cancel/", {"why": "改期"})
    assert "还有 2 人没有参加过" in text(officer, "/learning/trained/")


@pytest.mark.mechanism("M295")
def test_rural_cadres_without_training_this_year(cast: Cast) -> None:
    cadre, other = member(cast, branch_post="组织委员"), member(cast, "neighbour", branch_post="副书记")
    member(cast, number=1)
    went(cast, held(cast, audience="audience_rural"), cadre)
    last = held(cast, audience="audience_rural", starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 2))
    went(cast, last, other)
    shown = text(cast.client("officer"), "/learning/trained/?audience=audience_rural&state=none")
    rows = shown.split("<tbody>")[1]
    assert other.name in rows and cadre.name not in rows and "乡镇、村干部 2 人" in shown
    assert "还有 1 人" in shown


def test_who_may_what(cast: Cast) -> None:
    one = held(cast)
    outside = member(cast, "neighbour")
    mine = held(cast, "secretary", name="支部班")
    neighbour, secretary, reader = cast.client("neighbour"), cast.client("secretary"), cast.client("member")
    for address in (f"/learning/{mine.pk}/", f"/learning/{mine.pk}/edit/", f"/learning/hours/{member(cast).pk}/"):
        assert neighbour.get(address).status_code == 404
        assert secretary.get(address).status_code == 200
        assert reader.get(address).status_code == 403
    assert secretary.get(f"/learning/{one.pk}/").status_code == 404  # of the county
    refused = secretary.post(f"/learning/{mine.pk}/pick/", {"members": [outside.pk]})
    assert refused.status_code == 422 and not Trainee.objects.unscoped("t").exists()
    assert cast.client("leader").get("/learning/").status_code == 403


def test_wrong_input_is_told_and_changes_nothing(cast: Cast) -> None:
    officer, one = cast.client("officer"), held(cast)
    wrong = officer.post("/learning/new/", FIELDS | {"ends_on": "2026-11-01", "hours": "三", "form": "x"})
    assert wrong.status_code == 422 and "学时是 0.5 以上的数" in wrong.content.decode()
    assert officer.post("/learning/new/", FIELDS | {"record": "2026-000099"}).status_code == 422
    went(cast, one, member(cast))
    row = Trainee.objects.unscoped("t").get()
    for typed in ("999", "-1", "NaN", "abc", "0.25"):
        answer = officer.post(f"/learning/{one.pk}/attend/", {"came": [row.pk], f"hours-{row.pk}": typed})
        assert answer.status_code == 422, typed
    assert Trainee.objects.unscoped("t").get().hours == 24
    assert officer.post(f"/learning/{one.pk}/trainees/{row.pk}/strike/").status_code == 422  # has come
    later = held(cast, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1))
    with pytest.raises(Unfit):
        actions.attend(by=cast.scope("officer"), held=later, came={})
    assert officer.get("/learning/?year=99999&audience=x&page=x").status_code == 200
    assert officer.get("/learning/99999999999999999999/").status_code == 404


@pytest.mark.mechanism("M284")
def test_a_resource_of_the_county_is_booked_below_and_never_twice(cast: Cast) -> None:
    officer, town = cast.client("officer"), cast.client("committee_officer")
    told = {"kind": "school", "name": "县委党校一教室", "place": "示范路 1 号", "capacity": "40"}
    assert officer.post("/learning/resources/new/", told).status_code == 302
    school = Resource.objects.unscoped("t").get()
    assert officer.post("/learning/resources/new/", told).status_code == 422
    assert "县委党校一教室" in text(town, "/learning/resources/")
    assert town.get(f"/learning/resources/{school.pk}/edit/").status_code == 404
    first, second = held(cast, "committee_officer", name="大营镇培训班"), held(cast, name="县培训班")
    days = {"resource": school.pk, "starts_on": "2026-11-10", "ends_on": "2026-11-11"}
    assert town.post(f"/learning/{first.pk}/book/", days).status_code == 302
    clash = officer.post(f"/learning/{second.pk}/book/", days | {"starts_on": "2026-11-11"})
    assert clash.status_code == 422 and "已有安排" in clash.content.decode()
    assert officer.post(f"/learning/{second.pk}/book/", days | {"starts_on": "2026-11-12", "ends_on": "2026-11-12"})
    assert town.post(f"/learning/{first.pk}/book/", days | {"ends_on": "2026-11-20"}).status_code == 422
    many = held(cast, name="大班", others=200)
    assert officer.post(f"/learning/{many.pk}/book/", days | {"starts_on": "2026-11-12"}).status_code == 422
    booking = first.bookings.unscoped("t").get()
    assert town.post(f"/learning/{second.pk}/book/{booking.pk}/release/").status_code == 404
    town.post(f"/learning/{first.pk}/cancel/", {"why": "改期"})
    assert officer.post(f"/learning/{second.pk}/book/", days).status_code == 302


def attended(cast: Cast, one: Member, number: str = "2026-000001", **told: Any) -> Record:
    given = {"types": ["study"], "topic": "学习党章", "held_on": date(2026, 10, 8), "hours": Decimal(2)} | told
    record = Record.objects.create(
        number=number, organisation=one.organisation, recorded_on=date(2026, 10, 9), recorded_at="2026-10-09T10:00Z",
        submitted_key=number, **given,
    )  # fmt: skip
    Attendance.objects.create(record=record, member=one, state="present")
    return record


@pytest.mark.mechanism("M283", "M288")
def test_hours_by_form_and_channel_from_three_sources_each_once(cast: Cast) -> None:
    one = member(cast)
    attended(cast, one)
    twice = attended(cast, one, "2026-000002", types=["training"], hours=Decimal(24), held_on=date(2026, 11, 10))
    attended(cast, one, "2026-000003", types=["dues"])  # no study
    attended(cast, one, "2026-000004", withdrawn_at="2026-10-10T10:00Z")
    went(cast, held(cast, form="form_on_job"), one, hours_=Decimal("20.5"))
    TrainingClass.objects.unscoped("t").update(record=twice)
    secretary = cast.client("secretary")
    note = {"what": "脱产班", "where": "市委党校", "form": "form_off_job", "channel": "channel_base"}
    note |= {"ended_on": "2026-09-01", "hours": "8"}
    assert secretary.post(f"/learning/hours/{one.pk}/note/", note).status_code == 302
    assert secretary.post(f"/learning/hours/{one.pk}/note/", note).status_code == 422  # the same again
    assert secretary.post(f"/learning/hours/{one.pk}/note/", note | {"hours": "900", "what": "y"}).status_code == 422
    study = hours.studies([one], 2026)[0]
    assert study.total == Decimal("30.5")
    assert dict(study.by_form)["在岗培训"] == Decimal("20.5") and dict(study.by_channel)["支部"] == 2
    told = {each.word: (each.times, each.hours) for each in hours.by_channel(cast.scope("officer"), 2026)}
    assert told["支部"] == (1, 2) and told["培训"] == (1, Decimal("20.5")) and told["基地"] == (1, 8)

    shown = text(secretary, f"/learning/hours/{one.pk}/")
    assert "30.5 学时" in shown and "市委党校" in shown
    assert "30.5" in text(secretary, "/learning/hours/")
    one.user = cast.posts["member"].user
    one.save()
    assert "30.5 学时" in text(cast.client("member"), "/learning/me/")
    row = OutsideHours.objects.unscoped("t").get()
    assert secretary.post(f"/learning/hours/{one.pk}/void/{row.pk}/", {"why": ""}).status_code == 422
    secretary.post(f"/learning/hours/{one.pk}/void/{row.pk}/", {"why": "重复"})
    assert hours.studies([one], 2026)[0].total == Decimal("22.5")


def test_queries_do_not_grow(cast: Cast) -> None:
    one = held(cast)
    went(cast, one, *(member(cast, number=number) for number in range(8)))
    officer = cast.client("officer")
    for address in ("", f"{one.pk}/", "hours/", "trained/?audience=audience_all", "report/", "resources/"):
        officer.get(f"/learning/{address}")
        with CaptureQueriesContext(connection) as seen:
            officer.get(f"/learning/{address}")
        assert len(seen) <= 20, (address, len(seen))
