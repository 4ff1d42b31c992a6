"""An officer: which three branches are worst and why; where is it red; from the county down to one verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhibu.web.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [375, 1366])
def test_the_worst_branches_stand_first_with_what_they_missed(
    county: Cast, open_page: Callable[..., Any], width: int
) -> None:
    page = open_page("/board/late/", county.client("committee_officer"), width)
    names = page.locator("main a[href^='/o/']").all_inner_texts()
    assert names[0] == county.sister.name  # it stopped in June
    first = page.locator("main").inner_text().split(county.branch.name)[0]
    assert "主题党日" in first and "逾期" in first
    assert county.neighbour.name not in page.content()


@pytest.mark.mechanism("M364")
def test_from_the_county_to_one_verdict(county: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page("/board/?period=2026-10", county.client("officer"))
    page.locator("main table a", has_text="大营镇").first.click()
    assert county.sister.name in page.locator("main table").inner_text()
    page.locator("main table a", has_text=county.sister.name).first.click()
    page.wait_for_url(f"**/o/{county.sister.code}/**")
    body = page.locator("main").inner_text()
    assert "主题党日" in body and "中国共产党支部工作条例" in page.content()


def test_the_board_reads_without_script_and_says_its_sums(county: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page("/board/?period=2026-10", county.client("officer"), java_script_enabled=False)
    assert page.locator("main table th[scope=row]").count() >= 2
    assert "逾期" in page.locator("main").inner_text()
