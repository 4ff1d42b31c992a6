"""督办台: who is late with what, the worst first; the same duties by organisation, by item, in text and workbook."""

from __future__ import annotations

import io

import openpyxl
import pytest

from zhibu.web.assessment.models import Proposal
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.dashboards.late import Asked, Late, late
from zhibu.web.dashboards.late_words import conclusion, group_text
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import late_on
from zhibu.web.organisations.models import Organisation

pytestmark = pytest.mark.django_db
SEES = {"officer": 200, "committee_officer": 200, "leader": 403, "secretary": 403, "member": 403, "auditor": 403}


def seen(cast: Cast, who: str = "committee_officer", **asked: object) -> Late:
    area = cast.county if who == "officer" else cast.town
    return late(cast.scope(who), Asked(**{"area": area, "year": 2026, **asked}))


def view(year: Cast, query: str = "", who: str = "committee_officer") -> str:
    response = year.client(who).get(f"/board/late/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("who", "status"), SEES.items())
def test_the_cast(year: Cast, who: str, status: int) -> None:
    assert year.client(who).get("/board/late/").status_code == status


def test_both_groupings_count_the_same_duties(year: Cast) -> None:
    for who in ("officer", "committee_officer"):
        rows, by_item = seen(year, who), seen(year, who, by="item").by_item
        assert sum(len(row.duties) for row in rows.rows) == sum(one.duties for one in by_item) == rows.duties
        assert len(rows.rows) == rows.organisations
        inside = Verdict.objects.within(year.scope(who)).filter(late_on(TODAY), deadline__year=2026)
        assert inside.count() == rows.duties


def test_the_worst_come_first(year: Cast) -> None:
    order = [(len(row.duties), row.days) for row in seen(year).rows]
    assert order == sorted(order, reverse=True)
    page = view(year)
    worst = [row.organisation.name for row in seen(year).rows[:3]]
    assert sorted(page.index(f">{name}</a>") for name in worst) == [page.index(f">{name}</a>") for name in worst]


def test_a_row_says_who_what_how_long_and_whom_to_call(year: Cast) -> None:
    page = view(year, "?k=branch-life/theme-day")
    assert f'<a href="/o/{year.branch.code}/">大营镇槐树村党支部</a>' in page
    assert "书记 李某" in page
    assert '<a href="tel:0999-5551234">0999-5551234</a>' in page
    verdict = Verdict.objects.unscoped("t").get(organisation=year.branch, rule="theme-day", period="2026-08")
    assert f"8 月主题党日 逾期 {(TODAY - verdict.deadline).days} 天" in page


def test_a_step_is_a_proposal(year: Cast) -> None:
    """What the engine proposes is shown; nothing on the page carries it out."""
    Proposal.objects.unscoped("t").filter(organisation=year.branch).delete()
    Proposal.objects.create(
        organisation=year.branch,
        year=2026,
        rulebook="branch-life",
        rule="theme-day",
        run=2,
        step="警告",
        since="2026-08-01",
    )
    page = view(year)
    assert "建议警告：“主题党日”连续 2 期没有办。" in page
    assert "由人决定" in page
    assert 'method="post" action="/board' not in page


def test_one_item(year: Cast) -> None:
    found = seen(year, item="branch-life/theme-day")
    assert found.rows[0].organisation == year.branch
    assert {duty.verdict.rule for row in found.rows for duty in row.duties} == {"theme-day"}


def test_nothing_overdue_says_so_and_stops(year: Cast) -> None:
    Verdict.objects.unscoped("t").filter(late_on(TODAY)).delete()
    soon = seen(year).soon
    assert conclusion(seen(year)) == f"没有逾期。7 天内到期 {soon} 件"
    page = view(year)
    assert f"没有逾期。7 天内到期 {soon} 件" in page
    assert "导出所见" not in page
    assert group_text(seen(year), "x") == ""


def test_last_year_is_a_choice(year: Cast) -> None:
    this, last = seen(year), seen(year, year=2025)
    assert {duty.verdict.deadline.year for row in this.rows for duty in row.duties} == {2026}
    assert not last.rows or {duty.verdict.deadline.year for row in last.rows for duty in row.duties} == {2025}
    assert "2025 年到期的事项" in view(year, "?year=2025")
    assert "2026 年到期的事项" in view(year, "?year=1066")


def test_the_group_text_has_no_persons(year: Cast) -> None:
    text = group_text(seen(year), "https://zhibu.example/board/late/")
    assert "大营镇槐树村党支部：" in text
    assert "李某" not in text
    assert "0999" not in text
    assert text.splitlines()[-1] == f"https://zhibu.example/board/late/?area={year.town.code}"


def test_the_workbook_has_a_line_for_each_duty(year: Cast) -> None:
    Organisation.objects.unscoped("t").filter(pk=year.branch.pk).update(secretary_name="=1+1")
    response = year.client("committee_officer").get("/board/late/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == seen(year).duties
    assert "=1+1" in {row[7] for row in rows}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert "年度：2026" in sheet["A2"].value


def test_a_term_that_ran_out_last_year_stays_on_the_list(year: Cast) -> None:
    last_year = Verdict.objects.unscoped("test").filter(organisation=year.branch, year=2025, rule="theme-day")
    before = seen(year).duties
    last_year.filter(period="2025-03").update(
        rule="village-branch-term", period="2020-03-28..2025-03-27", ends_on="2025-03-27", deadline="2025-03-27"
    )
    assert seen(year).duties == before + 1
    assert seen(year, year=2025).duties >= 1
