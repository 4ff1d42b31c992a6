"""四个统一 computed on the record of a fixed day, a deviation explained; the rules of the day and what broke them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import posts_on, scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.dues.models import Payment
from zhibu.web.members.models import Member
from zhibu.web.plans.actions import days as actions
from zhibu.web.plans.actions import issue, meetings
from zhibu.web.plans.actions import plans as plan_actions
from zhibu.web.plans.models import Discipline, Kept
from zhibu.web.plans.queries import days as queries
from zhibu.web.plans.tests.given import item, notice, plan, record
from zhibu.web.records.models import Record

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 25)


def marks(cast: Cast, held: Record) -> dict[str, bool | None]:
    [one] = queries.days(cast.scope("secretary").doing("plans.view"), [held])
    return {mark.word: mark.ok for mark in one.marks}


def pay(cast: Cast, on: date, number: int) -> None:
    people = list(Member.objects.unscoped("t").filter(organisation=cast.branch))[:number]
    for person in people:
        told = {"amount": 3, "receipt": f"{person.pk}", "collected_by": cast.posts["secretary"].user}
        Payment.objects.create(organisation=cast.branch, member=person, month=date(2026, 10, 1), paid_on=on, **told)


@pytest.mark.mechanism("M021")
def test_four_marks_are_computed_and_a_deviation_is_explained(cast: Cast) -> None:
    made = plan(cast)
    item(cast, made, 10, "theme_day", "party_lecture", day=25, topic="学条例")
    held = record(cast.branch, date(2026, 10, 26), "theme_day", topic="看电影")
    pay(cast, DAY, 2)
    assert marks(cast, held) == {"时间": False, "内容": False, "形式": False, "交纳党费": False}
    page = cast.client("secretary")
    assert "时间有偏差" in page.get(f"/records/{held.number}/").content.decode()
    assert "1 次活动日有偏差还没说明" in cast.client("officer").get("/plans/days/").content.decode()
    empty = page.post(f"/plans/days/{held.number}/check/", {})
    assert empty.status_code == 422 and "有偏差，写一句原因" in empty.content.decode()
    page.post(f"/plans/days/{held.number}/check/", {"explanation": "25 日停电，改到 26 日"})
    text = cast.client("officer").get("/plans/days/?month=10").content.decode()
    assert "25 日停电，改到 26 日" in text and "活动日的四个统一" in text

    Record.objects.unscoped("t").filter(pk=held.pk).update(
        held_on=DAY, types=["theme_day", "party_lecture"], topic="学条例第一章"
    )
    held.refresh_from_db()
    assert marks(cast, held) == {"时间": True, "内容": True, "形式": True, "交纳党费": True}


def test_what_was_not_planned_is_not_judged(cast: Cast) -> None:
    assert set(marks(cast, record(cast.branch, DAY, "theme_day")).values()) == {None}


def test_the_fixed_day_of_the_plan_stands_where_an_item_has_no_day(cast: Cast) -> None:
    made = plan(cast)
    plan_actions.describe(by=cast.scope("secretary"), plan=made, fixed_day=25, rule="", method="", checks="")
    item(cast, made, 10, "theme_day")
    assert marks(cast, record(cast.branch, DAY, "theme_day"))["时间"] is True
    assert marks(cast, record(cast.branch, date(2026, 9, 24), "theme_day"))["时间"] is False
    plan_actions.describe(by=cast.scope("secretary"), plan=made, fixed_day=31, rule="", method="", checks="")
    assert marks(cast, record(cast.branch, date(2026, 6, 30), "theme_day"))["时间"] is True  # the last of a short month


def test_why_a_meeting_was_moved_stands_as_the_explanation_to_be_confirmed(cast: Cast) -> None:
    one = notice(cast, TODAY, "theme_day", topic="学条例")
    told = {name: getattr(one, name) for name in meetings.FIELDS} | {"on": date(2026, 11, 22)}
    meetings.change(by=cast.scope("secretary"), meeting=one, facts=told, why="停电")
    held = record(cast.branch, date(2026, 11, 22), "theme_day", topic="学条例")
    assert marks(cast, held)["时间"] is False
    assert 'value="停电"' in cast.client("secretary").get(f"/plans/days/{held.number}/").content.decode()


def test_voided_receipts_and_other_months_do_not_count(cast: Cast) -> None:
    held = record(cast.branch, DAY, "theme_day")
    pay(cast, DAY, 2)
    Payment.objects.unscoped("t").filter(receipt=Payment.objects.unscoped("t").first().receipt).update(
        paid_on=date(2026, 10, 3), voided_on=date(2026, 10, 4)
    )
    assert marks(cast, held)["交纳党费"] is True
    assert marks(cast, record(cast.branch, date(2026, 9, 25), "theme_day"))["交纳党费"] is None


@pytest.mark.mechanism("M024")
def test_the_list_ships_empty_is_the_offices_own_and_breaches_are_listed_for_inspection(cast: Cast) -> None:
    assert not Discipline.objects.unscoped("t").exists()
    office, page = cast.client("officer"), cast.client("secretary")
    lines = [f"纪律{number}" for number in range(1, 11)]
    office.post("/plans/days/rules/", {"source": "示字5号", "lines": "\n".join(lines)})
    rules = list(Discipline.objects.unscoped("t"))
    assert len(rules) == 10
    held = record(cast.branch, TODAY, "theme_day")
    assert "示字5号" in page.get(f"/plans/days/{held.number}/").content.decode()
    told = {f"kept-{one.pk}": "yes" for one in rules} | {f"kept-{rules[3].pk}": "no"}
    silent = page.post(f"/plans/days/{held.number}/check/", told)
    assert silent.status_code == 422 and "写一句情况" in silent.content.decode()
    page.post(f"/plans/days/{held.number}/check/", told | {f"note-{rules[3].pk}": "3 人迟到"})
    office.post(f"/plans/days/{held.number}/note/", {"discipline": rules[0].pk, "text": "没有签到"})
    text = office.get("/plans/days/breaches/").content.decode()
    assert "3 人迟到" in text and "没有签到" in text and "纪律2" not in text
    assert office.get("/plans/days/breaches/export/").status_code == 200
    mark = Kept.objects.unscoped("t").get(above=True)
    office.post(f"/plans/days/breaches/{mark.pk}/withdraw/")
    assert "没有签到" not in page.get("/plans/days/breaches/").content.decode()


def test_an_inspector_notes_at_the_units_of_the_round_alone(cast: Cast) -> None:
    issue.disciplines(by=cast.scope("officer"), source="文", lines=["不迟到"])
    user, _ = register(username="inspector", name="督查员", password="支部-pass-1")
    appoint(
        by=system_scope(), user=user, organisation=cast.county, role="inspector", starts_on=TODAY,
        ends_on=date(2027, 1, 1), points=[cast.branch],
    )  # fmt: skip
    scope, rule = scope_of(posts_on(user.pk, TODAY)[0], TODAY), Discipline.objects.unscoped("t").get()
    here, there = record(cast.branch, TODAY, "theme_day"), record(cast.sister, TODAY, "theme_day")
    assert actions.note(by=scope, record=here, discipline=rule, text="迟到").above
    for who, held in ((scope, there), (cast.scope("secretary"), here), (cast.scope("neighbour"), here)):
        with pytest.raises(NotAllowed):
            actions.note(by=who, record=held, discipline=rule, text="x")


def test_a_line_taken_off_the_list_stays_where_it_was_marked(cast: Cast) -> None:
    issue.disciplines(by=cast.scope("officer"), source="文", lines=["甲", "乙"])
    held = record(cast.branch, TODAY, "theme_day")
    first = Discipline.objects.unscoped("t").get(text="甲")
    told = {"served": [], "preparation": None, "explanation": "", "marks": {first.pk: (True, "")}}
    actions.check(by=cast.scope("secretary"), record=held, **told)
    issue.disciplines(by=cast.scope("officer"), source="文", lines=["乙"])
    assert [mark.discipline.text for mark in queries.marks_of(cast.scope("secretary"), held)] == ["甲"]
    old = record(cast.branch, date(2026, 1, 5), "theme_day")  # before there was a list
    with pytest.raises(Unfit):
        actions.check(by=cast.scope("secretary"), record=old, **told)


@pytest.mark.parametrize("who", ROLES)
def test_who_opens_the_pages(cast: Cast, who: str) -> None:
    held, client = record(cast.branch, DAY, "theme_day"), cast.client(who)
    sees = who in ("officer", "committee_officer", "secretary", "leader")
    for address in ("/plans/days/", f"/plans/days/{held.number}/", "/plans/days/breaches/"):
        assert client.get(address).status_code == (200 if sees else 403)
    assert cast.client("neighbour").get(f"/plans/days/{held.number}/").status_code == 404
    assert client.post(f"/plans/days/{held.number}/check/", {}).status_code == (
        302 if who == "secretary" else 404 if who in ("officer", "committee_officer") else 403
    )


def test_the_list_reads_a_fixed_number_of_queries(cast: Cast) -> None:
    client, made = cast.client("officer"), plan(cast)
    item(cast, made, 10, "theme_day", day=25)
    record(cast.branch, DAY, "theme_day")

    def reads() -> int:
        client.get("/plans/days/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/plans/days/")
        return len(seen)

    few = reads()
    for place in (cast.sister, cast.neighbour, cast.branch):
        for month in range(1, 10):
            record(place, date(2026, month, 5), "theme_day")
    assert reads() == few
