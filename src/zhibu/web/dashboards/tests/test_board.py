"""挂图作战: who sees whose rows, that the numbers add up, that nothing asked for in the address hurts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast, _plant
from zhibu.web.dashboards.board import Asked, Board, board
from zhibu.web.dashboards.board_words import conclusion, group_text
from zhibu.web.dashboards.months import Month, choices
from zhibu.web.dashboards.tests.crowd import crowd
from zhibu.web.duties.models import Evaluation, Tally
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.regulations.models import Waiver

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
SEES = {"officer": 200, "committee_officer": 200, "leader": 200, "secretary": 403, "member": 403, "auditor": 403}


def view(year: Cast, who: str = "officer", query: str = "", to: str = "/board/") -> str:
    response = year.client(who).get(to + query)
    assert response.status_code == 200
    return response.content.decode()


def seen(year: Cast, who: str = "officer", month: Month = NOVEMBER, **asked: object) -> Board:
    given = {"area": year.county if who == "officer" else year.town, **asked}
    return board(year.scope(who), Asked(month=month, **given))


# --- who -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/board/", "/board/wall/"])
@pytest.mark.parametrize(("who", "status"), SEES.items())
def test_the_cast(year: Cast, address: str, who: str, status: int) -> None:
    assert year.client(who).get(address).status_code == status


def test_a_stranger_signs_in_first(year: Cast, client) -> None:
    response = client.get("/board/?period=2026-10")
    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/board/%3Fperiod%3D2026-10"


@pytest.mark.parametrize(
    "address", ["/board/", "/board/wall/", "/board/export/", "/board/late/", "/board/late/export/"]
)
def test_the_neighbour_is_never_seen(year: Cast, address: str) -> None:
    client = year.client("committee_officer")
    for area in (year.neighbour, year.other_town, year.county):
        assert client.get(f"{address}?area={area.code}").status_code == 404
    assert "柳树" not in client.get(address).content.decode(errors="ignore")


def test_a_leader_sees_the_contact_points_only(year: Cast) -> None:
    found = board(year.scope("leader"), Asked(month=NOVEMBER))
    assert [row.organisation for row in found.rows] == [year.branch]
    text = view(year, "leader")
    assert "我的联系点" in text
    assert "龙泉" not in text
    assert year.client("leader").get(f"/board/?area={year.town.code}").status_code == 404
    assert year.client("leader").get("/board/export/").status_code == 403
    assert "导出所见" not in text


def test_nested_contact_points_count_once(year: Cast) -> None:
    year.posts["leader"].points.add(year.town)
    found = board(year.scope("leader"), Asked(month=NOVEMBER))
    assert [row.organisation for row in found.rows] == [year.town]
    assert found.total.missed == seen(year, "committee_officer").total.missed


# --- the numbers add up ------------------------------------------------------------------------------------------


@pytest.fixture(params=["2026-11", "2026-10", "2026-03", "2025-12"])
def month(request: pytest.FixtureRequest) -> Month:
    return Month.parse(request.param)


def boards(year: Cast, month: Month) -> Iterator[Board]:
    yield seen(year, "officer", month)
    yield seen(year, "committee_officer", month)
    yield board(year.scope("leader"), Asked(month=month))
    yield seen(year, "committee_officer", month, sector="village")


@pytest.mark.mechanism("M364")
def test_rows_items_and_totals_agree(year: Cast, month: Month) -> None:
    for found in boards(year, month):
        assert sum(row.late for row in found.rows) == found.total.missed
        assert sum(row.due for row in found.rows) == found.total.due
        for place, item in enumerate(found.items):
            assert sum(row.by_item[place].late for row in found.rows) == item.counts.missed
            assert sum(row.by_item[place].due for row in found.rows) == item.counts.due
        for row in found.rows:
            assert sum(cell.late for cell in row.cells) + (row.rest.late if row.rest else 0) == row.late
        assert found.late_organisations == sum(bool(row.late) for row in found.rows if not row.own)


def test_the_sentence_says_what_the_table_sums_to(year: Cast, month: Month) -> None:
    found = seen(year, "committee_officer", month)
    text = conclusion(found)
    if found.total.missed:
        late, items = re.search(r"(\d+) 个有逾期，共 (\d+) 项", text).groups()
        assert int(late) == sum(bool(row.late) for row in found.rows if not row.own)
        assert int(items) == sum(row.late for row in found.rows)
    page = view(year, "committee_officer", f"?period={month.label}")
    assert text in page
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = re.findall(r'<td class="num">(\d+)</td>', body)
    assert sum(map(int, rows)) == found.total.missed


def test_a_branch_as_area_speaks_of_itself(year: Cast) -> None:
    found = seen(year, "committee_officer", Month(2026, 9), area=year.branch)
    assert [row.own for row in found.rows] == [True]
    assert conclusion(found).startswith(f"共 {found.total.missed} 项逾期")
    assert "个支部" not in conclusion(found)


def test_a_level_up_says_the_same(year: Cast, month: Month) -> None:
    """The county's row of the town is the town's own total; drilling down changes no number."""
    above = seen(year, "officer", month)
    row = next(row for row in above.rows if row.organisation == year.town)
    below = seen(year, "officer", month, area=year.town)
    assert (row.late, row.due) == (below.total.missed, below.total.due)
    per_item = {cell.item.key: cell.late for cell in row.by_item if cell.due or cell.late}
    assert per_item == {item.key: item.counts.missed for item in below.items if item.counts.due or item.counts.missed}
    branches = [row for row in below.rows if not row.own]
    assert (row.branches, row.late_branches) == (len(branches), sum(bool(one.late) for one in branches))


@pytest.mark.mechanism("M009")
def test_a_second_tier_stands_in_the_number_of_its_committee(year: Cast) -> None:
    """A committee below the town, with a branch below it: the town's row counts it, however deep."""
    general = _plant(year.town, "大营镇机关党总支", Kind.GENERAL_BRANCH, Sector.ORGAN)
    deep = _plant(general, "大营镇机关第一党支部", Kind.BRANCH, Sector.ORGAN)
    before = next(row for row in seen(year).rows if row.organisation == year.town)
    refresh()
    year.county.refresh_from_db()
    after = next(row for row in seen(year).rows if row.organisation == year.town)
    own = board(
        year.scope("officer"), Asked(month=NOVEMBER, area=Organisation.objects.unscoped("t").get(pk=general.pk))
    )
    assert [row.organisation for row in own.rows if not row.own] == [deep]
    assert after.due == before.due + own.total.due > before.due
    assert after.late == before.late + own.total.missed > before.late


def test_what_is_postponed_is_outside_the_denominator_and_the_page_says_so(year: Cast) -> None:
    before = seen(year, "committee_officer", Month(2026, 8))
    Waiver.objects.create(
        organisation=year.branch,
        rule="branch-life/theme-day",
        starts_on="2026-08-01",
        ends_on="2026-08-31",
        reason="汛期",
    )
    refresh([2026])
    after = seen(year, "committee_officer", Month(2026, 8))
    assert (after.total.due, after.total.missed) == (before.total.due - 1, before.total.missed - 1)
    assert after.total.exempt == before.total.exempt + 1
    row = next(row for row in after.rows if row.organisation == year.branch)
    cell = next(cell for cell in row.by_item if cell.item.key == "branch-life/theme-day")
    assert (cell.status, cell.due, cell.late) == ("extended", 0, 0)
    assert f"应办不含“不要求”和“缓办”的 {after.total.exempt} 项" in view(year, "committee_officer", "?period=2026-08")


def test_a_cell_is_the_computed_status_and_leads_to_its_reason(year: Cast) -> None:
    page = view(year, "committee_officer", "?period=2026-09")
    assert '<td class="cell st-late"><a href="/o/T004/why/branch-life/theme-day/2026-09/"' in page
    assert "大营镇槐树村党支部 主题党日 逾期 " in page


def test_the_present_month_shows_last_months_overdue_and_says_so(year: Cast) -> None:
    found = seen(year, "committee_officer")
    row = next(row for row in found.rows if row.organisation == year.branch)
    assert "county-branches/study" in {cell.item.key for cell in row.late_cells}  # none in October
    assert "连同 10 月到期还没有办的" in view(year, "committee_officer")
    assert "连同" not in view(year, "committee_officer", "?period=2026-10")


# --- choices ------------------------------------------------------------------------------------------------------


def test_only_late_hides_rows_and_changes_no_total(year: Cast) -> None:
    everything, late = seen(year, "committee_officer"), seen(year, "committee_officer", only_late=True)
    assert late.total == everything.total
    assert {row.organisation for row in late.rows} == {row.organisation for row in everything.rows if row.late}
    assert year.sister not in {row.organisation for row in late.rows}


def test_an_item_leads_and_orders(year: Cast) -> None:
    key = "branch-life/theme-day"
    found = seen(year, "officer", Month(2026, 9), area=year.town, item=key)
    assert found.columns[0].key == key
    lateness = [next(cell.late for cell in row.by_item if cell.item.key == key) for row in found.rows if not row.own]
    assert lateness == sorted(lateness, reverse=True)
    assert lateness[0] == 1


def test_every_item_can_be_reached(year: Cast) -> None:
    first = seen(year, "officer")
    columns = [item.key for part in range(first.parts) for item in seen(year, "officer", part=part).columns]
    assert sorted(columns) == sorted(item.key for item in first.items)
    assert all(len(seen(year, "officer", part=part).columns) <= 10 for part in range(first.parts))


def test_the_sector_filter_keeps_its_rows(year: Cast) -> None:
    Organisation.objects.unscoped("test").filter(pk=year.sister.pk).update(sector="community")
    found = seen(year, "committee_officer", sector="community")
    assert [row.organisation for row in found.rows] == [year.sister]
    page = view(year, "committee_officer", "?sector=community")
    assert "龙泉" in page
    assert "槐树" not in page


@pytest.mark.parametrize(
    "query",
    [
        "period=xx",
        "period=2026-99",
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "part=99",
        "part=-1",
        "part=x",
        "k=../..",
        "k=%27;drop",
        "k=none/none",
        "k=%00/%00",
        "only=%00",
        "sector=martian",
        "period=%00",
        "period=2026-11%0a",
        "k=" + "x" * 10_000,
        "page=" + "9" * 10_000,
        "period=" + "1" * 10_000,
    ],
)
@pytest.mark.parametrize("address", ["/board/", "/board/wall/", "/board/late/"])
def test_hostile_questions_are_answered(year: Cast, address: str, query: str) -> None:
    response = year.client("officer").get(f"{address}?{query}")
    assert response.status_code == 200
    assert len(response.content) < 200_000


@pytest.mark.parametrize("area", ["../", "%00", "T' OR 1=1", "x" * 10_000, "％", "_", "T00%25"])
def test_an_area_that_is_none_is_not_found(year: Cast, area: str) -> None:
    assert year.client("officer").get(f"/board/?area={area}").status_code == 404


def test_the_whole_state_is_in_the_address(year: Cast) -> None:
    page = view(year, "officer", f"?area={year.town.code}&period=2026-09&k=branch-life/theme-day&only=late")
    wall = re.search(r'href="(/board/wall/[^"]*)"', page).group(1)
    for part in (f"area={year.town.code}", "period=2026-09", "k=branch-life%2Ftheme-day", "only=late"):
        assert part in wall


# --- states of the page ----------------------------------------------------------------------------------------------


def test_nothing_evaluated_yet(year: Cast) -> None:
    Evaluation.objects.all().delete()
    assert "还没有计算过这一年的情况" in view(year)
    assert year.client("officer").get("/board/late/").status_code == 200
    assert year.client("officer").get("/board/export/").status_code == 200


def test_nothing_owed(year: Cast) -> None:
    Tally.objects.unscoped("test").all().delete()
    assert "本期还没有应办的事项" in view(year)


def test_old_numbers_say_their_age(year: Cast) -> None:
    assert "还没有重新计算" not in view(year)
    Evaluation.objects.filter(year=2026).update(as_of="2026-11-19")
    assert "还没有重新计算" in view(year)


def test_the_wall_renews_itself_and_has_a_way_out(year: Cast) -> None:
    page = view(year, to="/board/wall/")
    assert '<noscript><meta http-equiv="refresh" content="600"></noscript>' in page
    assert 'hx-trigger="every 600s"' in page
    assert "退出投屏" in page
    assert 'class="wall"' in page


def test_the_group_text_names_organisations_and_no_person(year: Cast) -> None:
    found = seen(year, "committee_officer")
    text = group_text(found, "https://zhibu.example/board/")
    assert "大营镇槐树村党支部" in text
    assert "https://zhibu.example/board/?area=T002&period=2026-11" in text
    assert "李某" not in text
    assert "0999" not in text
    assert "复制到微信群" in view(year, "committee_officer")


# --- export --------------------------------------------------------------------------------------------------------


def sheet_of(year: Cast, who: str, query: str = "") -> tuple[openpyxl.worksheet.worksheet.Worksheet, str]:
    response = year.client(who).get(f"/board/export/{query}")
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content)).active, response["Content-Disposition"]


def test_the_workbook_is_the_table(year: Cast) -> None:
    sheet, name = sheet_of(year, "committee_officer", "?period=2026-09")
    found = seen(year, "committee_officer", Month(2026, 9))
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == len(found.rows) + 1
    assert [row[1] for row in rows[:-1]] == [row.organisation.code for row in found.rows]
    assert sum(row[4] for row in rows[:-1]) == rows[-1][4] == found.total.missed
    assert "期次：2026 年 9 月" in sheet["A2"].value
    assert "应办不含" in sheet["A2"].value
    assert "%E6%8C%82%E5%9B%BE%E4%BD%9C%E6%88%98_2026-09_2026-11-21.xlsx" in name


def test_no_cell_is_a_formula(year: Cast) -> None:
    Organisation.objects.unscoped("test").filter(pk=year.branch.pk).update(name='=HYPERLINK("http://x")', short_name="")
    sheet, _ = sheet_of(year, "committee_officer")
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == '=HYPERLINK("http://x")' and cell.data_type == "s" for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_taking_it_away_leaves_a_line(year: Cast) -> None:
    sheet_of(year, "committee_officer")
    line = Line.objects.unscoped("test").filter(action="board.export").latest("pk")
    assert line.organisation_name == year.town.name
    assert line.user == year.posts["committee_officer"].user


# --- cost ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/board/", "/board/wall/", "/board/export/", "/board/late/", "/board/late/?by=item"]
)
def test_queries_do_not_grow_with_the_county(year: Cast, address: str) -> None:
    client = year.client("committee_officer")
    client.get(address)
    with CaptureQueriesContext(connection) as small:
        client.get(address)
    crowd(year, 60)
    with CaptureQueriesContext(connection) as big:
        client.get(address)
    assert len(big) == len(small) <= 22


def test_no_page_has_more_than_fifty_rows(year: Cast) -> None:
    crowd(year, 60)
    assert view(year, "committee_officer").count('<th scope="row">') <= 52  # 本级 and 合计 beside them


def test_each_month_has_an_answer(year: Cast) -> None:
    for month in choices(TODAY):
        found = seen(year, "officer", month)
        assert replace(found.asked).month == month
