"""规定主题 and 自选主题: issued empty or filled by the office, ticked by branches, seen as a matrix."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.plans.actions import days as actions
from zhibu.web.plans.actions import issue
from zhibu.web.plans.models import Cycle, CycleTheme, Served
from zhibu.web.plans.queries import themes as queries
from zhibu.web.plans.tests.given import item, plan, record

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
NINE = [f"主题{number}" for number in range(1, 10)]


def cycle(cast: Cast, names: list[str] = NINE, alert: int | None = 2) -> Cycle:
    return issue.cycle(
        by=cast.scope("officer"), cycle=None, name="2026 年主题", document="示字3号", starts_on=FIRST, ends_on=LAST,
        alert_months=alert, themes=names,
    )  # fmt: skip


@pytest.mark.mechanism("M022")
def test_branches_tick_themes_add_own_ones_and_the_matrix_warns_near_the_end(cast: Cast) -> None:
    office, page = cast.client("officer"), cast.client("secretary")
    told = {"name": "2026 年主题", "document": "示字3号", "starts_on": FIRST, "ends_on": LAST, "alert_months": "2"}
    address = send(office, "/plans/themes/new/", told | {"themes": "\n".join(NINE)})["Location"]
    page.post(f"{address}own/", {"name": "护林防火"})
    held = record(cast.branch, date(2026, 5, 25), "theme_day", topic="学条例")
    shown = page.get(f"/plans/days/{held.number}/").content.decode()
    assert "主题1" in shown and "护林防火" in shown
    chosen = CycleTheme.objects.unscoped("t").filter(name__in=["主题1", "护林防火"])
    page.post(f"/plans/days/{held.number}/check/", {"served": [one.pk for one in chosen]})

    text = office.get(address).content.decode()
    assert "9 个规定主题" in text and "还差 8 个" in text and "护林防火（1 次）" in text
    month = page.get("/duties/month/").content.decode()
    assert "做规定主题：主题2、" in month and "主题1" not in month and "12 月 31 日前" in month
    assert "离结束不到 2 个月" in text  # 21 November, two months before the end
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{address}export/").content))
    row = next(row for row in book.active.values if row[0] == cast.branch.name)
    assert row[1] == "做了" and row[2] == "没做" and row[10] == "护林防火" and row[11] == 8 and row[12] == "提示"


def test_the_list_ships_empty_and_one_without_themes_says_so(cast: Cast) -> None:
    assert not Cycle.objects.unscoped("t").exists()
    one = cycle(cast, [])
    assert "还没有填规定主题" in cast.client("secretary").get(f"/plans/themes/{one.pk}/").content.decode()


def test_no_alert_unless_the_office_sets_one(cast: Cast) -> None:
    assert not queries.alerted(cycle(cast, alert=None), LAST)
    one = cycle(cast, alert=2)
    assert not queries.alerted(one, date(2026, 10, 30)) and queries.alerted(one, date(2026, 10, 31))
    assert queries.months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)


def test_a_theme_left_out_is_not_offered_any_more_but_what_served_it_stays(cast: Cast) -> None:
    one = cycle(cast)
    held = record(cast.branch, date(2026, 5, 25), "theme_day")
    first = CycleTheme.objects.unscoped("t").get(name="主题1")
    actions.check(by=cast.scope("secretary"), record=held, served=[first], preparation=None, explanation="", marks={})
    issue.cycle(
        by=cast.scope("officer"), cycle=one, name=one.name, document="示字4号", starts_on=FIRST, ends_on=LAST,
        alert_months=None, themes=NINE[1:],
    )  # fmt: skip
    assert first not in queries.choices(cast.branch, held.held_on)
    assert queries.served_by(cast.scope("secretary"), held) == [first]
    assert Served.objects.unscoped("t").count() == 1


def test_a_theme_of_elsewhere_or_of_another_time_is_refused(cast: Cast) -> None:
    other = issue.cycle(
        by=cast.scope("officer"), cycle=None, name="旧", document="文", starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31), alert_months=None, themes=["旧主题"],
    )  # fmt: skip
    old = queries.themes(other).get()
    held = record(cast.branch, date(2026, 5, 25), "theme_day")
    for_branch = {"by": cast.scope("secretary"), "preparation": None, "explanation": "", "marks": {}}
    with pytest.raises(Unfit):
        actions.check(record=held, served=[old], **for_branch)
    with pytest.raises(NotAllowed):
        actions.check(record=record(cast.neighbour, date(2026, 5, 25), "theme_day"), served=[], **for_branch)
    now = cycle(cast)
    foreign = actions.own_theme(by=cast.scope("neighbour"), cycle=now, name="柳编")
    with pytest.raises(Unfit):
        actions.check(record=held, served=[foreign], **for_branch)
    made = plan(cast)
    with pytest.raises(Unfit, match="主题目录"):
        item(cast, made, 5, "theme_day", theme=foreign)
    page = cast.client("secretary")
    assert "柳编" not in page.get(f"/plans/themes/{now.pk}/").content.decode()
    assert page.post(f"/plans/themes/{now.pk}/own/{foreign.pk}/drop/").status_code == 404
    actions.drop_theme(by=cast.scope("neighbour"), theme=foreign)
    assert cast.client("officer").get(f"/plans/themes/{now.pk}/").status_code == 200


@pytest.mark.parametrize("who", ROLES)
def test_who_sees_and_who_issues(cast: Cast, who: str) -> None:
    one, client = cycle(cast), cast.client(who)
    sees = who in ("officer", "committee_officer", "secretary")
    assert client.get(f"/plans/themes/{one.pk}/").status_code == (200 if sees else 404 if who == "leader" else 403)
    allowed = who in ("officer", "committee_officer")
    assert client.get("/plans/themes/new/").status_code == (200 if allowed else 403)
    assert client.get(f"/plans/themes/{one.pk}/edit/").status_code == (
        200 if who == "officer" else 404 if allowed else 403
    )


def test_the_matrix_reads_a_fixed_number_of_queries(cast: Cast) -> None:
    one, client = cycle(cast), cast.client("officer")

    def reads() -> int:
        client.get(f"/plans/themes/{one.pk}/")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/plans/themes/{one.pk}/")
        return len(seen)

    few = reads()
    for place in (cast.branch, cast.sister, cast.neighbour):
        held = record(place, date(2026, 5, 25), "theme_day")
        for theme in queries.themes(one):
            Served.objects.create(theme=theme, record=held)
    assert reads() == few
