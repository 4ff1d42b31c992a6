"""The pages of a score and of a verdict: their printed lines, and who sees the reasons of a grade."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from zhibu.web.assessment.models import Score
from zhibu.web.conftest import Cast
from zhibu.web.pipeline.tests.test_explained import given
from zhibu.web.regulations.models import Waiver

pytestmark = pytest.mark.django_db


def page(year: Cast, who: str, part: str = "") -> str:
    response = year.client(who).get(f"/o/{year.branch.code}/{part}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_lines_on_the_page_sum_to_the_published_total(year: Cast) -> None:
    given(year.branch)
    text = page(year, "secretary")
    shares = text[text.index('id="shares"') : text.index("</table>", text.index('id="shares"'))]
    amounts = [Decimal(one.replace("−", "-")) for one in re.findall(r"data-amount>([−\d.]+)<", shares)]
    total = re.search(r'id="shares-total">([\d.]+)<', shares)
    assert total and len(amounts) > 20
    assert sum(amounts) == Decimal(total[1]) == Decimal(str(Score.objects.unscoped("test").get(
        organisation=year.branch, year=2026).total)).quantize(Decimal("0.01"))  # fmt: skip
    assert "合计超过上限 5 分，只计一部分" in shares and "不在评价区间" in shares


def test_the_reasons_of_a_grade_are_for_the_supervising_level(year: Cast) -> None:
    assert 'id="rungs"' in page(year, "officer") and "分以上" in page(year, "officer")
    assert 'id="rungs"' not in page(year, "secretary")


def test_a_verdict_says_what_it_is_worth_and_which_waiver_does_not_cover_it(year: Cast) -> None:
    rule = "branch-life/committee-meeting"
    Waiver.objects.create(
        organisation=year.branch, rule=rule, starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 27), reason="抗洪"
    )
    text = page(year, "secretary", f"why/{rule}/2026-02/")
    assert re.search(r'id="shares"><li>组织生活：值 \d+\.\d{4} 分，得 0\.0000 分', text)
    assert "缓办从 2026-02-01 到 2026-02-27，不含这一期的最后一天 2026-02-28" in text
